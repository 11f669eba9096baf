#include "net/local_socket.h"

#include <fstream>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/unit/net/net_testing.h"

namespace minqing::net {
namespace {

using testing::HasSubstr;

class LocalSocketTest : public testing::Test {
 protected:
  LocalServer open() { return *LocalServer::open({.path = path()}, clock_); }
  std::string path() const { return directory_.file("minqing.sock"); }

  /// Runs the server until it has given `wanted` requests.
  static std::vector<LocalServer::Request> serve(LocalServer& server, std::size_t wanted) {
    std::vector<LocalServer::Request> requests;
    EXPECT_TRUE(eventually([&] {
      wait(server);
      for (auto& request : server.process()) requests.push_back(std::move(request));
      return requests.size() >= wanted;
    }));
    return requests;
  }

  /// Runs the server until `condition` holds.
  template <class Condition>
  static bool serve_until(LocalServer& server, Condition condition) {
    return eventually([&] {
      wait(server);
      EXPECT_TRUE(server.process().empty());
      return condition();
    });
  }

  static void wait(const LocalServer& server) {
    Poller poller;
    poller.watch(server.poll_fd());
    poller.wait(Micros{5'000});
  }

  /// A connection that speaks no protocol of ours.
  int raw_connection() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path();
    std::copy(name.begin(), name.end(), address.sun_path);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return fd;
  }

  static void write_raw(int fd, std::string_view bytes) {
    CHECK(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(bytes.size()));
  }

  TemporaryDirectory directory_;
  ManualClock clock_;
};

TEST_F(LocalSocketTest, CarriesARequestWithTheCallersUidAndItsAnswer) {
  LocalServer server = open();
  Result<std::string> answer = std::string{};
  std::thread caller{[&] { answer = LocalClient::connect(path())->call("status", kPatience); }};

  const auto requests = serve(server, 1);
  EXPECT_EQ(requests.at(0).text, "status");
  EXPECT_EQ(requests.at(0).uid, ::getuid());
  EXPECT_TRUE(server.reply(requests.at(0).client, "一切正常"));
  caller.join();

  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(*answer, "一切正常");
  EXPECT_EQ(server.pending_bytes(), 0U);
}

TEST_F(LocalSocketTest, CarriesTheLargestMessageBothWays) {
  LocalServer server = open();
  const std::string large(kLocalMessageBytesMax, 'z');
  Result<std::string> answer = std::string{};
  std::thread caller{[&] { answer = LocalClient::connect(path())->call(large, kPatience); }};

  const auto requests = serve(server, 1);
  EXPECT_TRUE(requests.at(0).text == large);
  EXPECT_TRUE(server.reply(requests.at(0).client, large));
  EXPECT_GT(server.pending_bytes(), 0U);  // the kernel does not take 4 MiB at once
  EXPECT_TRUE(serve_until(server, [&] { return server.pending_bytes() == 0; }));
  caller.join();

  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_TRUE(*answer == large);
}

TEST_F(LocalSocketTest, RefusesMessagesAboveTheLimitAndEmptyOnes) {
  LocalServer server = open();
  LocalClient client = *LocalClient::connect(path());
  EXPECT_EQ(client.call(std::string(kLocalMessageBytesMax + 1, 'z'), kPatience).error().code,
            Errc::kTooLarge);
  EXPECT_EQ(client.call("", kPatience).error().code, Errc::kInvalid);
}

TEST_F(LocalSocketTest, AnAnswerThatIsTooLargeLeavesTheClientWaitingForAnother) {
  LocalServer server = open();
  Result<std::string> answer = std::string{};
  std::thread caller{[&] { answer = LocalClient::connect(path())->call("list", kPatience); }};
  const auto requests = serve(server, 1);

  const Status refused =
      server.reply(requests.at(0).client, std::string(kLocalMessageBytesMax + 1, 'z'));
  EXPECT_EQ(refused.error().code, Errc::kTooLarge);
  EXPECT_TRUE(server.reply(requests.at(0).client, "too much: ask for a page"));
  caller.join();

  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, "too much: ask for a page");
}

TEST_F(LocalSocketTest, ServesTwoClientsInTheOrderItLikes) {
  LocalServer server = open();
  std::vector<Result<std::string>> answers(2, std::string{});
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < 2; ++i) {
    callers.emplace_back([&, i] {
      LocalClient client = *LocalClient::connect(path());
      answers[i] = client.call("who am I " + std::to_string(i), kPatience);
      if (answers[i]) answers[i] = client.call("and now " + std::to_string(i), kPatience);
    });
  }
  auto requests = serve(server, 2);  // both wait at the same time
  ASSERT_NE(requests.at(0).client, requests.at(1).client);
  EXPECT_TRUE(server.reply(requests[1].client, "to " + requests[1].text));
  EXPECT_TRUE(server.reply(requests[0].client, "to " + requests[0].text));
  for (const auto& request : serve(server, 2)) {
    EXPECT_TRUE(server.reply(request.client, "to " + request.text));
  }
  for (auto& caller : callers) caller.join();

