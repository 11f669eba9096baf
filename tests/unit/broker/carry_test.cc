// A broker and mail that came by hand: as by a session of the node that signed it, and no more.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "broker/carry_desk.h"
#include "broker_testing.h"
#include "daemon/carry_part.h"
#include "seal/init.h"
#include "seal/system_random.h"

namespace minqing::broker {
namespace {

using namespace minqing::testing;
using courier::Frame;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kVillageNode = kVillage1.text();

Letter up(std::uint64_t seq) {
  return {.from = kVillage1, .to = kTown, .seq = seq};
}
Letter down(std::uint64_t seq, std::size_t bytes = 100) {
  return {.from = kTown, .to = kVillage1, .seq = seq, .side = Side::kAnswer, .bytes = bytes};
}
Frame holding(std::initializer_list<Letter> letters) {
  Frame frame;
  for (const Letter& letter : letters) frame.envelopes.push_back(minqing::testing::seal(letter));
  return frame;
}

class CarryTest : public ::testing::Test {
 protected:
  CarryTaken carry_in(Frame frame, const std::string& node = kVillageNode) {
    const CarryTaken taken = broker_.brain.carry_in(node, std::move(frame), broker_.now);
    broker_.turn();
    return taken;
  }
  std::vector<std::uint64_t> kept() {
    std::vector<std::uint64_t> seqs;
    for (const auto& receipt : broker_.brain.carried().read(kVillageNode, 0, 100)) {
      seqs.push_back(receipt.clear.seq.value);
    }
    return seqs;
  }

