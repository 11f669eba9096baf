// Clocks of cases at a node with its store: what runs out comes on the person's list, once; the
// view is the log's; people see it.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "casework/fold.h"
#include "casework/running_clocks.h"
#include "county_and_housing.h"
#include "nodes/common/api_deadline.h"
#include "nodes/common/api_views.h"
#include "store/rebuild.h"
#include "wire/entry_codec.h"

namespace minqing::testing {
namespace {

using Json = nlohmann::json;
using std::chrono::days;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CaseClocksTest : public CountyAndHousing {
 protected:
  /// Long after the start: at nine o'clock of a day, so many days after this one.
  void advance_to_nine(int after) {
    post_.now = begin_of(local_day(kStart) + days{after}) + hours{9};
    post_.turn(county_);
    post_.now += std::chrono::minutes{11};  // offline: clocks have waited
    post_.turn(county_);
  }
  std::vector<std::string> listed() {
    county_.store->begin();
    std::vector<std::string> out;
    for (const auto& entry : county_.book().open_attention(kCounty, 100)) out.push_back(entry.code);
    county_.store->rollback();
    return out;
  }
  std::unique_ptr<store::Reader> reader() {
    auto opened = store::Reader::open(county_.path());
    CHECK(opened.has_value());
    return *std::move(opened);
  }
  Json cases(bool is_overdue) {
    node::ApiRequest request;
    request.overdue = is_overdue;
    const node::SafetyPort safe{.unsafe = [](const auto&, const auto&) { return std::nullopt; },
                                .keeper = {}};
    const auto answer = node::cases_json(*reader(), kCounty, request, safe,
                                         city_.directory()->calendar(), post_.now);
    CHECK(answer.has_value());
    return Json::parse(*answer).at("cases");
  }
  /// By `why-deadline`, read from the log: ids of those that have not stopped.
  std::vector<std::string> running_by_log() {
    node::ApiRequest request;
    request.case_id = matter_.text();
    const auto answer =
        node::why_deadline_json(*reader(), *city_.directory(), kCounty, request, post_.now);
    CHECK(answer.has_value());
    const Json said = Json::parse(*answer);
    std::vector<std::string> out;
    for (const Json& clock : said.at("clocks")) {
      if (clock.at("stop_at") == "") out.push_back(clock.at("clock"));
    }
    std::ranges::sort(out);
    return out;
  }
  std::vector<std::string> running_by_view() {
    const auto running = reader()->clocks_of_case(kCounty, matter_);
    CHECK(running.has_value());
    std::vector<std::string> out;
    for (const auto& clock : *running) out.push_back(clock.clock);
    return out;
  }
  std::optional<std::string> difference_from_log() {
    const store::Fold fold = [](casework::CaseBook& book, const courier::LogRow& row) -> Status {
      ASSIGN_OR_RETURN(const casework::Entry entry, wire::read_entry(row));
      casework::fold(book, entry);
      return ok();
    };
    const auto report = store::check_views(county_.path(), county_.path() + ".scratch", fold, {});
    CHECK(report.has_value());
    return report->difference;
  }
};

TEST_F(CaseClocksTest, WhatNobodyPassesOnComesOnTheListOnceAlsoAfterARestart) {
  file();
  advance_to_nine(15);
  EXPECT_THAT(listed(), IsEmpty()) << "the last day";
  advance_to_nine(16);
  EXPECT_THAT(listed(), ElementsAre("clock:TRIAGE"));
  EXPECT_EQ(county_.brain->counters().clocks_run_out, 1U);
  advance_to_nine(17);
  county_.start();
  advance_to_nine(18);
  EXPECT_THAT(listed(), ElementsAre("clock:TRIAGE"));
  EXPECT_EQ(county_.brain->counters().clocks_run_out, 0U);
  EXPECT_EQ(difference_from_log(), std::nullopt);
}

TEST_F(CaseClocksTest, TheNodeWakesByItselfToLook) {
  file();
  advance_to_nine(3);
  const auto next = county_.brain->next_deadline();
  ASSERT_TRUE(next);
  EXPECT_LE(*next, begin_of(local_day(post_.now) + days{1}));
  EXPECT_GT(*next, post_.now) << "and is not busy until then";
}

TEST_F(CaseClocksTest, WhyDeadlineAndTheViewAgreeAndCasesAreOverdueByThem) {
  post_.connect(county_);
  post_.connect(housing_);
  file_and_dispatch();
  post_.run();
  EXPECT_THAT(running_by_view(), ElementsAre("NOTIFY", "NOTIFY_T", "OBJECT", "SIGN"));
  EXPECT_EQ(running_by_view(), running_by_log());
  EXPECT_THAT(cases(true), IsEmpty());
  EXPECT_EQ(cases(false).at(0).at("clocks_overdue"), Json::array());
  ASSERT_TRUE(say(Kind::kSign));
  ASSERT_TRUE(say(Kind::kAcceptNotice));
  post_.run();
  EXPECT_THAT(running_by_view(), ElementsAre("HANDLE", "HANDLE_T"));
  EXPECT_EQ(running_by_view(), running_by_log());
  EXPECT_EQ(difference_from_log(), std::nullopt);
}

TEST_F(CaseClocksTest, CasesPastATargetAreOverdueButNotOnTheList) {
  file();
  advance_to_nine(9);
  const Json found = cases(true);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.at(0).at("case"), matter_.text());
  EXPECT_EQ(found.at(0).at("clocks_overdue"), Json::array({"TRIAGE_T"}));
  EXPECT_THAT(listed(), IsEmpty());
}

}  // namespace
}  // namespace minqing::testing
