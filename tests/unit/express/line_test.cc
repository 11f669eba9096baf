// A line passes, delays, swallows, adds junk and hangs up, as it was told, and heals.
#include "cli/express/line.h"

#include <array>
#include <chrono>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <gmock/gmock.h>

#include "posix/file_descriptor.h"
#include "tests/support/live_wait.h"

namespace minqing::express {
namespace {

using minqing::testing::eventually;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// One end of a TCP connection.
class End {
 public:
  explicit End(int fd) : fd_{fd} {}
  static End dial(const std::string& endpoint) {
    sockaddr_in address = loopback(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
    End out{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (::connect(out.fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error{"nobody listens"};
    }
    return out;
  }
  void say(const std::string& text) { ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL); }
  /// What came until now; waits for `bytes` of it.
  std::string hear(std::size_t bytes) {
    (void)eventually([&] { return look() || heard_.size() >= bytes; });
    return heard_;
  }
  bool is_closed() {
    return eventually([&] { return look(); });
  }

 private:
  /// True when the other end has hung up.
  bool look() {
    std::array<char, 4096> buffer;
    const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) heard_.append(buffer.data(), static_cast<std::size_t>(got));
    return got == 0 || (got < 0 && errno != EAGAIN);
  }
  FileDescriptor fd_;
  std::string heard_;
};

class Broker {
 public:
  Broker() : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), any, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), any, &size) != 0) {
      throw std::runtime_error{"cannot listen"};
    }
    endpoint_ = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  const std::string& endpoint() const { return endpoint_; }
  End take() { return End{::accept(listener_.get(), nullptr, nullptr)}; }
  bool is_called(milliseconds patience) const {
    pollfd waiting{listener_.get(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(patience.count())) > 0;
  }

 private:
  FileDescriptor listener_;
  std::string endpoint_;
};

class LineTest : public ::testing::Test {
 protected:
  Broker broker_;
  Line line_ = *Line::open(broker_.endpoint());
};

TEST_F(LineTest, PassesBothWaysInOrder) {
  End node = End::dial(line_.endpoint());
  End peer = broker_.take();
  std::string much;
  for (int i = 0; i < 20'000; ++i) much += std::to_string(i) + " ";
  node.say(much);
  peer.say("welcome");
  EXPECT_EQ(peer.hear(much.size()), much);
  EXPECT_EQ(node.hear(7), "welcome");
}

TEST_F(LineTest, HangsUpWhenOneEndDoes) {
  End node = End::dial(line_.endpoint());
  { End peer = broker_.take(); }
  EXPECT_TRUE(node.is_closed());
}

TEST_F(LineTest, DelaysWhatIsSaid) {
  constexpr milliseconds kDelay{120};
  line_.obey({LineMode::kDelay, kDelay});
  End node = End::dial(line_.endpoint());
  End peer = broker_.take();
  const auto begin = steady_clock::now();
  node.say("hello");
  EXPECT_EQ(peer.hear(5), "hello");
  EXPECT_GE(steady_clock::now() - begin, kDelay);
}

TEST_F(LineTest, CutHangsUpOnAllAndHealedTakesCallsAgain) {
  End node = End::dial(line_.endpoint());
  End peer = broker_.take();
  line_.cut();
  EXPECT_TRUE(node.is_closed());
  EXPECT_TRUE(peer.is_closed());
  End refused = End::dial(line_.endpoint());
  EXPECT_TRUE(refused.is_closed());
  line_.mend();
  End again = End::dial(line_.endpoint());
  End answered = broker_.take();
  again.say("again");
  EXPECT_EQ(answered.hear(5), "again");
}

TEST_F(LineTest, HalfOpenSwallowsAndKeepsTheConnectionUntilItIsHealed) {
  End node = End::dial(line_.endpoint());
  End peer = broker_.take();
  node.say("first");
  ASSERT_EQ(peer.hear(5), "first");  // the line serves the call; before, it may still be dialling
  line_.obey({LineMode::kHalfOpen});
  node.say("swallowed");
  ASSERT_TRUE(eventually([&] { return line_.counts().swallowed == 9; }));
  End fresh = End::dial(line_.endpoint());
  fresh.say("too");
  ASSERT_TRUE(eventually([&] { return line_.counts().swallowed == 12; }));
  EXPECT_FALSE(broker_.is_called(milliseconds{0})) << "a half-open line does not dial";
  EXPECT_EQ(line_.counts().hung_up, 0U);
  line_.mend();
  // A stream with a hole in it is over.
  EXPECT_TRUE(node.is_closed());
  EXPECT_TRUE(fresh.is_closed());
  EXPECT_TRUE(peer.is_closed());
  EXPECT_EQ(peer.hear(0), "first") << "nothing of what was swallowed";
}

TEST_F(LineTest, AConnectionThatLostNothingSurvivesBeingHalfOpen) {
  End node = End::dial(line_.endpoint());
  End peer = broker_.take();
  node.say("before");
  ASSERT_EQ(peer.hear(6), "before");
  line_.obey({LineMode::kHalfOpen});
  line_.mend();
  node.say(" after");
  EXPECT_EQ(peer.hear(12), "before after");
}

TEST_F(LineTest, JunkComesFirstOnANewConnection) {
  line_.obey({LineMode::kJunk});
  End node = End::dial(line_.endpoint());
  End peer = broker_.take();
  node.say("hello");
  const std::string heard = peer.hear(261);
  ASSERT_GT(heard.size(), 5U);
  EXPECT_TRUE(heard.ends_with("hello"));
  EXPECT_EQ(line_.counts().junk, 2 * (heard.size() - 5));
}

TEST(LineOrderTest, ReadsEveryOrderAndNoOther) {
  EXPECT_EQ(parse_line_order("pass")->mode, LineMode::kPass);
  EXPECT_EQ(parse_line_order("heal")->mode, LineMode::kPass);
  EXPECT_EQ(parse_line_order("cut")->mode, LineMode::kCut);
  EXPECT_EQ(parse_line_order("half-open")->mode, LineMode::kHalfOpen);
  EXPECT_EQ(parse_line_order("junk")->mode, LineMode::kJunk);
  const auto delay = parse_line_order("delay 250");
  ASSERT_TRUE(delay);
  EXPECT_EQ(delay->mode, LineMode::kDelay);
  EXPECT_EQ(delay->delay, Millis{250});
  for (const char* wrong :
       {"", "delay", "delay x", "delay -1", "delay 60001", "delay 5s", "PASS"}) {
    EXPECT_FALSE(parse_line_order(wrong)) << wrong;
  }
}

TEST(LineOpenTest, NeedsAnEndpointWithAPort) {
  for (const char* wrong : {"", "tcp://127.0.0.1", "tcp://127.0.0.1:x", "tcp://127.0.0.1:0"}) {
    EXPECT_EQ(Line::open(std::string{wrong}).error().code, Errc::kInvalid) << wrong;
  }
}

}  // namespace
}  // namespace minqing::express
