// An addressee that is stopped (SIGSTOP) under load costs its mailbox, not the broker's memory.
#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>

#include <gmock/gmock.h>

#include "core/limits.h"
#include "tests/support/fault_world.h"

namespace minqing::testing {
namespace {

using ::testing::IsEmpty;

constexpr std::size_t kTextBytes = 60'000;
constexpr std::size_t kCases = 800;
/// A case asks two agencies, and tells each its whole text.
constexpr std::size_t kEnvelopes = 2 * kCases;
constexpr std::size_t kLoadBytes = kEnvelopes * kTextBytes;
/// What the broker may hold for one that does not read: the credit of a lane and side, queued and
/// being written, and what one turn may read.
constexpr std::size_t kTurnBytes = 32ULL << 20U;
constexpr std::size_t kGrowthMax = 2 * limits::kCreditBytes + kTurnBytes;
static_assert(kLoadBytes > kGrowthMax * 3 / 2, "the load must not fit in the bound");

/// "VmRSS", "VmHWM" (its peak), in bytes.
std::size_t memory_of(int pid, const std::string& name) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string line; std::getline(in, line);) {
    std::istringstream words{line};
    std::string key;
    std::size_t kib = 0;
    if (words >> key >> kib && key == name + ":") return kib * 1'024;
  }
  return 0;
}

TEST(MemoryTest, AStoppedAddresseeCostsItsMailboxNotTheBrokersMemory) {
  FaultWorld world;
  ASSERT_TRUE(world.submit());
  const int broker = world.pid(kBrokerName);
  const std::size_t before = memory_of(broker, "VmRSS");
  ASSERT_GT(before, 0U);
  world.city().network().process(kReceiverName).signal(SIGSTOP);
  const std::string text(kTextBytes, 'x');
  for (std::size_t i = 0; i < kCases; ++i) ASSERT_TRUE(world.submit(text));
  // All but what its credit let out to it.
  constexpr std::size_t kOut = limits::kCreditBytes / kTextBytes + 1;
  constexpr std::chrono::seconds kStoring{60};
  ASSERT_TRUE(eventually([&] { return world.city().mail() + kOut >= kEnvelopes; }, kStoring))
      << world.city().mail() << " envelopes in the mailbox";
  const std::size_t peak = memory_of(broker, "VmHWM");
  std::cout << "broker_rss_before_bytes=" << before << " broker_rss_peak_bytes=" << peak
            << " load_bytes=" << kLoadBytes << " growth_max_bytes=" << kGrowthMax
            << " mail_envelopes=" << world.city().mail() << "\n";
  EXPECT_LT(peak, before + kGrowthMax);
  world.city().network().process(kReceiverName).signal(SIGCONT);
  EXPECT_THAT(world.heal_and_check(), IsEmpty());
}

}  // namespace
}  // namespace minqing::testing
