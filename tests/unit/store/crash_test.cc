// kill -9 at any moment leaves whole turns, and every turn that was reported as committed.
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "store_fixture.h"

namespace minqing::store {
namespace {

using courier::Direction;

constexpr std::uint64_t kRowsPerTurn = 25;

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(ends_), 0); }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void tell(std::uint64_t number) const {
    if (write(ends_[1], &number, sizeof number) != sizeof number) _exit(9);
  }
  std::uint64_t hear() const {
    std::uint64_t number = 0;
    EXPECT_EQ(read(ends_[0], &number, sizeof number), static_cast<ssize_t>(sizeof number));
    return number;
  }

 private:
  int ends_[2] = {-1, -1};
};

void append_turn(NodeStore& store, std::uint64_t turn) {
  for (std::uint64_t i = 1; i <= kRowsPerTurn; ++i) {
    store.ledger().append(row_of(kCounty, Direction::kOut, turn * kRowsPerTurn + i));
  }
  store.ledger().advance({kCounty, kHousing, Lane::kNormal, Side::kAnswer}, kPeerLife, {turn + 1},
                         numbered<Leaf>(turn + 1));
}

void kill_and_wait(pid_t child) {
  kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the child must die by our signal, or nothing is tested";
}

/// Whole turns in the store.
std::uint64_t turns_in(const std::string& path) {
  const auto store = open_node(path);
  const std::uint64_t rows =
      store->ledger().next_out_seq({kCounty, kHousing, Lane::kNormal, Side::kAsk}).value - 1;
  EXPECT_EQ(rows % kRowsPerTurn, 0U) << "half a turn was kept";
  const auto cursor =
      store->ledger().cursor({kCounty, kHousing, Lane::kNormal, Side::kAnswer}, kPeerLife);
  EXPECT_EQ(cursor.value_or(Seq{}).value, rows / kRowsPerTurn) << "the turn was torn";
  return rows / kRowsPerTurn;
}

TEST(CrashTest, KilledBeforeTheCommitNothingOfTheTurnIsThere) {
  const TempDir dir;
  const std::string path = dir.file("node.db");
  const Pipe pipe;
  const pid_t child = fork();
  if (child == 0) {
    const auto store = open_node(path);
    store->begin();
    append_turn(*store, 0);
    if (!store->commit()) _exit(1);
    store->begin();
    append_turn(*store, 1);
    pipe.tell(1);
    while (true) pause();
  }
  ASSERT_EQ(pipe.hear(), 1U);
  kill_and_wait(child);
  EXPECT_EQ(turns_in(path), 1U);
}

TEST(CrashTest, KilledAfterTheCommitAllOfTheTurnIsThere) {
  const TempDir dir;
  const std::string path = dir.file("node.db");
  const Pipe pipe;
  const pid_t child = fork();
  if (child == 0) {
    const auto store = open_node(path);
    store->begin();
    append_turn(*store, 0);
    pipe.tell(store->commit() ? 1 : 0);
    while (true) pause();
  }
  ASSERT_EQ(pipe.hear(), 1U);
  kill_and_wait(child);
  EXPECT_EQ(turns_in(path), 1U);
}

TEST(CrashTest, KilledAnywhereEveryReportedTurnIsThereAndNoneIsTorn) {
  const TempDir dir;
  const std::string path = dir.file("node.db");
  std::uint64_t turns = 0;
  for (std::uint64_t round = 1; round <= 12; ++round) {
    const Pipe pipe;
    const pid_t child = fork();
    if (child == 0) {
      const auto store = open_node(path);
      for (std::uint64_t turn = turns;; ++turn) {
        store->begin();
        append_turn(*store, turn);
        if (!store->commit()) _exit(1);
        pipe.tell(turn + 1);
      }
    }
    std::uint64_t reported = 0;
    for (std::uint64_t i = 0; i < round; ++i) reported = pipe.hear();
    kill_and_wait(child);
    const std::uint64_t found = turns_in(path);
    EXPECT_GE(found, reported);
    EXPECT_GT(found, turns);
    turns = found;
  }
}

}  // namespace
}  // namespace minqing::store
