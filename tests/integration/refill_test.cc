// Real daemons whose stores are lost or rolled back: neighbours refill them, nothing is done twice.
#include <filesystem>
#include <map>

#include <gmock/gmock.h>

#include "tests/support/fault_world.h"

namespace minqing::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

class RefillTest : public ::testing::Test {
 protected:
  fs::path store_of(const std::string& node) {
    return world_.city().network_root() / "nodes" / node / "store.db";
  }
  void drop_store(const std::string& node) {
    for (const char* end : {"", "-wal", "-shm"}) {
      fs::remove(store_of(node).string() + end);
    }
  }
  /// What was said between two addresses; own notes of the refilling are not among it, nor what
  /// is kept because of them, nor states that are still on their way.
  std::size_t said_at(const Address& at) {
    std::size_t count = 0;
    for (const Json& row : world_.city().log(at)) {
      const bool counts = row.at("direction") != "self" && row.at("kind") != "KEEP" &&
                          row.at("kind") != "CASE_STATE";
      count += counts ? 1U : 0U;
    }
    return count;
  }
  /// "SIGN in 4, ...": what differs, when something does.
  std::string kinds_at(const Address& at) {
    std::map<std::string, int> tally;
    for (const Json& row : world_.city().log(at)) {
      ++tally[row.at("kind").get<std::string>() + " " + row.at("direction").get<std::string>() +
              " " + row.at("verdict").get<std::string>()];
    }
    std::string out;
    for (const auto& [what, times] : tally) out += what + " " + std::to_string(times) + ", ";
    return out;
  }
  Json refill_of(const std::string& node) {
    const auto answer = world_.city().try_call(node, {{"verb", "refill"}});
    return answer ? *answer : Json{};
  }
  void wait_until_refilled(const std::string& node) {
    ASSERT_TRUE(eventually([&] { return refill_of(node).value("phase", "") == "done"; }, kLong))
        << refill_of(node).dump(1) << world_.city().network().log_tail(node);
  }
  void work(std::size_t cases) {
    const std::size_t until = world_.accepted() + cases;
    while (world_.accepted() < until) ASSERT_TRUE(world_.submit());
    // Not the open loops alone: a case that was only just filed has none yet.
    ASSERT_TRUE(eventually([&] { return world_.is_all_closed(); }, kLong));
  }

  static constexpr std::chrono::seconds kLong{60};
  FaultWorld world_;
};

TEST_F(RefillTest, AnAgencysLostDiskIsRefilledAndWorkGoesOn) {
  work(5);
  const auto before = said_at(kHousing);
  ASSERT_GT(before, 0U);
  world_.city().kill(kReceiverName);
  drop_store(kReceiverName);
  world_.start(kReceiverName);
  wait_until_refilled(kReceiverName);
  EXPECT_EQ(said_at(kHousing), before);
  work(3);
  EXPECT_THAT(world_.heal_and_check(), IsEmpty());
}

TEST_F(RefillTest, AStoreThatWasSilentlyRolledBackFindsOutAndIsWholeAgain) {
  work(3);
  world_.city().stop(kReceiverName);
  const fs::path copy = store_of(kReceiverName).string() + ".copy";
  fs::copy_file(store_of(kReceiverName), copy);
  world_.start(kReceiverName);
  work(4);
  const auto before = said_at(kHousing);
  const std::string kinds_before = kinds_at(kHousing);
  world_.city().kill(kReceiverName);
  drop_store(kReceiverName);
  fs::copy_file(copy, store_of(kReceiverName));
  world_.start(kReceiverName);
  ASSERT_TRUE(eventually(
      [&] {
        const auto log = world_.city().try_call(kReceiverName, {{"verb", "status"}});
        return log && said_at(kHousing) == before;
      },
      kLong))
      << "before: " << kinds_before << "\nnow: " << kinds_at(kHousing) << "\n"
      << world_.city().network().log_tail(kReceiverName);
  wait_until_refilled(kReceiverName);
  work(3);
  EXPECT_THAT(world_.heal_and_check(), IsEmpty());
}

}  // namespace
}  // namespace minqing::testing
