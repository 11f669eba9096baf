#include <csignal>

#include <unistd.h>

#include <gmock/gmock.h>
#include <pthread.h>

#include "tests/unit/net/net_testing.h"

namespace minqing::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PollerTest, SaysWhichDescriptorIsReadable) {
  int first[2];
  int second[2];
  ASSERT_EQ(::pipe(first), 0);
  ASSERT_EQ(::pipe(second), 0);
  ASSERT_EQ(::write(second[1], "x", 1), 1);
  Poller poller;
  const auto quiet = poller.watch(first[0]);
  const auto ready = poller.watch(second[0]);

  poller.wait(std::nullopt);

  EXPECT_FALSE(poller.is_readable(quiet));
  EXPECT_TRUE(poller.is_readable(ready));
  for (const int fd : {first[0], first[1], second[0], second[1]}) ::close(fd);
}

TEST(PollerTest, ReturnsAtItsDeadlineWithNothingReady) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  Poller poller;
  const auto slot = poller.watch(ends[0]);
  const auto before = std::chrono::steady_clock::now();
  poller.wait(Micros{20'500});
  EXPECT_GE(std::chrono::steady_clock::now() - before, Micros{20'500});
  EXPECT_FALSE(poller.is_readable(slot));
  poller.wait(Micros{-5});  // a deadline that has passed: at once
  EXPECT_FALSE(poller.is_readable(slot));
  ::close(ends[0]);
  ::close(ends[1]);
}

/// The thread's mask as it was before the test; what is pending is dropped first.
class KeptMask {
 public:
  KeptMask() { pthread_sigmask(SIG_BLOCK, nullptr, &mask_); }
  ~KeptMask() {
    std::signal(SIGTERM, SIG_IGN);  // drops a pending one
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
    std::signal(SIGTERM, SIG_DFL);
  }

 private:
  sigset_t mask_{};
};

TEST(SignalFdTest, TurnsSignalsIntoReadableEvents) {
  const KeptMask mask;
  auto signals = SignalFd::open();
  ASSERT_TRUE(signals);
  EXPECT_THAT(signals->read(), IsEmpty());
  ::raise(SIGTERM);
  ::raise(SIGHUP);
  Poller poller;
  const auto slot = poller.watch(signals->fd());
  poller.wait(std::nullopt);
  EXPECT_TRUE(poller.is_readable(slot));
  EXPECT_THAT(signals->read(), testing::UnorderedElementsAre(Signal::kStop, Signal::kReload));
  ::raise(SIGINT);
  EXPECT_THAT(signals->read(), ElementsAre(Signal::kStop));
}

TEST(SignalFdTest, AfterItsEndASignalStillKillsNobody) {
  const KeptMask mask;
  ASSERT_TRUE(SignalFd::open());
  ::raise(SIGTERM);
  sigset_t pending;
  ASSERT_EQ(::sigpending(&pending), 0);
  EXPECT_EQ(sigismember(&pending, SIGTERM), 1);
}

TEST(SigpipeTest, AWriteToAClosedPipeIsAnErrorNotADeath) {
  ignore_sigpipe();
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

}  // namespace
}  // namespace minqing::net
