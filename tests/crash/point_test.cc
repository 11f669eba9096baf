// Each daemon dies at each named point around its commits and sends, in the middle of a stream of
// cases; in the end it is as if it had not. Prints how often each point was met in each role, and
// fails when one was not.
#include <algorithm>
#include <csignal>
#include <iomanip>
#include <iostream>
#include <map>
#include <ostream>

#include <gmock/gmock.h>

#include "tests/support/fault_world.h"

namespace minqing::testing {
namespace {

using ::testing::IsEmpty;

/// One point of one daemon, and at which passes it dies there, life after life.
struct Doom {
  std::string daemon;
  std::string point;
  std::vector<int> passes{1, 4};
};
void PrintTo(const Doom& doom, std::ostream* out) {
  *out << doom.daemon << " at " << doom.point;
}

std::vector<Doom> dooms() {
  std::vector<Doom> out;
  for (const std::string& node : {kSenderName, kReceiverName}) {
    for (const char* point : {"node-before-commit", "node-after-commit", "node-before-send",
                              "node-after-send", "node-after-receipt"}) {
      out.push_back({node, point});
    }
    for (const char* point : {"node-before-flush", "node-after-flush"}) {
      out.push_back({node, point, {1}});
    }
  }
  // Clients speak to the sender alone.
  for (const char* point :
       {"vault-before-commit", "vault-after-commit", "node-before-answer", "node-after-answer"}) {
    out.push_back({kSenderName, point});
  }
  for (const char* point : {"broker-before-send", "broker-after-send", "broker-after-receipt"}) {
    out.push_back({kBrokerName, point});
  }
  // A whole batch of mail may be one commit of the broker.
  for (const char* point : {"broker-before-commit", "broker-after-commit", "broker-after-stored"}) {
    out.push_back({kBrokerName, point, {1}});
  }
  return out;
}

class PointTest : public ::testing::TestWithParam<Doom> {
 protected:
  static void TearDownTestSuite() {
    std::map<std::string, std::map<std::string, int>> table;  // by point, by role
    for (const Doom& doom : dooms()) {
      const int hits = hits_[{doom.daemon, doom.point}];
      table[doom.point][doom.daemon] = hits;
      if (hits == 0 && is_whole_run()) {
        ADD_FAILURE() << doom.daemon << " never died at " << doom.point;
      }
    }
    std::cout << std::left << std::setw(24) << "crash point";
    for (const char* role : {"broker", "sender", "receiver"}) {
      std::cout << std::right << std::setw(10) << role;
    }
    for (const auto& [point, hits] : table) {
      std::cout << "\n" << std::left << std::setw(24) << point;
      for (const std::string& daemon : {kBrokerName, kSenderName, kReceiverName}) {
        const auto found = hits.find(daemon);
        const std::string cell = found == hits.end() ? "-" : std::to_string(found->second);
        std::cout << std::right << std::setw(10) << cell;
      }
    }
    std::cout << "\n";
  }

  static bool is_whole_run() {
    const auto* run = ::testing::UnitTest::GetInstance();
    return run->test_to_run_count() == run->total_test_count();
  }

  static std::string logs_of(FaultWorld& world) {
    std::string out;
    for (const std::string& daemon : {kBrokerName, kSenderName, kReceiverName}) {
      out += world.city().network().log_tail(daemon) + "\n";
      const auto status = world.city().try_call(daemon, {{"verb", "status"}});
      out += (status ? status->dump() : status.error().detail) + "\n";
    }
    return out;
  }

  /// Deaths at the point by now, by the daemon's own word.
  static int deaths(FaultWorld& world, const Doom& doom) {
    const std::string word = "crash_point hit=" + doom.point + "\n";
    const std::string log = world.city().log_of(doom.daemon);
    int count = 0;
    for (auto at = log.find(word); at != std::string::npos; at = log.find(word, at + 1)) ++count;
    return count;
  }

  /// Load until it is dead. A turn may send for many cases at once: more of them come until the
  /// point was met often enough.
  static bool dies(FaultWorld& world, const Doom& doom) {
    constexpr std::size_t kCases = 8;
    constexpr std::size_t kCasesMax = 120;
    const std::size_t before = world.accepted();
    for (std::size_t i = 0; i < kCases; ++i) (void)world.submit();
    if (doom.point.ends_with("-flush")) world.city().network().process(doom.daemon).signal(SIGTERM);
    return eventually([&] {
      if (!world.is_running(doom.daemon)) return true;
      // What waited for a broker goes in few frames: when all is done, one at a time.
      if (world.accepted() < before + kCasesMax || world.is_all_closed()) (void)world.submit();
      return false;
    });
  }

  static inline std::map<std::pair<std::string, std::string>, int> hits_;
};

TEST_P(PointTest, NothingIsLostAndNothingDoneTwice) {
  const Doom& doom = GetParam();
  FaultWorld world;
  // A broker commits, and says `stored`, only for the absent.
  const bool is_about_mail = doom.daemon == kBrokerName &&
                             (doom.point.ends_with("-commit") || doom.point.ends_with("-stored"));
  if (is_about_mail) world.city().stop(kReceiverName);
  int died = 0;
  for (const int nth : doom.passes) {
    world.start_doomed(doom.daemon, doom.point, nth);
    ASSERT_TRUE(dies(world, doom))
        << doom.daemon << " never came to " << doom.point << " " << nth << " times\n"
        << logs_of(world);
    EXPECT_EQ(world.reap(doom.daemon), -SIGKILL);
    ASSERT_EQ(deaths(world, doom), ++died) << world.city().network().log_tail(doom.daemon);
    ++hits_[{doom.daemon, doom.point}];
  }
  world.start(doom.daemon);
  ASSERT_TRUE(eventually([&] { return world.submit(); }));
  EXPECT_THAT(world.heal_and_check(), IsEmpty());
}

std::string name_of(const ::testing::TestParamInfo<Doom>& doom) {
  std::string name = doom.param.daemon + "_" + doom.param.point;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Points, PointTest, ::testing::ValuesIn(dooms()), name_of);

}  // namespace
}  // namespace minqing::testing
