// RedisLoop: the same closed loop on Redis Streams: the requester adds to the request stream; a
// worker, its own process, blocks on it and adds to the reply stream; the requester blocks on that.
// Every write is flushed before it is answered. No encryption, no signatures, one store.
#pragma once

#include <memory>
#include <optional>

#include "bench/loop_contestant.h"
#include "bench/redis_client.h"
#include "bench/redis_server.h"

namespace minqing::bench {

class RedisLoop final : public LoopContestant {
 public:
  enum class End {
    kHeard,     // a loop has ended when the requester has its reply: two writes
    kRecorded,  // when it has also recorded that, as a node does: three writes
  };
  struct Options {
    End end = End::kHeard;
    std::size_t message_bytes = 0;
  };
  /// Starts the worker. `server` and `workspace` must outlive it.
  static Result<std::unique_ptr<RedisLoop>> start(const Workspace& workspace,
                                                  const RedisServer& server,
                                                  const Options& options);

  std::string name() const override;
  Result<LoopRound> run(std::uint32_t window, std::chrono::milliseconds time) override;

 private:
  RedisLoop(const RedisServer& server, const Options& options, RedisClient client)
      : server_{server}, options_{options}, client_{std::move(client)} {}

  /// Begins `count` loops and waits until at least one has ended; how many have.
  Result<std::size_t> turn(std::uint32_t count);
  Status record(std::size_t count);

  const RedisServer& server_;
  Options options_;
  RedisClient client_;
  std::string requests_;
  std::string replies_;
  std::string ends_;
  std::string last_reply_ = "0";
  std::optional<express::Process> worker_;
};

/// The worker's process (bench/role.h): serves the streams that `file` names until it is ended.
Status run_redis_worker(const std::filesystem::path& file);

}  // namespace minqing::bench
