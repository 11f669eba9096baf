// The whole way of an envelope; also defines the samples of wire_testing.h.
#include <gtest/gtest.h>

#include "core/limits.h"
#include "core/uuid7.h"
#include "seal/directory_seal.h"
#include "seal/hash.h"
#include "seal/leaf.h"
#include "seal/signer.h"
#include "tests/unit/wire/wire_testing.h"
#include "wire/body_codec.h"
#include "wire/frame_codec.h"
#include "wire/header_codec.h"
#include "wire/receipt_codec.h"

namespace minqing::wire {

using casework::Body;
using casework::Kind;
using casework::Role;

namespace {

constexpr std::int64_t kSentAt = 1'795'507'200'123'456;  // 2026-11-24
const Address kEnvelopeOffice = Address::of("330824");
const Address kHousing = Address::of("housing@330824");

MessageId message_id(std::string_view text) {
  return *parse_uuid(text);
}
const MessageId kRequestId = message_id("019ab4f0-5a00-7abc-8def-000000000001");

KeyEntry key_entry(const PublicKey& key, EntryState state) {
  return {.id = seal::key_id_of(key), .key = key, .state = state, .since = from_micros(kSentAt)};
}

AddressEntry entry(const char* address, const char* zh, const char* en) {
  AddressEntry out;
  out.address = Address::of(address);
  out.name_zh = zh;
  out.name_en = en;
  return out;
}

}  // namespace

Body sample_request() {
  Body body;
  body.kind = Kind::kAssistRequest;
  body.loop = kRequestId;
  body.relay_of = message_id("019ab4f0-5a00-7abc-8def-000000000009");
  seal::TestRandom random{21};
  body.case_id = CaseId::make("330824", from_micros(kSentAt), random);
  body.reply_by = from_micros(kSentAt + 86'400'000'000);
  body.author = {.role = Role::kDispatcher, .staff = "d-017"};
  body.content.title = "电梯停运";
  body.content.text = "3 幢电梯停运三天。\n请协助。";
  body.content.category = "0305";
  body.content.area = "330824115201";
  body.content.duty = "ASSIST";
  body.content.respondents = {kHousing};
  body.attachments = {test_id<AttachmentHash>(22), test_id<AttachmentHash>(23)};
  return body;
}

Body sample_final() {
  Body body;
  body.kind = Kind::kAssistReply;
  body.loop = kRequestId;
  body.in_reply_to = kRequestId;
  body.request_leaf = test_id<Leaf>(24);
  body.case_id = sample_request().case_id;
  body.author = {.role = Role::kHandler, .staff = "h-3"};
  body.content.text = "已修复。";
  body.content.outcome = "SUPPORTED";
  body.content.solved = "SOLVED";
  return body;
}

Body sample_notice() {
  Body body;
  body.kind = Kind::kUndeliverable;
  body.content.code = "not-allowed";
  body.content.about = kRequestId;
  body.content.padding = {1, 2, 3};
  return body;
}

Body sample_risk_result() {
  Body body = sample_final();
  body.kind = Kind::kRiskResult;
  body.content = {};
  body.content.found = 3;
  body.content.asked = {Address::of("330824115201"), Address::of("330824115202")};
  body.content.silent = {Address::of("330824115202")};
  body.content.answers = {{.from = Address::of("330824115201"), .found = 3, .text = "三处\t隐患"}};
  return body;
}

Header sample_header(std::size_t body_bytes) {
  Header header;
  header.id = kRequestId;
  header.from = kEnvelopeOffice;
  header.to = kHousing;
  header.lane = Lane::kUrgent;
  header.side = Side::kAsk;
  header.cls = MessageClass::kRequest;
  header.stamp = {42};
  header.sent_at = from_micros(kSentAt);
  header.directory = {7};
  header.body_bytes = static_cast<std::uint32_t>(body_bytes);
  return header;
}

Transport sample_transport() {
  return {.life = test_id<LifeId>(31), .seq = {5}};
}

courier::Receipt sample_receipt() {
  return {.stream = {.from = kEnvelopeOffice,
                     .to = kHousing,
                     .lane = Lane::kUrgent,
                     .side = Side::kAsk,
                     .life = test_id<LifeId>(31)},
          .receiver_life = test_id<LifeId>(32),
          .seq = {5},
          .leaf = test_id<Leaf>(33)};
}

Directory::Content sample_directory() {
  const Ends ends;
  Directory::Content out;
  out.network = "quzhou";
  out.version = {7};
  out.issued_at = from_micros(kSentAt);
  out.expires_at = from_micros(kSentAt + 30 * 86'400'000'000);
  out.authority = seal::signing_keys(41).public_key();
  out.nodes = {{.name = "kaihua", .transport = seal::sealing_keys(42).public_key()},
               {.name = "housing.kaihua", .transport = {}, .state = EntryState::kSuspended}};
  out.addresses = {entry("3308", "衢州市", "Quzhou"), entry("330824", "开化县", "Kaihua"),
                   entry("housing@330824", "住建局", "Housing")};
  out.addresses[1].node = "kaihua";
  out.addresses[1].signing = {key_entry(seal::signing_keys(10).public_key(), EntryState::kRetired),
                              key_entry(ends.signing.public_key(), EntryState::kActive)};
  out.addresses[1].sealing = {key_entry(ends.sender.public_key(), EntryState::kActive)};
  out.addresses[2].kind = OrgKind::kInstitution;
  out.addresses[2].state = EntryState::kDissolved;
  out.addresses[2].successor = kEnvelopeOffice;
  out.addresses[2].keeper = Address::of("3308");
  out.addresses[1].recovery = seal::sealing_keys(43).public_key();
  out.duties = {{.category = "03",
                 .area = "330824",
                 .lead = kHousing,
                 .assists = {kEnvelopeOffice},
                 .priority = -2,
                 .valid_from = from_micros(kSentAt),
                 .valid_to = {},
                 .reason = "职责清单"}};
  out.links = {{.a = kEnvelopeOffice, .b = kHousing}};
  out.categories = {{.code = "03", .name_zh = "住房", .name_en = "Housing", .sealed = true}};
  return out;
}

SignedDirectory sample_signed_directory() {
  const seal::SigningKeys authority = seal::signing_keys(41);
  SignedDirectory out;
  out.directory = *encode_directory(sample_directory());
  out.key = authority.id();
  out.signature = seal::sign_directory(authority, out.directory);
  return out;
}

Bytes seal_sample(const Ends& ends, const Body& body, Random& nonces) {
  const Bytes body_bytes = *encode_body(body);
  const Header header = sample_header(body_bytes.size());
  const Bytes header_bytes = encode_header(header);
  const auto salt = test_id<Salt>(34);
  std::vector<Leaf> leaves{test_id<Leaf>(35), test_id<Leaf>(36),
                           seal::leaf_of(header_bytes, salt, body_bytes), test_id<Leaf>(37),
                           test_id<Leaf>(38)};
  const Signature signature = seal::sign_leaves(ends.signing, header.from, leaves)[2];
  const Bytes content = encode_box_content({.transport = sample_transport(),
                                            .prior = test_id<Leaf>(39),
                                            .salt = salt,
                                            .body = body_bytes,
                                            .signature = signature});
  seal::Boxes boxes{nonces};
  return *encode_sealed({.header = header_bytes,
                         .transport = sample_transport(),
                         .receiver_key = ends.receiver.id(),
                         .sender_key = ends.sender.id(),
                         .box = *boxes.seal(seal::BoxPurpose::kEnvelope, ends.sender,
                                            ends.receiver.public_key(), content)});
}

Result<Opened> open_sample(const Ends& ends, ByteView sealed, seal::Verifier& verifier) {
  Opened out;
  ASSIGN_OR_RETURN(const SealedParts parts, decode_sealed(sealed));
  ASSIGN_OR_RETURN(out.header, decode_header(parts.header));
  out.transport = parts.transport;
  if (parts.receiver_key != ends.receiver.id() || parts.sender_key != ends.sender.id()) {
    return Error{Errc::kCorrupt, "no such keys here"};
  }
  seal::TestRandom unused{0};
  seal::Boxes boxes{unused};
  ASSIGN_OR_RETURN(const Bytes content, boxes.open(seal::BoxPurpose::kEnvelope, ends.receiver,
                                                   ends.sender.public_key(), parts.box));
  ASSIGN_OR_RETURN(out.content, decode_box_content(content, out.header, parts.transport));
  out.leaf = seal::leaf_of(parts.header, out.content.salt, out.content.body);
  RETURN_IF_ERROR(
      verifier.verify(out.leaf, out.content.signature, out.header.from, ends.signing.public_key()));
  RETURN_IF_ERROR(decode_body(out.content.body));
  return out;
}

courier::Frame sample_frame(const Ends& ends, Random& nonces) {
  const courier::Receipt receipt = sample_receipt();
  seal::Boxes boxes{nonces};
  const courier::BoxedReceipt boxed{
      .clear = receipt,
      .receiver_key = ends.receiver.id(),
      .sender_key = ends.sender.id(),
      .box = *boxes.seal(seal::BoxPurpose::kReceipt, ends.receiver, ends.sender.public_key(),
                         encode_receipt(receipt))};
  courier::Frame frame;
  frame.lane = Lane::kUrgent;
  frame.hello = courier::Hello{"kaihua", "minqing-node 0.1.0", test_id<LifeId>(31), {7}};
  frame.welcome =
      courier::Welcome{"broker-1", "minqing-broker 0.1.0", 9, {7}, from_micros(kSentAt)};
  frame.ping = courier::Ping{1};
  frame.pong = courier::Pong{0};
  frame.reset = courier::Reset{};
  frame.goodbye = courier::Goodbye{"维护 maintenance"};
  frame.session_refused = courier::SessionRefused{courier::RefusalCode::kRevoked, "two\nlines"};
  frame.directory = courier::DirectoryOffer{encode_signed_directory(sample_signed_directory())};
  frame.credits = {{Lane::kBulk, Side::kAnswer, 2'048, 1'000'000}};
  frame.spent = {{Lane::kUrgent, Side::kAsk, 3, 900}};
  frame.envelopes = {*read_sealed(seal_sample(ends, sample_request(), nonces)),
                     *read_sealed(seal_sample(ends, sample_final(), nonces))};
  frame.receipts = {boxed};
  frame.resumes = {boxed, boxed};
  frame.resumes[1].clear.seq = {};
  frame.resumes[1].clear.leaf = {};
  frame.cannot_opens = {{receipt.stream, {6}, {ends.receiver.id(), ends.sender.id()}, {8}}};
  frame.forks = {{receipt.stream, {6}, test_id<Leaf>(51), frame.receipts.front()}};
  frame.refill_asks = {{.from = Address::of("housing@330824"),
                        .to = Address::of("330824"),
                        .from_key = test_id<KeyId>(71),
                        .to_key = test_id<KeyId>(72),
                        .box = Bytes(40, 4)}};
  frame.refill_pages = frame.refill_asks;
  std::swap(frame.refill_pages[0].from, frame.refill_pages[0].to);
  frame.refusals = {{receipt.stream, {6}, courier::RefusalCode::kQuota, Millis{5'000}, "full"}};
  frame.stored = {{receipt.stream, {6}}};
  return frame;
}

namespace {

TEST(Envelope, ComesOutAsItWentIn) {
  const Ends ends;
  seal::TestRandom nonces{1};
  seal::Verifier verifier;
  for (const Body& body : {sample_request(), sample_final(), sample_notice()}) {
    const auto opened = open_sample(ends, seal_sample(ends, body, nonces), verifier);
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(opened->header, sample_header(opened->content.body.size()));
    EXPECT_EQ(opened->content.prior, test_id<Leaf>(39));
    EXPECT_EQ(opened->transport, sample_transport());
    EXPECT_EQ(*decode_body(opened->content.body), body);
  }
}

TEST(Envelope, EveryTamperedByteIsNoticedOrMeansNothing) {
  const Ends ends;
  seal::TestRandom nonces{1};
  const Bytes good = seal_sample(ends, sample_request(), nonces);
  seal::Verifier verifier;
  const auto before = open_sample(ends, good, verifier);
  ASSERT_TRUE(before);
  std::size_t noticed = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const std::uint8_t flip : {std::uint8_t{0x01}, std::uint8_t{0x80}}) {
      Bytes bad = good;
      bad[at] ^= flip;
      const auto opened = open_sample(ends, bad, verifier);
      if (!opened) {
        ++noticed;
        continue;
      }
      // Padding between fields: outside all that is read.
      EXPECT_EQ(opened->leaf, before->leaf) << "byte " << at;
      EXPECT_EQ(opened->header, before->header) << "byte " << at;
      EXPECT_EQ(opened->transport, before->transport) << "byte " << at;
      EXPECT_EQ(opened->content, before->content) << "byte " << at;
    }
  }
  EXPECT_GT(noticed, 2 * good.size() * 95 / 100);
}

TEST(Envelope, EveryRegionIsCovered) {
  const Ends ends;
  seal::TestRandom nonces{1};
  const SealedParts good = *decode_sealed(seal_sample(ends, sample_request(), nonces));
  const auto refused = [&](const SealedParts& parts) {
    seal::Verifier verifier;
    return !open_sample(ends, *encode_sealed(parts), verifier).has_value();
  };
  ASSERT_FALSE(refused(good));
  for (std::size_t i = 0; i < good.header.size(); ++i) {
    SealedParts bad = good;
    bad.header[i] ^= 1U;
    EXPECT_TRUE(refused(bad)) << "header byte " << i;  // its padding too: it is hashed
  }
  for (std::size_t i = 0; i < good.box.size(); ++i) {
    SealedParts bad = good;
    bad.box[i] ^= 1U;
    EXPECT_TRUE(refused(bad)) << "box byte " << i;
  }
  SealedParts bad = good;
  bad.transport.seq = {6};
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.transport.life = test_id<LifeId>(99);
  EXPECT_TRUE(refused(bad));
  bad = good;
  std::swap(bad.receiver_key, bad.sender_key);
  EXPECT_TRUE(refused(bad));
}

TEST(Envelope, ReflectedToItsSenderIsNobodysWord) {
  const Ends ends;
  Ends mirrored;  // the sender, looking at its own envelope as if it came from the receiver
  std::swap(mirrored.sender, mirrored.receiver);
  seal::TestRandom nonces{1};
  SealedParts parts = *decode_sealed(seal_sample(ends, sample_request(), nonces));
  std::swap(parts.receiver_key, parts.sender_key);
  Header header = *decode_header(parts.header);
  std::swap(header.from, header.to);
  parts.header = encode_header(header);
  seal::Verifier verifier;
  const auto opened = open_sample(mirrored, *encode_sealed(parts), verifier);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().detail, "box: it was made for another purpose or direction");
}

TEST(Envelope, BoxOfAReceiptIsNoBoxOfAnEnvelope) {
  const Ends ends;
  seal::TestRandom nonces{1};
  seal::Boxes boxes{nonces};
  SealedParts parts = *decode_sealed(seal_sample(ends, sample_request(), nonces));
  // Even with the right purpose outside, the message inside says what it is.
  parts.box = *boxes.seal(seal::BoxPurpose::kEnvelope, ends.sender, ends.receiver.public_key(),
                          encode_receipt(sample_receipt()));
  seal::Verifier verifier;
  EXPECT_FALSE(open_sample(ends, *encode_sealed(parts), verifier));
  parts.box = *boxes.seal(seal::BoxPurpose::kReceipt, ends.sender, ends.receiver.public_key(),
                          encode_receipt(sample_receipt()));
  EXPECT_FALSE(open_sample(ends, *encode_sealed(parts), verifier));
  EXPECT_FALSE(decode_receipt(encode_box_content(
      {.transport = sample_transport(), .salt = test_id<Salt>(1), .body = {1}, .signature = {}})));
}

}  // namespace
}  // namespace minqing::wire
