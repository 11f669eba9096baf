#include "bench/redis_loop.h"

#include <deque>
#include <fstream>

#include "bench/role.h"

namespace minqing::bench {
namespace {

using std::chrono::steady_clock;

constexpr const char* kBatch = "256";  // entries read at once

/// The entries of an XREAD of one stream: id and fields each.
Result<std::vector<RedisReply>> entries_of(RedisReply reply) {
  if (reply.is_null) return std::vector<RedisReply>{};
  const bool is_sound = reply.items.size() == 1 && reply.items.front().items.size() == 2;
  if (!is_sound) return Error{Errc::kCorrupt, "XREAD's answer is not of one stream"};
  return std::move(reply.items.front().items.back().items);
}

}  // namespace

std::string RedisLoop::name() const {
  return options_.end == End::kHeard ? "redis" : "redis, end recorded";
}

Result<std::unique_ptr<RedisLoop>> RedisLoop::start(const Workspace& workspace,
                                                    const RedisServer& server,
                                                    const Options& options) {
  ASSIGN_OR_RETURN(auto client, RedisClient::connect(server.port()));
  std::unique_ptr<RedisLoop> loop{new RedisLoop{server, options, std::move(client)}};
  const std::string tag = options.end == End::kHeard ? "heard" : "recorded";
  loop->requests_ = "requests-" + tag;
  loop->replies_ = "replies-" + tag;
  loop->ends_ = "ends-" + tag;
  const auto file = workspace.file("redis-" + tag);
  std::ofstream{file} << server.port() << " " << loop->requests_ << " " << loop->replies_ << "\n";
  ASSIGN_OR_RETURN(loop->worker_, start_role(workspace, "redis-worker", file));
  return loop;
}

Status RedisLoop::record(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) client_.add({"XADD", ends_, "*", "id", last_reply_});
  RETURN_IF_ERROR(client_.send());
  for (std::size_t i = 0; i < count; ++i) RETURN_IF_ERROR(client_.read());
  return ok();
}

Result<std::size_t> RedisLoop::turn(std::uint32_t count) {
  const std::string body(options_.message_bytes, 'x');
  for (std::uint32_t i = 0; i < count; ++i) client_.add({"XADD", requests_, "*", "body", body});
  client_.add({"XREAD", "COUNT", kBatch, "BLOCK", "10000", "STREAMS", replies_, last_reply_});
  RETURN_IF_ERROR(client_.send());
  for (std::uint32_t i = 0; i < count; ++i) RETURN_IF_ERROR(client_.read());
  ASSIGN_OR_RETURN(RedisReply reply, client_.read());
  ASSIGN_OR_RETURN(const auto entries, entries_of(std::move(reply)));
  if (entries.empty()) {
    return Error{Errc::kTimeout, "no reply from the worker of Redis for ten seconds"};
  }
  last_reply_ = entries.back().items.at(0).text;
  if (options_.end == End::kRecorded) RETURN_IF_ERROR(record(entries.size()));
  return entries.size();
}

Result<LoopRound> RedisLoop::run(std::uint32_t window, std::chrono::milliseconds time) {
  LoopRound round;
  std::deque<steady_clock::time_point> began;  // replies come in the order of the requests
  auto begin = steady_clock::now();
  const auto warm = begin + kWarmUp;
  auto end = warm + time;
  FlushCounter::Reading before;
  bool is_measuring = false;
  while (true) {
    const auto now = steady_clock::now();
    if (interrupted()) return interruption();
    if (!is_measuring && now >= warm) {
      is_measuring = true;
      begin = now;
      end = now + time;
      before = server_.flushes();
    }
    if (is_measuring && now >= end) break;
    const auto room = window - static_cast<std::uint32_t>(began.size());
    began.insert(began.end(), room, now);
    ASSIGN_OR_RETURN(const std::size_t ended, turn(room));
    const auto heard = steady_clock::now();
    for (std::size_t i = 0; i < ended; ++i) {
      if (is_measuring) {
        round.micros.push_back(
            std::chrono::duration<double, std::micro>(heard - began.front()).count());
      }
      began.pop_front();
    }
  }
  const auto after = server_.flushes();
  round.seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
  round.loops = round.micros.size();
  round.flushes = after.all - before.all;
  round.log_flushes = after.of_log - before.of_log;
  for (std::size_t left = began.size(); left > 0;) {
    ASSIGN_OR_RETURN(const std::size_t ended, turn(0));
    left -= ended;
  }
  // What is there already costs nothing but memory; emptied so that it does not grow for ever.
  for (const std::string& stream : {requests_, replies_, ends_}) {
    RETURN_IF_ERROR(client_.call({"XTRIM", stream, "MAXLEN", "0"}));
  }
  return round;
}

Status run_redis_worker(const std::filesystem::path& file) {
  int port = 0;
  std::string requests;
  std::string replies;
  std::ifstream{file} >> port >> requests >> replies;
  ASSIGN_OR_RETURN(auto client, RedisClient::connect(port));
  std::string last = "0";
  std::size_t unread = 0;  // answers to what was added
  while (true) {
    client.add({"XREAD", "COUNT", kBatch, "BLOCK", "0", "STREAMS", requests, last});
    RETURN_IF_ERROR(client.send());
    for (; unread > 0; --unread) RETURN_IF_ERROR(client.read());
    ASSIGN_OR_RETURN(RedisReply reply, client.read());
    ASSIGN_OR_RETURN(const auto entries, entries_of(std::move(reply)));
    for (const RedisReply& entry : entries) {
      const auto& fields = entry.items.at(1).items;
      client.add({"XADD", replies, "*", "to", entry.items.at(0).text, "body", fields.at(1).text});
      ++unread;
    }
    if (!entries.empty()) last = entries.back().items.at(0).text;
  }
}

}  // namespace minqing::bench
