// kill -9 at random instants, of the broker, the sender and the receiver, during a stream of cases.
// One seed, one choice of victims and instants; MINQING_CRASH_SEEDS="7 8 9" tries others.
#include <csignal>
#include <iostream>
#include <random>
#include <sstream>
#include <thread>

#include <poll.h>

#include <gmock/gmock.h>

#include "tests/support/fault_world.h"

namespace minqing::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::IsEmpty;

std::vector<unsigned> seeds() {
  const char* given = std::getenv("MINQING_CRASH_SEEDS");
  std::istringstream in{given == nullptr ? "1 2 3" : given};
  return {std::istream_iterator<unsigned>{in}, std::istream_iterator<unsigned>{}};
}

class StormTest : public ::testing::TestWithParam<unsigned> {
 protected:
  struct Doom {
    milliseconds life;   // at most so long it may work off what is open
    milliseconds burst;  // then petitions come in one after the other, until it dies
  };
  void kill_in_a_burst(const std::string& victim, const Doom& doom) {
    (void)eventually([&] { return world_.open_loops() == 0; }, doom.life);
    const int pid = world_.pid(victim);
    const Deadline deadline{doom.burst};
    std::jthread killer{[&] {
      ::poll(nullptr, 0, static_cast<int>(doom.burst.count()));  // the seed's instant, no wait for
      ::kill(pid, SIGKILL);                                      // anything
    }};
    constexpr int kPerRoundMax = 12;
    for (int i = 0; i < kPerRoundMax && world_.submit() && !deadline.is_past(); ++i) continue;
    ASSERT_TRUE(eventually([&] { return !world_.is_running(victim); }));
    ASSERT_EQ(world_.reap(victim), -SIGKILL) << victim;
  }

  FaultWorld world_;
};

TEST_P(StormTest, NothingIsLostAndNothingDoneTwice) {
  const unsigned seed = GetParam();
  std::cout << "seed=" << seed << "\n";
  constexpr int kKills = 20;
  std::mt19937 random{seed};
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  const std::string* const daemons[] = {&kBrokerName, &kSenderName, &kReceiverName};
  std::map<std::string, int> kills;
  int struck = 0;  // kills that found loops open
  for (int i = 0; i < kKills; ++i) {
    const std::string& victim = *daemons[below(3)];
    // Long enough to find each other again and work, or too short for that.
    const milliseconds life{below(below(3) == 0 ? 100 : 2'000)};
    kill_in_a_burst(victim, {.life = life, .burst = milliseconds{1 + below(30)}});
    if (HasFatalFailure()) return;
    world_.start(victim);
    ++kills[victim];
    if (world_.open_loops() > 0) ++struck;
  }
  std::cout << "seed=" << seed << " kills=" << kKills << " struck=" << struck
            << " accepted=" << world_.accepted() << " closed=" << world_.closed() << "\n";
  EXPECT_EQ(kills.size(), 3U) << "seed " << seed << " spared one: choose another";
  EXPECT_GE(struck, kKills / 2) << "most kills found nothing under way";
  EXPECT_GT(world_.closed(), 0U) << "nothing got through between the kills";
  EXPECT_THAT(world_.heal_and_check(), IsEmpty()) << "seed " << seed;
}

INSTANTIATE_TEST_SUITE_P(Seeds, StormTest, ::testing::ValuesIn(seeds()), [](const auto& seed) {
  return "seed_" + std::to_string(seed.param);
});

}  // namespace
}  // namespace minqing::testing
