// Carried by hand, on real daemons: a village whose line is down closes a case by files alone.
#include <filesystem>
#include <fstream>
#include <set>

#include <gmock/gmock.h>

#include "cli/express/line.h"
#include "tests/support/live_city.h"

namespace minqing::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Json kRoofMended{{"text", "屋顶已修好"}, {"outcome", "SUPPORTED"}, {"solved", "SOLVED"}};
/// A socket that was hung up on is dialled again within half a minute.
constexpr std::chrono::seconds kRedial{60};

class CarryTest : public ::testing::Test {
 protected:
  /// Broker, county and town live; the village has no line.
  void start() {
    city_.enroll({county_, town_, village_});
    city_.start_broker();
    auto line = express::Line::open(city_.network().broker_endpoint());
    ASSERT_TRUE(line) << line.error().detail;
    line_ = std::make_unique<express::Line>(*std::move(line));
    line_->cut();
    village_.dial = line_->endpoint();
    city_.start(county_);
    city_.start(town_);
    ASSERT_TRUE(city_.network().start_node(village_, kPatience));
  }
  std::string file(const std::string& name) { return (city_.root() / name).string(); }
  /// `minqing carry ...`; the answer of --json.
  Json carry(std::vector<std::string> words) {
    words.insert(words.begin(), "carry");
    words.emplace_back("--json");
    const ProgramRun run = city_.minqing(words);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.exit_code == 0 ? Json::parse(run.out) : Json::object();
  }
  Json up(const std::string& name) {
    const Json out = carry({"export", "--at", kVillage1.text(), "--to", file(name)});
    EXPECT_EQ(out.value("left", 1), 0) << out;
    return carry({"import", file(name), "--broker"});
  }
  Json down(const std::string& name) {
    carry({"export", "--broker", "--for-node", "village", "--to", file(name)});
    return carry({"import", file(name), "--at", kVillage1.text()});
  }
  /// Un-receipted mail, KEEPs (lane bulk) aside: those arise whenever a row is a second old.
  std::uint64_t unreceipted(const std::string& node) {
    std::uint64_t count = 0;
    const Json streams = city_.call(node, {{"verb", "streams"}});
    for (const Json& stream : streams.at("out")) {
      if (stream.at("lane") == "bulk") continue;
      count += stream.at("committed").get<std::uint64_t>();
      count -= stream.at("receipted").get<std::uint64_t>();
    }
    return count;
  }
  std::string climb() {
    const std::string case_id = city_.submit(kVillage1, "屋顶漏雨");
    city_.act(kVillage1, "REGISTER", case_id, {{"nature", "APPEAL"}, {"category", "0101"}});
    city_.act(kVillage1, "REFER_UP", case_id, {{"text", "村里无力修缮"}});
    return case_id;
  }
  void close_at_village(const std::string& case_id) {
    city_.act(kVillage1, "HANDLING_OPINION", case_id,
              {{"text", "已修好"}, {"outcome", "SUPPORTED"}});
    city_.act(kVillage1, "EVALUATION", case_id, {{"solved", "SOLVED"}});
    city_.act(kVillage1, "CLOSE", case_id);
  }
  /// "id leaf" of what went one way, in the order of that end's log; KEEPs and states aside.
  std::vector<std::string> rows(const Address& at, const char* direction, const Address& peer) {
    std::vector<std::string> out;
    for (const Json& row : city_.log(at)) {
      if (row.at("direction") != direction || row.at("peer") != peer.text()) continue;
      if (row.at("kind") == "KEEP" || row.at("kind") == "CASE_STATE") continue;  // on their way
      EXPECT_EQ(row.at("verdict"), "ok") << row;
      out.push_back(row.at("id").get<std::string>() + " " + row.at("leaf").get<std::string>());
    }
    return out;
  }
  void expect_same_both_ends() {
    const auto sent = rows(kVillage1, "out", kTown);
    const auto answered = rows(kTown, "out", kVillage1);
    EXPECT_FALSE(sent.empty() || answered.empty());
    EXPECT_EQ(sent, rows(kTown, "in", kVillage1));
    EXPECT_EQ(answered, rows(kVillage1, "in", kTown));
    for (const auto& list : {sent, answered}) {
      EXPECT_EQ(std::set(list.begin(), list.end()).size(), list.size()) << "doubled";
    }
  }

  const NodePlan county_ = office("kaihua", {kCounty});
  const NodePlan town_ = office("town", {kTown});
  NodePlan village_ = office("village", {kVillage1});
  LiveCity city_;
  std::unique_ptr<express::Line> line_;
};

