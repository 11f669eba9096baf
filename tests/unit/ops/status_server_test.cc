#include "ops/status_server.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <httplib.h>

namespace minqing::ops {
namespace {

using testing::HasSubstr;

class ManualClock final : public Clock {
 public:
  Instant now() const override { return Instant{monotonic()}; }
  Micros monotonic() const override { return Micros{micros_.load()}; }
  void advance(Micros by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_ = 1'000'000;
};

class StatusServerTest : public testing::Test {
 protected:
  StatusServer start() { return *StatusServer::start({}, clock_); }

  static httplib::Result get(const StatusServer& server, const std::string& path) {
    return httplib::Client{"127.0.0.1", server.port()}.Get(path);
  }

  ManualClock clock_;
};

TEST_F(StatusServerTest, IsUnhealthyUntilTheDaemonHasSaidSomething) {
  const StatusServer server = start();
  const auto answer = get(server, "/healthz");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "starting\n");
}

TEST_F(StatusServerTest, HealthFlipsBetween200And503WithTheReasons) {
  StatusServer server = start();
  server.publish({});
  EXPECT_EQ(get(server, "/healthz")->status, 200);
  EXPECT_EQ(get(server, "/healthz")->body, "ok\n");

  server.publish({.unhealthy_reasons = {"disk: red", "directory expired"},
                  .metrics_text = {},
                  .status_json = {}});
  EXPECT_EQ(get(server, "/healthz")->status, 503);
  EXPECT_EQ(get(server, "/healthz")->body, "disk: red\ndirectory expired\n");

  server.publish({});
  EXPECT_EQ(get(server, "/healthz")->status, 200);
}

TEST_F(StatusServerTest, AHangingDaemonIsUnhealthyWhateverItSaidLast) {
  StatusServer server = start();
  server.publish({});
  clock_.advance(Micros{30'000'000});
  EXPECT_EQ(get(server, "/healthz")->status, 200);
  clock_.advance(Micros{1});
  EXPECT_EQ(get(server, "/healthz")->status, 503);
  EXPECT_THAT(get(server, "/healthz")->body, HasSubstr("stale"));
}

TEST_F(StatusServerTest, ServesWhatWasPublished) {
  StatusServer server = start();
  server.publish({.unhealthy_reasons = {},
                  .metrics_text = "minqing_x 1\n",
                  .status_json = R"({"role":"broker"})"});
  const auto metrics = get(server, "/metrics");
  EXPECT_EQ(metrics->body, "minqing_x 1\n");
  EXPECT_THAT(metrics->get_header_value("Content-Type"), HasSubstr("version=0.0.4"));
  const auto status = get(server, "/status.json");
  EXPECT_EQ(status->body, R"({"role":"broker"})");
  EXPECT_EQ(status->get_header_value("Content-Type"), "application/json");
}

TEST_F(StatusServerTest, OnlyReads) {
  StatusServer server = start();
  httplib::Client client{"127.0.0.1", server.port()};
  EXPECT_EQ(client.Post("/healthz", "x", "text/plain")->status, 405);
  EXPECT_EQ(client.Delete("/metrics")->status, 405);
  EXPECT_EQ(client.Get("/etc/passwd")->status, 404);
  EXPECT_THAT(client.Get("/")->body, HasSubstr("/status.json"));
}

TEST_F(StatusServerTest, SaysThatThePortIsTaken) {
  const StatusServer first = start();
  const auto second =
      StatusServer::start({.port = first.port(), .stale_after = Micros{1'000'000}}, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kUnavailable);
  EXPECT_THAT(second.error().detail, HasSubstr("127.0.0.1:" + std::to_string(first.port())));
}

TEST_F(StatusServerTest, StopsCleanlyAndLeavesThePortFree) {
  std::uint16_t port = 0;
  {
    const StatusServer server = start();
    port = server.port();
    EXPECT_TRUE(get(server, "/healthz"));
  }
  EXPECT_FALSE(httplib::Client("127.0.0.1", port).Get("/healthz"));
  const auto again = StatusServer::start({.port = port}, clock_);
  EXPECT_TRUE(again) << again.error().detail;
}

TEST_F(StatusServerTest, StopsInSpiteOfAClientThatSaysNothing) {
  const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
  {
    const StatusServer server = start();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(silent, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_TRUE(get(server, "/healthz"));  // the silent one is being served by now
  }
  char byte = 0;
  EXPECT_LE(::recv(silent, &byte, 1, 0), 0);  // and was hung up on
  ::close(silent);
}

TEST_F(StatusServerTest, ServesWholeSnapshotsWhileTheyAreSwapped) {
  StatusServer server = start();
  const std::string a(50'000, 'a');
  const std::string b(50'000, 'b');
  server.publish({.unhealthy_reasons = {}, .metrics_text = a, .status_json = {}});
  std::atomic<bool> done = false;
  std::thread daemon{[&] {
    for (int i = 0; !done; ++i) {
      server.publish({.unhealthy_reasons = {}, .metrics_text = i % 2 ? a : b, .status_json = {}});
    }
  }};
  for (int i = 0; i < 30; ++i) {
    const auto answer = get(server, "/metrics");
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->body == a || answer->body == b);
  }
  done = true;
  daemon.join();
}

}  // namespace
}  // namespace minqing::ops