  EXPECT_EQ(*answers[0], "to and now 0");
  EXPECT_EQ(*answers[1], "to and now 1");
}

TEST_F(LocalSocketTest, DropsWhoSendsGarbageAndServesTheOthers) {
  LocalServer server = open();
  const int garbage = raw_connection();
  write_raw(garbage, "GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(serve_until(server, [&] { return server.dropped_count() == 1; }));
  EXPECT_EQ(server.client_count(), 0U);
  char byte = 0;
  EXPECT_LE(::recv(garbage, &byte, 1, 0), 0);
  ::close(garbage);

  const int zero = raw_connection();
  write_raw(zero, std::string_view{"\0\0\0\0", 4});
  EXPECT_TRUE(serve_until(server, [&] { return server.dropped_count() == 2; }));
  ::close(zero);

  std::thread caller{[&] { EXPECT_TRUE(LocalClient::connect(path())->call("status", kPatience)); }};
  const auto requests = serve(server, 1);
  EXPECT_TRUE(server.reply(requests.at(0).client, "ok"));
  caller.join();
}

TEST_F(LocalSocketTest, DropsWhoStallsInTheMiddleOfARequest) {
  LocalServer server = open();
  const int slow = raw_connection();
  write_raw(slow, std::string_view{"\x10\0\0\0half", 8});
  EXPECT_TRUE(serve_until(server, [&] { return server.client_count() == 1; }));
  EXPECT_TRUE(serve_until(server, [] { return true; }));
  EXPECT_EQ(server.dropped_count(), 0U);

  clock_.advance(Micros{10'000'001});

  EXPECT_TRUE(serve_until(server, [&] { return server.dropped_count() == 1; }));
  ::close(slow);
}

TEST_F(LocalSocketTest, DropsWhoNeverFetchesItsAnswer) {
  LocalServer server = open();
  const int greedy = raw_connection();
  write_raw(greedy, std::string_view{"\x04\0\0\0list", 8});
  const auto requests = serve(server, 1);
  EXPECT_TRUE(server.reply(requests.at(0).client, std::string(kLocalMessageBytesMax, 'z')));
  EXPECT_GT(server.pending_bytes(), 0U);

  clock_.advance(Micros{10'000'001});

  EXPECT_TRUE(serve_until(server, [&] { return server.dropped_count() == 1; }));
  EXPECT_EQ(server.pending_bytes(), 0U);
  ::close(greedy);
}

TEST_F(LocalSocketTest, SaysNotFoundWhenTheClientHungUpBeforeItsAnswer) {
  LocalServer server = open();
  const int impatient = raw_connection();
  write_raw(impatient, std::string_view{"\x04\0\0\0list", 8});
  const auto requests = serve(server, 1);
  ::close(impatient);
  EXPECT_TRUE(serve_until(server, [&] { return server.client_count() == 0; }));
  EXPECT_EQ(server.reply(requests.at(0).client, "late").error().code, Errc::kNotFound);
}

TEST_F(LocalSocketTest, HangsUpOnOneClientTooMany) {
  LocalServer server = open();
  std::vector<int> connections;
  for (std::size_t i = 0; i < kLocalClientsMax; ++i) connections.push_back(raw_connection());
  EXPECT_TRUE(serve_until(server, [&] { return server.client_count() == kLocalClientsMax; }));
  connections.push_back(raw_connection());
  EXPECT_TRUE(serve_until(server, [&] { return server.dropped_count() == 1; }));
  EXPECT_EQ(server.client_count(), kLocalClientsMax);
  for (const int fd : connections) ::close(fd);
  EXPECT_TRUE(serve_until(server, [&] { return server.client_count() == 0; }));
}

TEST_F(LocalSocketTest, ReplacesASocketFileThatNobodyListensOn) {
  {
    // What a killed daemon leaves: a bound file without a listener.
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path();
    std::copy(name.begin(), name.end(), address.sun_path);
    ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(dead);
  }
  EXPECT_EQ(LocalClient::connect(path()).error().code, Errc::kUnavailable);
  const auto server = LocalServer::open({.path = path()}, clock_);
  ASSERT_TRUE(server) << server.error().detail;
  EXPECT_TRUE(LocalClient::connect(path()));
}

TEST_F(LocalSocketTest, RefusesToReplaceALiveListener) {
  const LocalServer first = open();
  const auto second = LocalServer::open({.path = path()}, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kConflict);
  EXPECT_THAT(second.error().detail, HasSubstr("already running"));
  EXPECT_TRUE(LocalClient::connect(path()));  // the first one's file is untouched
}

TEST_F(LocalSocketTest, RefusesToReplaceAFileThatIsNoSocket) {
  std::ofstream{path()} << "precious";
  const auto server = LocalServer::open({.path = path()}, clock_);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Errc::kInvalid);
  EXPECT_TRUE(std::filesystem::exists(path()));
}

TEST_F(LocalSocketTest, HasMode0660AndIsRemovedAtTheEnd) {
  {
    const LocalServer server = open();
    struct stat info {};
    ASSERT_EQ(::stat(path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0660U);
  }
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(LocalSocketTest, ExplainsAPathThatIsTooLong) {
  const std::string path = "/" + std::string(kLocalPathBytesMax, 'x');
  const auto server = LocalServer::open({.path = path}, clock_);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Errc::kInvalid);
  EXPECT_THAT(server.error().detail, HasSubstr("108 bytes"));
  EXPECT_EQ(LocalClient::connect(path).error().code, Errc::kInvalid);
}

TEST_F(LocalSocketTest, SaysThatTheDaemonIsNotRunning) {
  const auto client = LocalClient::connect(path());
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, Errc::kUnavailable);
  EXPECT_THAT(client.error().detail, HasSubstr("not running"));
}

TEST_F(LocalSocketTest, TimesOutWhenNobodyAnswersAndStaysClosed) {
  const LocalServer server = open();  // never processed
  LocalClient client = *LocalClient::connect(path());
  EXPECT_EQ(client.call("status", Millis{20}).error().code, Errc::kTimeout);
  EXPECT_EQ(client.call("status", Millis{20}).error().code, Errc::kUnavailable);
}

TEST_F(LocalSocketTest, SaysThatTheDaemonHungUpWhenItStopsBeforeTheAnswer) {
  std::optional<LocalServer> server = open();
  Result<std::string> answer = std::string{};
  std::thread caller{[&] { answer = LocalClient::connect(path())->call("status", kPatience); }};
  EXPECT_EQ(serve(*server, 1).size(), 1U);
  server.reset();
  caller.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::kUnavailable);
}

}  // namespace
}  // namespace minqing::net
