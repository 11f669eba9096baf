// What the tests of the command line share: a small network's files, a console of strings, a daemon
// that answers what the test says.
#pragma once

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/cli.h"
#include "cli/network/authority.h"
#include "net/local_socket.h"
#include "ops/system_clock.h"
#include "seal/init.h"
#include "tests/unit/ops/temporary_directory.h"

namespace minqing::cli {

inline const Instant kNow = *parse_instant("2026-11-24T16:05:09+08:00");

class ManualClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  Micros monotonic() const override { return now_.time_since_epoch(); }
  void advance(Micros by) { now_ += by; }

 private:
  Instant now_ = kNow;
};

inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary | std::ios::trunc} << text;
}

/// The files of a network of six addresses, valid for 30 days.
inline void write_network_files(const std::filesystem::path& dir) {
  write_file(dir / "network.toml",
             "name = \"kaihua\"\nname_zh = \"开化\"\nname_en = \"Kaihua\"\n"
             "[directory]\nvalidity_days = 30\n");
  write_file(dir / "divisions.csv",
             "# source: a test\ncode,name,tier,parent\n3308,衢州市,city,\n"
             "330824,开化县,county,3308\n330825,龙游县,county,3308\n"
             "330824115,华埠镇,township,330824\n");
  write_file(dir / "categories.toml",
             "category = [\n"
             "  {code = \"01\", name_zh = \"住房\", name_en = \"Housing\"},\n"
             "  {code = \"0101\", name_zh = \"物业\", name_en = \"Estates\"},\n"
             "  {code = \"0201\", name_zh = \"道路\", name_en = \"Roads\"},\n"
             "  {code = \"02\", name_zh = \"市政\", name_en = \"Utilities\"},\n"
             "]\n");
  write_file(dir / "agencies.toml",
             "agency = [\n"
             "  {address = \"housing@330824\", kind = \"party-government\", "
             "name_zh = \"开化县住建局\", name_en = \"H\"},\n"
             "  {address = \"water@330824\", kind = \"public-service\", "
             "name_zh = \"自来水公司\", name_en = \"W\"},\n"
             "]\n");
  write_file(dir / "duties.toml",
             "[[duty]]\ncategory = \"01\"\narea = \"330824\"\nlead = \"housing@330824\"\n"
             "assists = [\"water@330824\"]\nreason = \"主管\"\n");
  write_file(dir / "links.toml", "link = []\n");
}

/// Answers each verb with what the test gave, on its own thread; keeps the requests.
class FakeDaemon {
 public:
  FakeDaemon(const std::filesystem::path& socket, std::map<std::string, std::string> answers)
      : answers_{std::move(answers)} {
    std::filesystem::create_directories(socket.parent_path());
    auto opened = net::LocalServer::open({.path = socket.string()}, clock_);
    CHECK(opened.has_value());
    thread_ = std::thread{[this, server = std::move(*opened)]() mutable { serve(server); }};
  }
  ~FakeDaemon() {
    is_ending_ = true;
    thread_.join();
  }
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;

  std::vector<nlohmann::json> requests() {
    const std::lock_guard hold{mutex_};
    return requests_;
  }
  /// The only request so far.
  nlohmann::json request() {
    const auto all = requests();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? nlohmann::json{} : all.front();
  }

 private:
  void serve(net::LocalServer& server) {
    while (!is_ending_) {
      pollfd waiting{.fd = server.poll_fd(), .events = POLLIN, .revents = 0};
      ::poll(&waiting, 1, 10);
      for (const net::LocalServer::Request& request : server.process()) {
        const auto json = nlohmann::json::parse(request.text);
        const auto answer = answers_.find(json.value("verb", ""));
        {
          const std::lock_guard hold{mutex_};
          requests_.push_back(json);
        }
        CHECK(server
                  .reply(request.client,
                         answer == answers_.end()
                             ? R"({"ok":false,"error":{"code":"invalid","detail":"no such verb"}})"
                             : answer->second)
                  .has_value());
      }
    }
  }

  ops::SystemClock clock_;
  std::map<std::string, std::string> answers_;
  std::mutex mutex_;
  std::vector<nlohmann::json> requests_;
  std::atomic<bool> is_ending_{false};
  std::thread thread_;
};

struct Ran {
  ops::ExitCode code;
  std::string out;
  std::string err;
};

class CliTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(seal::init());
    write_network_files(files_);
  }

  Ran run(const std::vector<std::string>& arguments, const std::string& input = {}) {
    std::istringstream in{input};
    std::ostringstream out;
    std::ostringstream err;
    Console console{.in = in, .out = out, .err = err, .clock = clock_, .default_dir = dir_};
    const ops::ExitCode code = run_cli(arguments, console);
    return {code, out.str(), err.str()};
  }
  /// Runs, and fails the test unless it ends well.
  std::string run_well(const std::vector<std::string>& arguments, const std::string& input = {}) {
    const Ran ran = run(arguments, input);
    EXPECT_EQ(ran.code, ops::ExitCode::kOk) << ran.err;
    return ran.out;
  }

  /// A network with node "kaihua" for 330824 and "bureau" for housing@330824.
  void make_network() {
    run_well({"network", "init", "--from", files_});
    run_well({"enroll", "--node", "kaihua", "--host", "330824", "--admit"});
    run_well({"enroll", "--node", "bureau", "--host", "housing@330824", "--admit"});
  }
  Directory directory() const {
    auto loaded = network::load_directory(network_);
    CHECK(loaded.has_value());
    return std::move(loaded->directory);
  }
  std::filesystem::path kaihua_socket() const { return network_.node_socket("kaihua"); }

  ops::TemporaryDirectory temporary_;
  std::string files_ = temporary_.file("files");
  std::string dir_ = temporary_.file("net");
  network::NetworkDir network_{dir_};
  ManualClock clock_;
};

}  // namespace minqing::cli