  PaperBroker broker_;
};

TEST_F(CarryTest, MailIsStoredForTheAbsentAndPassedToTheLive) {
  CarryTaken taken = carry_in(holding({up(1), up(2)}));
  EXPECT_EQ(taken.stored, 2U);
  EXPECT_TRUE(broker_.must_commit);
  EXPECT_EQ(broker_.mailbox.depth().envelopes, 2U);
  taken = carry_in(holding({up(1), up(2)}));
  EXPECT_EQ(taken.stored, 0U);
  EXPECT_EQ(taken.repeated, 2U);

  broker_.open(1, kTown.text());
  broker_.receipt(1, up(2));
  broker_.turn();
  EXPECT_EQ(carry_in(holding({up(3)})).passed, 1U);
  EXPECT_THAT(broker_.seqs(1), ElementsAre(3));
}

TEST_F(CarryTest, OnlyTheSignersOwnMailIsTakenAndTheRestOfAStreamStopsWithIt) {
  const CarryTaken taken = carry_in(holding({{.from = kVillage2, .to = kTown, .seq = 1},
                                             {.from = kVillage2, .to = kTown, .seq = 2},
                                             {.from = kVillage1, .to = kOtherCounty, .seq = 1},
                                             up(1)}));
  EXPECT_EQ(taken.stored, 1U);
  EXPECT_EQ(taken.refused, 3U);
  EXPECT_THAT(taken.why_refused, HasSubstr("not-yours"));
  EXPECT_EQ(broker_.refused(courier::RefusalCode::kNotYours), 1U);
  EXPECT_EQ(broker_.refused(courier::RefusalCode::kForbiddenPair), 1U);
  EXPECT_THAT(broker_.notes, SizeIs(1));
}

TEST_F(CarryTest, AReceiptOnTheStickDropsMailAndGoesToTheLiveSender) {
  broker_.open(1, kTown.text());
  broker_.post(1, down(1));
  broker_.post(1, down(2));
  broker_.turn();
  ASSERT_EQ(broker_.mailbox.depth().envelopes, 2U);
  Frame frame;
  frame.receipts.push_back(receipt_of(down(2)));
  frame.receipts.push_back(receipt_of({.from = kTown, .to = kVillage2, .seq = 9}));
  const CarryTaken taken = carry_in(std::move(frame));
  EXPECT_EQ(taken.mail_dropped, 2U);
  EXPECT_EQ(taken.receipts_passed, 1U);
  EXPECT_EQ(taken.receipts_foreign, 1U) << "it spoke for another's address";
  EXPECT_EQ(broker_.mailbox.depth().envelopes, 0U);
  EXPECT_THAT(broker_.all(1, &Frame::receipts), SizeIs(1));
}

TEST_F(CarryTest, TheNewestReceiptIsKeptForANodeThatIsCarriedAndForNoOther) {
  broker_.open(1, kTown.text());
  broker_.receipt(1, up(1));
  EXPECT_THAT(kept(), IsEmpty()) << "nobody carries for it: its next session says it again";
  carry_in(holding({up(2)}));
  broker_.receipt(1, up(1));
  broker_.receipt(1, up(2));
  broker_.receipt(1, {.from = kVillage2, .to = kTown});
  EXPECT_THAT(kept(), ElementsAre(2));
  EXPECT_EQ(broker_.brain.carried().size(), 1U);
  broker_.open(2, kVillage2.text());
  broker_.hear(2, kVillage2.text(), [] {
    Frame frame;
    frame.receipts.push_back(receipt_of(up(3)));
    return frame;
  }());
  EXPECT_THAT(kept(), ElementsAre(2)) << "a receipt by somebody else's node";
}

TEST_F(CarryTest, ASessionOfTheNodeIsToldWhatWasKept) {
  broker_.open(1, kTown.text());
  carry_in(holding({up(1)}));
  broker_.receipt(1, up(1));
  broker_.hello(2, kVillageNode);
  EXPECT_THAT(broker_.all(2, &Frame::receipts), SizeIs(1));
  EXPECT_THAT(kept(), IsEmpty());
}

TEST(Carried, IsBounded) {
  Carried carried;
  carried.note("first");
  carried.keep("first", receipt_of(up(1)));
  for (std::size_t i = 0; i < Carried::kNodesMax; ++i) carried.note("n" + std::to_string(i));
  EXPECT_FALSE(carried.is_noted("first")) << "noted longest ago";
  EXPECT_EQ(carried.size(), 0U);
  courier::BoxedReceipt receipt = receipt_of(up(1));
  for (std::size_t i = 0; i < Carried::kReceiptsPerNodeMax + 5; ++i) {
    receipt.clear.stream.life.bytes[1] = static_cast<std::uint8_t>(i);
    receipt.clear.stream.life.bytes[2] = static_cast<std::uint8_t>(i >> 8U);
    carried.keep("n1", receipt);
  }
  EXPECT_EQ(carried.size(), Carried::kReceiptsPerNodeMax);
  EXPECT_EQ(carried.dropped(), 5U);
  EXPECT_EQ(carried.read("n1", 4'000, 1'000).size(), Carried::kReceiptsPerNodeMax - 4'000);
  EXPECT_EQ(carried.take("n1").size(), Carried::kReceiptsPerNodeMax);
  EXPECT_EQ(carried.size(), 0U);
}

// --- the desk: signatures, and the way back ------------------------------------------------------

class CarryDeskTest : public ::testing::Test {
 protected:
  CarryDeskTest() {
    CHECK(seal::init());
    content_.authority.bytes[0] = 1;
    entry_of(content_, kVillage1).signing = {
        {village_.id(), village_.public_key(), EntryState::kActive, kStart}};
    use();
  }
  void use() {
    broker_ = std::make_unique<PaperBroker>(options(), content_);
    desk_ = std::make_unique<CarryDesk>("broker-1", broker_->brain, broker_->mailbox);
  }
  wire::CarryPart part(Frame frame) {
    wire::CarryPart out = daemon::make_part(*share(content_), kVillageNode, life(1), frame, kStart);
    daemon::sign_part(out, village_, kVillage1);
    return out;
  }
  json import(const wire::CarryPart& part) {
    const auto said = desk_->import_part(*daemon::part_to_hex(part), kStart);
    if (!said) return {{"code", to_string(said.error().code)}, {"detail", said.error().detail}};
    return json::parse(*said);
  }
  json export_for(const std::string& node, const std::string& after = "") {
    const auto said = desk_->export_part(node, after, kStart);
    if (!said) return {{"code", to_string(said.error().code)}, {"detail", said.error().detail}};
    return json::parse(*said);
  }
  /// A frame with one receipt: all of it can be read again.
  static Frame receipt_frame() {
    Frame frame;
    courier::BoxedReceipt receipt = receipt_of(down(1));
    receipt.clear.receiver_life = life(9);
    receipt.clear.leaf.bytes[0] = 1;
    receipt.receiver_key.bytes[0] = 1;
    receipt.sender_key.bytes[0] = 1;
    frame.receipts.push_back(receipt);
    return frame;
  }

  seal::SystemRandom random_;
  seal::SigningKeys village_ = [this] {
    CHECK(seal::init());
    return seal::SigningKeys::generate(random_);
  }();
  Directory::Content content_ = broker_directory_content();
  std::unique_ptr<PaperBroker> broker_;
  std::unique_ptr<CarryDesk> desk_;
};

TEST_F(CarryDeskTest, APartCountsForTheNodeThatSignedIt) {
  const json answer = import(part(receipt_frame()));
  EXPECT_EQ(answer.value("node", ""), kVillageNode) << answer;
  EXPECT_EQ(answer.at("receipts"), 1);
  EXPECT_TRUE(broker_->brain.carried().is_noted(kVillageNode));
}

TEST_F(CarryDeskTest, UnsignedForgedDamagedOrForeignPartsAreRefused) {
  const wire::CarryPart good = part(receipt_frame());
  const auto code_after = [&](const std::function<void(wire::CarryPart&)>& change) {
    wire::CarryPart bad = good;
    change(bad);
    return import(bad).value("code", "taken");
  };
  EXPECT_EQ(code_after([](auto& p) {
              p.signer = {};
              p.key = {};
              p.signature = {};
            }),
            "not-allowed");
  EXPECT_EQ(code_after([](auto& p) { p.signature.bytes[5] ^= 1U; }), "corrupt");
  EXPECT_EQ(code_after([](auto& p) { p.frame.back() ^= 1U; }), "corrupt");
  EXPECT_EQ(code_after([](auto& p) { p.signer = kVillage2; }), "not-allowed");
  EXPECT_EQ(code_after([](auto& p) { p.key.bytes[0] ^= 1U; }), "not-allowed");
  wire::CarryPart other =
      daemon::make_part(*share(content_), kVillage2.text(), life(1), receipt_frame(), kStart);
  daemon::sign_part(other, village_, kVillage1);
  EXPECT_EQ(import(other).value("code", "taken"), "not-allowed") << "another's name as the maker";
  content_.network = "elsewhere";
  EXPECT_EQ(import(part(receipt_frame())).value("code", "taken"), "invalid");
  EXPECT_FALSE(broker_->brain.carried().is_noted(kVillageNode));
}

TEST_F(CarryDeskTest, ARevokedNodeOrKeyIsRefused) {
  const wire::CarryPart good = part(receipt_frame());
  entry_of(content_, kVillage1).signing.front().state = EntryState::kRevoked;
  use();
  EXPECT_EQ(import(good).value("code", "taken"), "not-allowed");
  entry_of(content_, kVillage1).signing.front().state = EntryState::kRetired;
  use();
  EXPECT_EQ(import(good).value("code", "taken"), "taken") << "a retired key stays good";
  for (NodeEntry& node : content_.nodes) {
    if (node.name == kVillageNode) node.state = EntryState::kRevoked;
  }
  use();
  EXPECT_EQ(import(good).value("code", "taken"), "not-allowed");
  EXPECT_EQ(export_for(kVillageNode).value("code", "given"), "not-allowed");
}

TEST_F(CarryDeskTest, TheWayBackHoldsDirectoryReceiptsAndAllMailInParts) {
  broker_->open(1, kTown.text());
  broker_->brain.carried().note(kVillageNode);
  broker_->receipt(1, up(4));
  for (std::uint64_t seq = 1; seq <= 5; ++seq) broker_->post(1, down(seq, 100'000));
  broker_->turn();
  json answer = export_for(kVillageNode);
  EXPECT_EQ(answer.at("receipts"), 1);
  EXPECT_EQ(answer.at("waiting"), 5);
  const auto first = daemon::part_from_hex(answer.at("part"));
  ASSERT_TRUE(first) << first.error().detail;
  const auto opened = daemon::open_part(*first, broker_->brain.directory());
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_TRUE(opened->frame.directory);
  std::vector<std::uint64_t> envelopes;
  while (answer.contains("next")) {
    answer = export_for(kVillageNode, answer.at("next"));
    envelopes.push_back(answer.at("envelopes"));
    ASSERT_LE(envelopes.size(), 10U);
  }
  EXPECT_THAT(envelopes, ElementsAre(2, 2, 1));
  EXPECT_EQ(broker_->mailbox.depth().envelopes, 5U) << "mail stays until a receipt passes by";
}

TEST_F(CarryDeskTest, UnknownNodesAndPlacesAreRefused) {
  EXPECT_EQ(export_for("nobody").value("code", "given"), "not-found");
  for (const char* junk : {"x", "mail/", "mail/9/330824/1", "mail/1/330824", "mail/1/x/1",
                           "receipts/", "receipts/1x"}) {
    EXPECT_EQ(export_for(kVillageNode, junk).value("code", "given"), "invalid") << junk;
  }
}

}  // namespace
}  // namespace minqing::broker