TEST_F(CarryTest, AVillageWithoutALineClosesItsCaseByFilesAlone) {
  start();
  const std::string case_id = climb();
  EXPECT_GE(up("up1.mqc").at("taken"), 1);
  city_.wait_asked(kTown, case_id);
  EXPECT_EQ(unreceipted("village"), 3U)
      << "the referral and two states of the case: no receipt came by the stick yet";
  EXPECT_EQ(carry({"import", file("up1.mqc"), "--broker"}).at("node"), "village");
  city_.act(kTown, "SIGN", case_id);
  city_.act(kTown, "REFER_UP", case_id);
  city_.wait_asked(kCounty, case_id);
  city_.act(kCounty, "SIGN", case_id);
  city_.act(kCounty, "RESULT_SUBMIT", case_id, kRoofMended);
  EXPECT_THAT(city_.wait_ended(kTown, case_id), ElementsAre("resolved", "resolved"));
  ASSERT_TRUE(eventually([&] { return city_.mail() >= 2 && city_.mail() == unreceipted("town"); }))
      << "all that the town has for the village waits at the broker";

  const Json back = down("down1.mqc");
  EXPECT_GE(back.at("taken"), 2) << back;
  EXPECT_GE(back.at("receipts"), 1) << back;
  EXPECT_EQ(unreceipted("village"), 1U) << "the case's new state";
  EXPECT_THAT(city_.wait_ended(kVillage1, case_id), ElementsAre("resolved"));
  close_at_village(case_id);

  // The village's receipts go the same way; the mail is dropped, the town's outbox is empty.
  EXPECT_GE(up("up2.mqc").at("mail_dropped"), 2);
  EXPECT_EQ(city_.mail(), 0U);
  ASSERT_TRUE(eventually([&] { return unreceipted("town") == 0; }));

  // The same files again: nothing new, nothing harmed.
  const Json again = carry({"import", file("down1.mqc"), "--at", kVillage1.text()});
  EXPECT_EQ(again.at("taken"), 0) << again;
  EXPECT_EQ(again.at("repeated"), back.at("taken")) << again;
  carry({"import", file("up1.mqc"), "--broker"});
  ASSERT_TRUE(eventually([&] { return city_.mail() == 0; }));
  expect_same_both_ends();

  // And the line comes back.
  line_->mend();
  ASSERT_TRUE(city_.network().wait_live("village", kRedial));
  const std::string probe = city_.probe(kVillage1, kTown);
  EXPECT_EQ(city_.wait_loop(kVillage1, probe), "resolved");
  for (const char* node : {"village", "town", "kaihua"}) city_.wait_drained(node);
  expect_same_both_ends();
  const Json record =
      city_.call("village", {{"verb", "case"}, {"at", kVillage1.text()}, {"case", case_id}});
  EXPECT_EQ(record.at("record").at("state"), "CLOSED");
  for (const char* node : {"village", "town", "kaihua"}) EXPECT_EQ(city_.store_faults(node), "");
}

TEST_F(CarryTest, TwoNodesExchangeFilesWithoutABroker) {
  start();
  city_.stop("broker");
  const std::string case_id = climb();
  carry({"export", "--at", kVillage1.text(), "--for", kTown.text(), "--to", file("up.mqc")});
  EXPECT_EQ(carry({"import", file("up.mqc"), "--at", kCounty.text()}).at("not_for_us"), 3);
  const Json first = carry({"import", file("up.mqc"), "--at", kTown.text()});
  EXPECT_GE(first.at("taken"), 1) << first;
  const Json second = carry({"import", file("up.mqc"), "--at", kTown.text()});
  EXPECT_EQ(second.at("taken"), 0) << second;
  EXPECT_EQ(second.at("repeated"), first.at("taken")) << second;
  city_.act(kTown, "SIGN", case_id);
  city_.act(kTown, "RESULT_SUBMIT", case_id, kRoofMended);
  carry({"export", "--node", "town", "--for", kVillage1.text(), "--to", file("down.mqc")});
  EXPECT_GE(carry({"import", file("down.mqc"), "--node", "village"}).at("receipts"), 1);
  EXPECT_EQ(unreceipted("village"), 1U) << "the case's new state";
  EXPECT_THAT(city_.wait_ended(kVillage1, case_id), ElementsAre("resolved"));
  expect_same_both_ends();
}

TEST_F(CarryTest, WhatIsWrongWithAFileIsSaid) {
  start();
  climb();
  carry({"export", "--at", kVillage1.text(), "--to", file("good.mqc")});
  const ProgramRun decoded = run_program(program_path("minqing"), {"decode", file("good.mqc")});
  EXPECT_EQ(decoded.exit_code, 0) << decoded.err;
  EXPECT_THAT(decoded.out, HasSubstr("\"signer\": \"330824115201\""));

  std::ifstream in{file("good.mqc"), std::ios::binary};
  const std::string good{std::istreambuf_iterator<char>{in}, {}};
  const auto error_of = [&](const std::string& bytes, std::vector<std::string> words) {
    std::ofstream{file("bad.mqc"), std::ios::binary} << bytes;
    words.insert(words.begin(), {"carry", "import", file("bad.mqc")});
    const ProgramRun run = city_.minqing(words);
    EXPECT_NE(run.exit_code, 0) << run.out;
    return run.err;
  };
  std::string bad = good;
  bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 1);
  EXPECT_THAT(error_of(bad, {"--broker"}), HasSubstr("part 1 of 1"));
  EXPECT_THAT(error_of(good.substr(0, good.size() - 8), {"--broker"}), HasSubstr("bad.mqc"));
  EXPECT_THAT(error_of("a letter", {"--broker"}), HasSubstr("carry file"));
  const ProgramRun nowhere =
      city_.minqing({"carry", "export", "--node", "village", "--to", file("no/such/dir.mqc")});
  EXPECT_NE(nowhere.exit_code, 0);
  EXPECT_THAT(nowhere.err, HasSubstr("dir.mqc"));
  const ProgramRun whom = city_.minqing({"carry", "export", "--broker", "--to", file("x.mqc")});
  EXPECT_THAT(whom.err, HasSubstr("--for-node"));

  // A broker's file is not signed by a node: only nodes take it.
  carry({"export", "--broker", "--for-node", "village", "--to", file("back.mqc")});
  const ProgramRun unsigned_file = city_.minqing({"carry", "import", file("back.mqc"), "--broker"});
  EXPECT_THAT(unsigned_file.err, HasSubstr("not signed"));

  LiveCity other;
  other.start_all({office("far", {kTown})});
  const ProgramRun foreign = other.minqing({"carry", "import", file("good.mqc"), "--broker"});
  EXPECT_THAT(foreign.err, HasSubstr("import it in its own network"));
}

}  // namespace
}  // namespace minqing::testing
