// RawTcp: a plain TCP connection that says anything at all to a port.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "posix/file_descriptor.h"

namespace minqing::testing {

class RawTcp {
 public:
  /// "tcp://127.0.0.1:7711"; throws when nobody listens.
  explicit RawTcp(const std::string& endpoint);
  /// How many bytes the other side took before it hung up (or all).
  std::size_t write(std::string_view bytes);
  /// True when the other side has hung up.
  bool wait_closed(std::chrono::milliseconds patience);

 private:
  FileDescriptor fd_;
};

/// A port of 127.0.0.1 that is taken as long as this lives.
class TakenPort {
 public:
  TakenPort();
  int port() const { return port_; }

 private:
  FileDescriptor fd_;
  int port_ = 0;
};

}  // namespace minqing::testing
