// What an envelope may hold at the most, and what its first one must not.
#include <gtest/gtest.h>

#include "core/limits.h"
#include "seal/signer.h"
#include "tests/unit/wire/wire_testing.h"
#include "wire/frame_codec.h"
#include "wire/header_codec.h"

namespace minqing::wire {
namespace {

TEST(Envelope, NothingIsBeforeTheFirst) {
  const Header header = sample_header(1);
  BoxContent content;
  content.transport = {test_id<LifeId>(31), {1}};
  content.salt = test_id<Salt>(1);
  content.body = {1};
  content.signature = seal::sign_leaf(Ends{}.signing, header.from, test_id<Leaf>(1));
  EXPECT_TRUE(decode_box_content(encode_box_content(content), header, content.transport));
  content.prior = test_id<Leaf>(2);
  const auto refused = decode_box_content(encode_box_content(content), header, content.transport);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "prior: nothing is before number 1");
}

TEST(Envelope, LargestFitsItsLimits) {
  const Ends ends;
  seal::TestRandom nonces{1};
  const Bytes body(limits::kBodyBytesMax, 7);
  Header header = sample_header(body.size());
  header.from = Address::of(std::string(32, 'a') + "@330824115201");
  header.to = Address::of(std::string(32, 'b') + "@330824115201");
  Signature signature = seal::sign_leaf(ends.signing, header.from, test_id<Leaf>(1));
  signature.count = static_cast<std::uint32_t>(limits::kLeavesPerRootMax);
  signature.path.assign(16, test_id<Leaf>(2));
  const Bytes content = encode_box_content({.transport = sample_transport(),
                                            .prior = test_id<Leaf>(4),
                                            .salt = test_id<Salt>(3),
                                            .body = body,
                                            .signature = signature});
  seal::Boxes boxes{nonces};
  const auto sealed = encode_sealed({.header = encode_header(header),
                                     .transport = sample_transport(),
                                     .receiver_key = ends.receiver.id(),
                                     .sender_key = ends.sender.id(),
                                     .box = *boxes.seal(seal::BoxPurpose::kEnvelope, ends.sender,
                                                        ends.receiver.public_key(), content)});
  ASSERT_TRUE(sealed) << sealed.error().detail;
  courier::Frame frame;
  frame.envelopes = {*read_sealed(*sealed)};
  EXPECT_LE(encode_frame(frame).size(), limits::kEnvelopeBytesMax);
  auto parts = *decode_sealed(*sealed);
  parts.box.resize(parts.box.size() + limits::kSealOverheadBytesMax);
  EXPECT_EQ(encode_sealed(parts).error().code, Errc::kTooLarge);
}

}  // namespace
}  // namespace minqing::wire
