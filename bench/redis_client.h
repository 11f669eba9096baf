// RedisClient: one connection that speaks RESP2, as much of it as streams need. Blocking; commands
// are gathered and sent together. One thread.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "posix/file_descriptor.h"

namespace minqing::bench {

struct RedisReply {
  bool is_null = false;
  std::string text;  // simple strings, bulk strings, numbers
  std::vector<RedisReply> items;
};

class RedisClient {
 public:
  /// Errors: kUnavailable - nobody listens on this port of 127.0.0.1.
  static Result<RedisClient> connect(int port);

  /// Gathers one command.
  void add(std::initializer_list<std::string_view> words);
  /// Sends what was gathered. Errors: kUnavailable.
  Status send();
  /// The next reply, in the order of the commands. Errors: kConflict - Redis' own error;
  /// kUnavailable - the connection broke; kCorrupt.
  Result<RedisReply> read();
  /// add, send, read.
  Result<RedisReply> call(std::initializer_list<std::string_view> words);

 private:
  explicit RedisClient(FileDescriptor fd) : fd_{std::move(fd)} {}
  Result<std::string_view> line();
  Status need(std::size_t bytes);
  Result<RedisReply> read_at(int depth);

  FileDescriptor fd_;
  std::string out_;
  std::string in_;
  std::size_t read_ = 0;  // of in_
};

}  // namespace minqing::bench
