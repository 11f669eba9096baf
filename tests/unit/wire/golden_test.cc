// Golden encodings: what an earlier program wrote, today's reads to the same value; what today's
// writes is the newest file of that name, byte for byte. Fields that are added later give a message
// a newer file (in v2, v3 ...) beside the older ones.
// MINQING_REGENERATE_GOLDEN=1 writes files that are *missing* (into the newest folder, when the
// encoding differs from every older file); an existing one is never changed.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/wire/wire_testing.h"
#include "wire/body_codec.h"
#include "wire/carry_codec.h"
#include "wire/describe.h"
#include "wire/frame_codec.h"
#include "wire/header_codec.h"
#include "wire/keep_codec.h"
#include "wire/receipt_codec.h"
#include "wire/refill_codec.h"

namespace minqing::wire {
namespace {

const std::filesystem::path kGolden =
    std::filesystem::path{MINQING_SOURCE_DIR} / "schemas" / "golden";
const std::filesystem::path kFolders[] = {kGolden / "v1", kGolden / "v2"};

constexpr std::string_view kSealedLeaf =
    "76598aaa207d013dfef50402c607922d25c80bbde891e09797578bed87fde106";

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  EXPECT_TRUE(in) << path << " is missing";
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Every file of that name, the newest last.
std::vector<Bytes> golden(const std::string& name, const Bytes& today) {
  std::vector<Bytes> all;
  for (const auto& folder : kFolders) {
    const auto path = folder / (name + ".bin");
    if (std::filesystem::exists(path)) all.push_back(read_file(path));
  }
  const bool is_missing = all.empty() || all.back() != today;
  if (is_missing && std::getenv("MINQING_REGENERATE_GOLDEN") != nullptr &&
      !std::filesystem::exists(kFolders[1] / (name + ".bin"))) {
    std::ofstream out{kFolders[1] / (name + ".bin"), std::ios::binary};
    out.write(reinterpret_cast<const char*>(today.data()),
              static_cast<std::streamsize>(today.size()));
    all.push_back(today);
  }
  EXPECT_FALSE(all.empty()) << name << " is missing";
  return all;
}

/// `reads`: a file of the message's type says what the sample says.
void expect_golden(const std::string& name,
                   const Bytes& today,
                   MessageType type,
                   const std::function<void(const Bytes&)>& reads) {
  const std::vector<Bytes> all = golden(name, today);
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(to_hex(all.back()), to_hex(today)) << name << ": the encoding has changed";
  for (const Bytes& stored : all) {
    EXPECT_EQ(type_of(stored), type) << name;
    reads(stored);
  }
}

TEST(Golden, Header) {
  expect_golden(
      "header", encode_header(sample_header(1'234)), MessageType::kHeader,
      [](const Bytes& stored) { EXPECT_EQ(*decode_header(stored), sample_header(1'234)); });
}

TEST(Golden, Bodies) {
  const std::pair<const char*, casework::Body> samples[] = {
      {"body_assist_request", sample_request()},
      {"body_assist_reply", sample_final()},
      {"body_undeliverable", sample_notice()},
      {"body_risk_result", sample_risk_result()},
  };
  for (const auto& [name, body] : samples) {
    expect_golden(name, *encode_body(body), MessageType::kBody,
                  [&body = body](const Bytes& stored) { EXPECT_EQ(*decode_body(stored), body); });
  }
}

TEST(Golden, SealedEnvelope) {
  const Ends ends;
  seal::TestRandom nonces{61};
  const Bytes today = seal_sample(ends, sample_request(), nonces);
  expect_golden("sealed_envelope", today, MessageType::kSealedEnvelope, [&](const Bytes& stored) {
    seal::Verifier verifier;
    const auto opened = open_sample(ends, stored, verifier);
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(*decode_body(opened->content.body), sample_request());
    if (stored != read_file(kFolders[0] / "sealed_envelope.bin")) return;
    // The hash that both logs hold: it stands for the leaf's definition itself.
    EXPECT_EQ(opened->leaf.hex(), kSealedLeaf);
  });
  seal::Verifier verifier;
  const auto opened = open_sample(ends, read_file(kFolders[0] / "sealed_envelope.bin"), verifier);
  ASSERT_TRUE(opened) << opened.error().detail;
  const Bytes signature = encode_signature(opened->content.signature);
  expect_golden("signature", signature, MessageType::kSignature, [&](const Bytes& stored) {
    EXPECT_EQ(*decode_signature(stored), opened->content.signature);
  });
}

TEST(Golden, Receipt) {
  expect_golden("receipt", encode_receipt(sample_receipt()), MessageType::kReceipt,
                [](const Bytes& stored) { EXPECT_EQ(*decode_receipt(stored), sample_receipt()); });
}

TEST(Golden, Frame) {
  seal::TestRandom nonces{62};
  const Bytes today = encode_frame(sample_frame(Ends{}, nonces));
  expect_golden("frame", today, MessageType::kFrame, [](const Bytes& stored) {
    const auto decoded = decode_frame(stored);
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(decoded->bad_items.empty());
    EXPECT_EQ(decoded->frame.envelopes.size(), 2U);
    EXPECT_EQ(decoded->frame.forks.size(), 1U);
  });
}

TEST(Golden, Refilling) {
  expect_golden(
      "refill_ask", encode_refill_ask(sample_refill_ask()), MessageType::kRefillAsk,
      [](const Bytes& stored) { EXPECT_EQ(*decode_refill_ask(stored), sample_refill_ask()); });
  expect_golden(
      "refill_page", encode_refill_page(sample_refill_page()), MessageType::kRefillPage,
      [](const Bytes& stored) { EXPECT_EQ(*decode_refill_page(stored), sample_refill_page()); });
}

TEST(Golden, KeepRecord) {
  expect_golden(
      "keep_record", encode_keep_record(sample_keep_record()), MessageType::kKeepRecord,
      [](const Bytes& stored) { EXPECT_EQ(*decode_keep_record(stored), sample_keep_record()); });
}

TEST(Golden, Directories) {
  const Bytes oldest = read_file(kFolders[0] / "directory.bin");
  expect_golden("directory", *encode_directory(sample_directory()), MessageType::kDirectory,
                [&](const Bytes& stored) {
                  Directory::Content expected = sample_directory();
                  // Directories of before had no recovery keys.
                  if (stored == oldest) expected.addresses[1].recovery = {};
                  EXPECT_EQ(*encode_directory(decode_directory(stored)->content()),
                            *encode_directory(expected));
                });
  expect_golden("signed_directory", encode_signed_directory(sample_signed_directory()),
                MessageType::kSignedDirectory,
                [](const Bytes& stored) { EXPECT_TRUE(decode_signed_directory(stored)); });
}

TEST(Golden, CarryFile) {
  expect_golden("carry_file", *encode_carry({sample_carry_part(true), sample_carry_part(false)}),
                MessageType::kCarryFile, [](const Bytes& stored) {
                  const auto parts = decode_carry(stored);
                  ASSERT_TRUE(parts) << parts.error().detail;
                  EXPECT_THAT(*parts, testing::ElementsAre(sample_carry_part(true),
                                                           sample_carry_part(false)));
                });
}

TEST(Describe, TellsEveryGoldenFileApart) {
  std::size_t files = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator{kGolden}) {
    if (!file.is_regular_file()) continue;
    const Bytes bytes = read_file(file.path());
    const auto text = describe(bytes);
    ASSERT_TRUE(text) << file.path() << ": " << text.error().detail;
    EXPECT_THAT(*text, testing::HasSubstr(to_string(*type_of(bytes)))) << file.path();
    ++files;
  }
  EXPECT_GE(files, 15U);
}

TEST(Describe, ShowsWhatAPersonLooksFor) {
  const auto body = describe(*encode_body(sample_request()));
  ASSERT_TRUE(body);
  EXPECT_THAT(*body, testing::HasSubstr("\"kindCode\": \"ASSIST_REQUEST\""));
  EXPECT_THAT(*body, testing::HasSubstr("3 幢电梯停运三天。\\n请协助。"));
  seal::TestRandom nonces{1};
  const auto sealed = describe(seal_sample(Ends{}, sample_request(), nonces));
  ASSERT_TRUE(sealed);
  EXPECT_THAT(*sealed, testing::HasSubstr("\"to\": \"housing@330824\""));
  EXPECT_THAT(*sealed, testing::Not(testing::HasSubstr("电梯")));
}

TEST(Describe, RefusesWhatIsNoMessage) {
  EXPECT_EQ(describe({}).error().code, Errc::kInvalid);
  EXPECT_EQ(describe(bytes_of("hello, world ...")).error().code, Errc::kInvalid);
  EXPECT_EQ(describe(Bytes(64, 0)).error().code, Errc::kInvalid);
  Bytes header = encode_header(sample_header(1));
  header.resize(header.size() + 8);
  EXPECT_FALSE(describe(header));
}

}  // namespace
}  // namespace minqing::wire
