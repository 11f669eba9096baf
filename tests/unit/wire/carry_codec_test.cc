// Carry files; also defines the sample of wire_testing.h.
#include "wire/carry_codec.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schemas/carry.capnp.h"
#include "seal/carry_seal.h"
#include "seal/hash.h"
#include "tests/unit/wire/wire_testing.h"
#include "wire/describe.h"
#include "wire/frame_codec.h"

namespace minqing::wire {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Address kOffice = Address::of("330824");

/// The frame as version 1 wrote it: a carry file holds bytes, not today's encoding of them.
Bytes golden_frame() {
  const std::filesystem::path path =
      std::filesystem::path{MINQING_SOURCE_DIR} / "schemas" / "golden" / "v1" / "frame.bin";
  std::ifstream in{path, std::ios::binary};
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>{in}, {}};
}

seal::Hash hash_of(const CarryPart& part) {
  return seal::hash({carry_prefix(part), part.frame});
}

}  // namespace

CarryPart sample_carry_part(bool is_signed) {
  CarryPart out;
  out.network = "quzhou";
  out.authority = seal::signing_keys(41).public_key();
  out.maker = is_signed ? "kaihua" : "broker-1";
  if (is_signed) out.life = test_id<LifeId>(31);
  out.directory = {7};
  out.made_at = from_micros(1'795'507'200'123'456);
  out.frame = golden_frame();
  out.hash = CarryHash{hash_of(out)};
  if (!is_signed) return out;
  const seal::SigningKeys keys = seal::signing_keys(11);
  out.signer = kOffice;
  out.key = keys.id();
  out.signature = seal::sign_carry(keys, kOffice, out.hash.bytes);
  return out;
}

namespace {

TEST(CarryCodec, PartsComeBackInTheirOrder) {
  const std::vector<CarryPart> parts{sample_carry_part(true), sample_carry_part(false)};
  const auto back = decode_carry(*encode_carry(parts));
  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_THAT(*back, ElementsAre(parts[0], parts[1]));
}

TEST(CarryCodec, EveryFieldIsUnderTheHash) {
  const CarryPart good = sample_carry_part(true);
  const auto changes = [](CarryPart part, const std::function<void(CarryPart&)>& change) {
    const seal::Hash before = hash_of(part);
    change(part);
    return hash_of(part) != before;
  };
  EXPECT_TRUE(changes(good, [](CarryPart& p) { p.network = "quzhou2"; }));
  EXPECT_TRUE(changes(good, [](CarryPart& p) { p.authority.bytes[0] ^= 1U; }));
  EXPECT_TRUE(changes(good, [](CarryPart& p) { p.maker = "kaihub"; }));
  EXPECT_TRUE(changes(good, [](CarryPart& p) { p.life.bytes[0] ^= 1U; }));
  EXPECT_TRUE(changes(good, [](CarryPart& p) { p.directory = {8}; }));
  EXPECT_TRUE(changes(good, [](CarryPart& p) { p.made_at += Micros{1}; }));
  EXPECT_TRUE(changes(good, [](CarryPart& p) { p.frame.back() ^= 1U; }));
}

TEST(CarryCodec, TheSignatureIsOfOneAddressKeyAndHash) {
  const CarryPart good = sample_carry_part(true);
  const PublicKey key = seal::signing_keys(11).public_key();
  EXPECT_TRUE(seal::verify_carry(key, kOffice, good.hash.bytes, good.signature));
  EXPECT_FALSE(seal::verify_carry(key, Address::of("330825"), good.hash.bytes, good.signature));
  EXPECT_FALSE(seal::verify_carry(seal::signing_keys(12).public_key(), kOffice, good.hash.bytes,
                                  good.signature));
  CarryHash other = good.hash;
  other.bytes[31] ^= 1U;
  EXPECT_FALSE(seal::verify_carry(key, kOffice, other.bytes, good.signature));
}

TEST(CarryCodec, FaultsNameThePart) {
  const Bytes good = *encode_carry({sample_carry_part(true), sample_carry_part(false)});
  const auto error_after = [&](const std::function<void(schema::CarryPart::Builder)>& change) {
    const auto decoded = decode_carry(changed<schema::CarryFile>(
        good, [&](schema::CarryFile::Builder file) { change(file.getParts()[1]); }));
    EXPECT_FALSE(decoded);
    return decoded ? Error{} : decoded.error();
  };
  const Error no_frame = error_after([](auto part) { part.initFrame(0); });
  EXPECT_EQ(no_frame.code, Errc::kCorrupt);
  EXPECT_THAT(no_frame.detail, HasSubstr("part 2 of 2: frame: empty"));
  EXPECT_THAT(error_after([](auto part) { part.initHash(31); }).detail, HasSubstr("hash"));
  EXPECT_THAT(error_after([](auto part) { part.setMaker("a\nb"); }).detail, HasSubstr("maker"));
  EXPECT_THAT(error_after([](auto part) { part.setSigner("330824"); }).detail,
              HasSubstr("all there or all empty"));
  EXPECT_THAT(error_after([](auto part) { part.initAuthority(0); }).detail, HasSubstr("authority"));
}

TEST(CarryCodec, AnotherVersionTypeOrACutFileIsRefused) {
  const Bytes good = *encode_carry({sample_carry_part(true)});
  const auto newer = decode_carry(changed<schema::CarryFile>(
      good, [](schema::CarryFile::Builder file) { file.setVersion(2); }));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, Errc::kInvalid);
  EXPECT_THAT(newer.error().detail, HasSubstr("update the program"));
  EXPECT_EQ(decode_carry(golden_frame()).error().code, Errc::kCorrupt);
  EXPECT_EQ(decode_carry(ByteView{good}.first(good.size() - 8)).error().code, Errc::kCorrupt);
  EXPECT_EQ(decode_carry(ByteView{good}.first(good.size() - 3)).error().code, Errc::kCorrupt);
  EXPECT_EQ(decode_carry(changed<schema::CarryFile>(
                             good, [](schema::CarryFile::Builder file) { file.initParts(0); }))
                .error()
                .code,
            Errc::kCorrupt);
}

TEST(CarryCodec, DescribeShowsWhoCarriesWhatAndNoContent) {
  const auto text = describe(*encode_carry({sample_carry_part(true)}));
  ASSERT_TRUE(text) << text.error().detail;
  EXPECT_THAT(*text, HasSubstr("\"is\": \"carry file\""));
  EXPECT_THAT(*text, HasSubstr("\"maker\": \"kaihua\""));
  EXPECT_THAT(*text, HasSubstr("\"signer\": \"330824\""));
  EXPECT_THAT(*text, HasSubstr("\"to\": \"housing@330824\""));
  EXPECT_THAT(*text, Not(HasSubstr("电梯")));
}

}  // namespace
}  // namespace minqing::wire
