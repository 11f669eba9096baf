// The petitioner's own door, and what supervisors and offices find: over real daemons.
#include <fstream>

#include <gmock/gmock.h>

#include "tests/support/live_city.h"
#include "tests/support/live_files.h"

namespace minqing::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class CitizenTest : public ::testing::Test {
 protected:
  void SetUp() override {
    city_.start_all({office("kaihua", {kCounty}), agency("housing", {kHousing})});
    const Json answer = city_.call("kaihua", {{"verb", "submit"},
                                              {"at", kCounty.text()},
                                              {"as", kStaff},
                                              {"set",
                                               {{"title", "自来水管漏水"},
                                                {"text", "三号楼已漏两周"},
                                                {"category", "0101"},
                                                {"area", "330824115201"},
                                                {"channel", "PHONE"}}}});
    case_ = answer.at("case");
    code_ = answer.at("receipt_code");
  }
  ProgramRun mine(const std::string& case_id,
                  const std::string& code,
                  std::vector<std::string> more = {}) {
    std::vector<std::string> words{"mycase", case_id, "--at", kCounty.text()};
    words.insert(words.end(), more.begin(), more.end());
    return city_.minqing(words, code + "\n");
  }
  Json view() { return Json::parse(mine(case_, code_, {"--json"}).out); }
  void reply() {
    city_.act(kCounty, "REGISTER", case_, {{"nature", "HELP"}, {"category", "0101"}});
    city_.act(kCounty, "DISPATCH", case_, {{"asked", kHousing.text()}});
    city_.wait_asked(kHousing, case_);
  }
  std::vector<std::string> found(std::vector<std::string> more) {
    std::vector<std::string> words{"cases", "--at", kCounty.text(), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const ProgramRun run = city_.minqing(words);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    std::vector<std::string> ids;
    const Json answer = Json::parse(run.out);
    for (const Json& item : answer.at("cases")) ids.push_back(item.at("case"));
    return ids;
  }

  LiveCity city_;
  std::string case_;
  std::string code_;
};

TEST_F(CitizenTest, TheCodeTellsWhereTheCaseIsWhoHoldsItAndWhatComesNext) {
  EXPECT_EQ(view().at("holder"), kCounty.text());
  reply();
  const Json there = view();
  EXPECT_EQ(there.at("state"), "DISPATCHED");
  EXPECT_EQ(there.at("holder"), kHousing.text());
  EXPECT_NE(there.at("held_since"), "-");
  EXPECT_NE(there.at("next_by"), "-");
  EXPECT_NE(there.at("next_zh"), "");
  const ProgramRun words = mine(case_, code_);
  EXPECT_EQ(words.exit_code, 0) << words.err;
  EXPECT_THAT(words.out, AllOf(HasSubstr("已"), HasSubstr("下一步"), Not(HasSubstr(code_))));
}

TEST_F(CitizenTest, AWrongCodeAnUnknownCaseAndNonsenseAreAnsweredAlike) {
  const ProgramRun wrong = mine(case_, "0000000000000000");
  EXPECT_EQ(wrong.exit_code, 66);
  EXPECT_THAT(wrong.err, HasSubstr("没有与此编号和查询码相符的办件"));
  for (const auto& [id, code] : {std::pair<std::string, std::string>{"Q330824-26-000000000", code_},
                                 {"nonsense", code_},
                                 {case_, "not digits"}}) {
    const ProgramRun other = mine(id, code);
    EXPECT_EQ(other.exit_code, wrong.exit_code) << id;
    EXPECT_EQ(other.err, wrong.err) << id;
  }
}

TEST_F(CitizenTest, WhoGuessesRests) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(mine(case_, "0000000000000000").exit_code, 66);
  const ProgramRun resting = mine(case_, code_);
  EXPECT_EQ(resting.exit_code, 75) << "even the right code now: " << resting.err;
  EXPECT_THAT(resting.err, HasSubstr("15"));
}

