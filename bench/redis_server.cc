#include "bench/redis_server.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/redis_client.h"

namespace minqing::bench {
namespace {

namespace fs = std::filesystem;

/// The server, or a tool of the package redis-tools that is the same program: it becomes the server
/// when it is called so. The package redis-server would also start one at every boot.
Result<fs::path> find_program() {
  const char* path = std::getenv("PATH");
  for (const char* name : {"redis-server", "redis-check-rdb"}) {
    std::istringstream folders{path == nullptr ? "/usr/bin" : path};
    for (std::string folder; std::getline(folders, folder, ':');) {
      const fs::path program = fs::path{folder} / name;
      if (::access(program.c_str(), X_OK) == 0) return program;
    }
  }
  return Error{Errc::kNotFound,
               "Redis, the reference of this benchmark, is not installed: install redis-tools "
               "(apt-get install redis-tools)"};
}

Result<int> free_port() {
  const FileDescriptor fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  if (!fd.is_open() || ::bind(fd.get(), name, size) != 0 ||
      ::getsockname(fd.get(), name, &size) != 0) {
    return Error{Errc::kUnavailable, "no free port on 127.0.0.1"};
  }
  return ntohs(address.sin_port);
}

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

}  // namespace

Result<RedisServer> RedisServer::start(const Workspace& workspace) {
  ASSIGN_OR_RETURN(const fs::path program, find_program());
  ASSIGN_OR_RETURN(const int port, free_port());
  const fs::path directory = workspace.file("redis");
  const fs::path log = workspace.file("redis.log");
  std::error_code error;
  fs::create_directory(directory, error);
  const fs::path server = workspace.file("redis-server");
  fs::create_symlink(program, server, error);
  if (error) return Error{Errc::kIo, "cannot link " + server.string() + ": " + error.message()};
  ASSIGN_OR_RETURN(auto flushes, FlushCounter::make(workspace, "redis"));
  const Environment counted = flushes.environment();
  ASSIGN_OR_RETURN(
      auto process,
      express::Process::start(
          {.name = "redis-server",
           .program = server,
           .arguments = {"--bind", "127.0.0.1", "--port", std::to_string(port), "--dir",
                         directory.string(), "--appendonly", "yes", "--appendfsync", "always",
                         "--auto-aof-rewrite-percentage", "0", "--save", "", "--daemonize", "no",
                         "--loglevel", "warning"},
           .log = log}));
  const Status answers = wait_until("Redis answers", kPatience, [&] {
    if (!process.is_running()) return true;
    auto client = RedisClient::connect(port);
    return client && client->call({"PING"}).has_value();
  });
  if (!answers || !process.is_running()) {
    return Error{Errc::kUnavailable, "Redis does not start:\n" + text_of(log)};
  }
  return RedisServer{std::move(process), std::move(flushes), port};
}

}  // namespace minqing::bench
