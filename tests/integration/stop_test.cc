// Every daemon ends cleanly when it is asked to, however often and with whatever under way.
#include <csignal>

#include <gmock/gmock.h>

#include "tests/support/live_city.h"

namespace minqing::testing {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kTooLong{20};

class StopTest : public ::testing::Test {
 protected:
  StopTest() { city_.start_all({office("kaihua", {kCounty}), agency("housing", {kHousing})}); }

  /// Sends `signals` one right after the other, waits, and notes how long it took.
  void expect_clean_end(const std::string& name, const std::vector<int>& signals) {
    express::Process& process = city_.network().process(name);
    const auto begin = std::chrono::steady_clock::now();
    for (const int signal : signals) process.signal(signal);
    ASSERT_TRUE(eventually([&] { return !process.is_running(); }, kTooLong))
        << name << " is still there\n"
        << city_.network().log_tail(name);
    const auto took =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
    RecordProperty(name + "_stop_ms", std::to_string(took.count()));
    EXPECT_EQ(process.stop(milliseconds{0}).exit_code, 0) << city_.network().log_tail(name);
    EXPECT_EQ(city_.log_of(name).find("Sanitizer"), std::string::npos) << city_.log_of(name);
  }

  LiveCity city_;
};

TEST_F(StopTest, CtrlCEndsEachDaemonWithExitCodeZero) {
  for (const char* name : {"housing", "kaihua", "broker"}) expect_clean_end(name, {SIGINT});
}

TEST_F(StopTest, SigtermEndsEachDaemonWithExitCodeZero) {
  for (const char* name : {"housing", "kaihua", "broker"}) expect_clean_end(name, {SIGTERM});
}

TEST_F(StopTest, ASecondSignalWhileItStopsChangesNothing) {
  for (const char* name : {"housing", "kaihua", "broker"}) {
    expect_clean_end(name, {SIGTERM, SIGTERM, SIGINT});
  }
}

TEST_F(StopTest, SignalsUpToItsLastMomentDoNotKillIt) {
  for (const char* name : {"housing", "kaihua", "broker"}) {
    express::Process& process = city_.network().process(name);
    ASSERT_TRUE(eventually(
        [&] {
          process.signal(SIGTERM);
          return !process.is_running();
        },
        kTooLong));
    EXPECT_EQ(process.stop(milliseconds{0}).exit_code, 0) << city_.network().log_tail(name);
  }
}

TEST_F(StopTest, TheBrokerMayGoFirstAndNodesWithUnsentMailStillEnd) {
  expect_clean_end("broker", {SIGTERM});
  city_.dispatch(kCounty, kHousing);
  expect_clean_end("kaihua", {SIGTERM});
  expect_clean_end("housing", {SIGTERM});
}

TEST_F(StopTest, WhatWasUnderWayAtTheStopGoesOnAfterTheNextStart) {
  city_.stop("housing");
  const std::string case_id = city_.dispatch(kCounty, kHousing);
  city_.stop("kaihua");
  city_.stop("broker");
  city_.start_broker();
  city_.start(agency("housing", {kHousing}));
  city_.start(office("kaihua", {kCounty}));
  city_.wait_asked(kHousing, case_id);
}

}  // namespace
}  // namespace minqing::testing