TEST_F(CitizenTest, ThePetitionerSupplementsAndEvaluatesAndDoesNothingElse) {
  const ProgramRun early = mine(case_, code_, {"--act", "EVALUATION", "--set", "solved=SOLVED"});
  EXPECT_EQ(early.exit_code, 77) << early.err;
  city_.act(kCounty, "MATERIAL_REQUEST", case_, {{"text", "请附照片"}});
  EXPECT_EQ(view().at("asked_of_you"), "请附照片");
  const ProgramRun sent = mine(case_, code_, {"--act", "MATERIAL", "--set", "text=照片见附件"});
  EXPECT_EQ(sent.exit_code, 0) << sent.err;
  EXPECT_EQ(view().at("asked_of_you"), "");
  reply();
  const ProgramRun more = mine(case_, code_, {"--act", "SUPPLEMENT", "--set", "text=照片一张"});
  EXPECT_EQ(more.exit_code, 0) << more.err;
  for (const char* kind : {"CLOSE", "PETITION_SUBMIT", "NO_SUCH_KIND"}) {
    EXPECT_EQ(mine(case_, code_, {"--act", kind}).exit_code, 77) << kind;
  }
  city_.act(kHousing, "ACCEPT_NOTICE", case_);
  city_.act(kHousing, "RESULT_SUBMIT", case_, {{"text", "已换管"}, {"outcome", "SUPPORTED"}});
  city_.wait_ended(kCounty, case_);
  city_.act(kCounty, "HANDLING_OPINION", case_,
            {{"text", "已换管"}, {"outcome", "SUPPORTED"}, {"remedies", "三十日内可申请复查"}});
  const Json asked = view();
  EXPECT_EQ(asked.at("remedies"), "三十日内可申请复查");
  EXPECT_THAT(asked.at("acts"), SizeIs(2)) << asked;
  EXPECT_EQ(asked.at("acts").at(0).at("kind"), "EVALUATION");
  EXPECT_EQ(asked.at("acts").at(1).at("kind"), "PETITION_WITHDRAW");
  EXPECT_EQ(asked.at("answer"), "已换管");
  const ProgramRun said = mine(case_, code_, {"--act", "EVALUATION", "--set", "solved=SOLVED"});
  EXPECT_EQ(said.exit_code, 0) << said.err;
  EXPECT_EQ(city_.store_faults("kaihua"), "");
}

TEST_F(CitizenTest, CasesAreFoundByWordAreaAndCategory) {
  city_.submit(kCounty, "路灯不亮");
  EXPECT_THAT(found({}), SizeIs(2));
  const std::vector<std::string> this_one{case_};
  EXPECT_EQ(found({"--text", "漏水"}), this_one);
  EXPECT_EQ(found({"--text", "两周"}), this_one) << "in the text";
  EXPECT_EQ(found({"--text", case_}), this_one);
  EXPECT_EQ(found({"--area", "330824115"}), this_one);
  EXPECT_THAT(found({"--category", "01"}), SizeIs(2));
  EXPECT_THAT(found({"--category", "12"}), SizeIs(0));
  EXPECT_THAT(found({"--overdue"}), SizeIs(0));
  reply();
  const ProgramRun soon =
      city_.minqing({"loops", "--at", kCounty.text(), "--due-soon", "--within", "60d", "--json"});
  const Json listed = Json::parse(soon.out);
  EXPECT_THAT(listed.at("loops"), SizeIs(1)) << soon.err;
  EXPECT_EQ(city_.store_faults("kaihua"), "");
}

TEST_F(CitizenTest, AnImportThatIsRunAgainEntersNothingTwiceAndAnExportHasTheSameIds) {
  const auto file = [&](const char* name) {
    return (city_.network().dir().root() / name).string();
  };
  std::ofstream{file("in.csv")}
      << "external_id,title,text,category,area,channel,nature,urgency,confidentiality,respondents,"
         "identity\n"
         "热线-1,路灯不亮,东街路灯不亮,0101,330824,PHONE,APPEAL,,,,李四 13800000000\n"
         "热线-2,井盖丢失,东街井盖丢失,0101,330824,PHONE,APPEAL,URGENT,,,\n";
  const auto import = [&](const char* result) {
    return city_.minqing({"import", file("in.csv"), "--at", kCounty.text(), "--as", kStaff,
                          "--result", file(result)});
  };
  const ProgramRun first = import("first.csv");
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("entered: 2"));
  const ProgramRun again = import("again.csv");
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("entered before: 2"));
  EXPECT_NE(import("again.csv").exit_code, 0) << "receipt codes are not written over";
  EXPECT_THAT(found({}), SizeIs(3));

  const ProgramRun out = city_.minqing({"export", file("out.json"), "--at", kCounty.text()});
  EXPECT_EQ(out.exit_code, 0) << out.err;
  std::ifstream exported{file("out.json")};
  const Json items = Json::parse(exported);
  ASSERT_THAT(items, SizeIs(3));
  std::ifstream result{file("first.csv")};
  const std::string codes{std::istreambuf_iterator<char>{result}, {}};
  int imported = 0;
  for (const Json& item : items) {
    EXPECT_FALSE(item.contains("text"));
    imported += codes.find(item.at("case").get<std::string>()) != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(imported, 2);
  EXPECT_EQ(city_.store_faults("kaihua"), "");
}

}  // namespace
}  // namespace minqing::testing
