// `balance`: what does not add up in one store, and what two ends hold differently, is named.
#include "store_testing.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::json;
using ops::ExitCode;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BalanceTest : public StoreCliTest {
 protected:
  /// A dispatch from the county, committed there.
  LogRow dispatch() {
    LogRow row = make_row(Kind::kDispatch, kHousing);
    row.seq = store_->ledger().next_out_seq({row.owner, row.peer, row.lane, row.side});
    append(row);
    return row;
  }
  /// The same envelope as the bureau has it.
  void take_in(LogRow row, Seq seq) {
    std::swap(row.owner, row.peer);
    row.direction = Direction::kIn;
    row.seq = seq;
    bureau_->begin();
    row.pos = bureau_->ledger().append(row);
    ASSERT_TRUE(make_fold()(bureau_->book(), row));
    bureau_->ledger().advance({row.owner, row.peer, row.lane, row.side}, row.life, seq, row.leaf);
    ASSERT_TRUE(bureau_->commit());
  }
  void take_in(const LogRow& row) { take_in(row, row.seq); }
  void SetUp() override {
    StoreCliTest::SetUp();
    auto opened = store::NodeStore::open(
        bureau_path_, {.chain = seal::chain_hash,
                       .new_life = [this] { return random_bytes<LifeId>(random_); },
                       .now = kNow});
    CHECK(opened.has_value());
    bureau_ = std::move(*opened);
  }
  Json compare() {
    const Ran ran = run({"balance", "--at", "330824", "--with", network_.node("bureau"), "--json"});
    EXPECT_EQ(ran.err, "");
    Json json = Json::parse(ran.out);
    EXPECT_EQ(ran.code, json.at("same") == true ? ExitCode::kOk : ExitCode{1});
    return json;
  }
  static std::vector<std::string> whats(const Json& compared) {
    std::vector<std::string> found;
    for (const Json& row : compared.at("differences")) {
      found.push_back(row.at("what").get<std::string>() + " " +
                      std::to_string(row.at("seq").get<int>()));
    }
    return found;
  }

  std::string bureau_path_ = network_.node_store("bureau");
  std::unique_ptr<store::NodeStore> bureau_;
};

TEST_F(BalanceTest, RequestsAreFinalsAndOpenLoopsPerLinkAndTier) {
  dispatch();
  dispatch();
  const Json json = Json::parse(run_well({"balance", "--at", "330824", "--json"}));
  EXPECT_EQ(json.at("balanced"), true);
  const Json& link = json.at("links").at(0);
  EXPECT_EQ(link.at("peer"), "housing@330824");
  EXPECT_EQ(link.at("requests"), 2);
  EXPECT_EQ(link.at("open"), 2);
  EXPECT_EQ(link.at("finals"), 0);
  EXPECT_EQ(json.at("tiers").at(0).at("tier"), "agency");
  EXPECT_THAT(run_well({"balance", "--at", "330824"}),
              AllOf(HasSubstr("按链路"), HasSubstr("balanced")));
}

TEST_F(BalanceTest, ALoopThatIsEndedIsAFinalInLogAndViews) {
  const LogRow request = dispatch();
  take_in(request);
  LogRow row = make_row(Kind::kDispatch, kHousing);  // made into the bureau's refusal
  Body body;
  body.kind = Kind::kRejectNotice;
  body.loop = request.id;
  body.case_id = case_id_;
  body.author = {casework::Role::kHandler, "h"};
  body.content.reason = "no";
  Header header = *wire::decode_header(row.header);
  header.cls = MessageClass::kFinal;
  header.side = Side::kAnswer;
  row.body = *wire::encode_body(body);
  header.body_bytes = static_cast<std::uint32_t>(row.body.size());
  row.header = wire::encode_header(header);
  row.leaf = seal::leaf_of(row.header, row.salt, row.body);
  row.kind = static_cast<std::uint16_t>(Kind::kRejectNotice);
  row.cls = MessageClass::kFinal;
  row.side = Side::kAnswer;
  row.loop = request.id;
  row.direction = Direction::kIn;
  row.seq = {1};
  append(row);
  const Json json = Json::parse(run_well({"balance", "--at", "330824", "--json"}));
  const Json& link = json.at("links").at(0);
  EXPECT_EQ(link.at("finals"), 1);
  EXPECT_EQ(link.at("loops_ended"), 1);
  EXPECT_EQ(link.at("open"), 0);
}

TEST_F(BalanceTest, AViewThatLacksALoopDoesNotBalance) {
  dispatch();
  append(make_row(Kind::kDispatch, kHousing), Folding::kNo);
  const Ran ran = run({"balance", "--at", "330824"});
  EXPECT_EQ(ran.code, ExitCode{1});
  EXPECT_THAT(ran.out, HasSubstr("NO"));
}

TEST_F(BalanceTest, TwoEndsThatHoldTheSameAreTheSame) {
  for (int i = 0; i < 300; ++i) take_in(dispatch());  // more than one range
  dispatch();                                         // on its way: not missing
  const Json json = compare();
  EXPECT_THAT(whats(json), IsEmpty());
  EXPECT_EQ(json.at("ranges"), 2);
  EXPECT_EQ(json.at("rows"), 300);
}

TEST_F(BalanceTest, ADamagedBodyIsFoundAtTheEndThatHasIt) {
  for (int i = 0; i < 3; ++i) take_in(dispatch());
  bureau_.reset();
  ASSERT_TRUE(
      tamper(bureau_path_, "UPDATE bodies SET body = zeroblob(length(body)) WHERE pos = 2"));
  EXPECT_THAT(whats(compare()), ElementsAre("damaged-at-receiver 2"));
}

TEST_F(BalanceTest, WhatTheSenderLostAndWhatTheReceiverLacksIsNamed) {
  const LogRow first = dispatch();
  const LogRow second = dispatch();
  const LogRow third = dispatch();
  take_in(first);
  take_in(third);  // as if the second row had been lost there
  EXPECT_THAT(whats(compare()), ElementsAre("missing-at-receiver 2"));
  take_in(second, {4});  // known under another number
  LogRow lost = make_row(Kind::kDispatch, kHousing);
  take_in(lost, {5});  // a rolled-back sender has forgotten it
  const Json json = compare();
  EXPECT_THAT(whats(json), ElementsAre("missing-at-sender 5"));
  EXPECT_EQ(json.at("renumbered"), 2);
}

TEST_F(BalanceTest, StoresThatDoNotTalkAreNotCompared) {
  append(make_row(Kind::kPetitionSubmit, kCounty));
  const Ran ran = run({"balance", "--at", "330824", "--with", network_.node("bureau")});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);
  EXPECT_THAT(ran.err, HasSubstr("talk with each other"));
}

}  // namespace
}  // namespace minqing::cli
