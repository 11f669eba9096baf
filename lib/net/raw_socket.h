// Internal to lib/net: one ZeroMQ socket with errors as Results, and messages as bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "net/context.h"
#include "net/poll_handle.h"
#include "net/send_outcome.h"

namespace minqing::net {

/// One received frame, copied into memory of its own: libzmq's payloads are usually unaligned,
/// while a vector's are aligned for any type.
struct RawFrame {
  Bytes payload;
  std::string user_id;       // what the ZAP handler said; only when metadata were asked for
  std::string peer_address;  // likewise
};

enum class Metadata { kRead, kSkip };
enum class More { kYes, kNo };

class RawSocket {
 public:
  /// Errors: kBusy - no more descriptors or sockets.
  static Result<RawSocket> open(const Context& context, int type);
  ~RawSocket();
  RawSocket(RawSocket&& other) noexcept;
  RawSocket& operator=(RawSocket&& other) noexcept;
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  // Options are ours, never input: a refused one is a bug and stops the program.
  void set(int option, int value);
  void set(int option, const std::string& value);
  void set(int option, ByteView value);

  /// The settings that every network socket of the product has (design: ZeroMQ settings).
  void set_common();

  Status bind(const std::string& endpoint);
  Status connect(const std::string& endpoint);
  std::string last_endpoint() const;

  /// The next frame without waiting; nullopt when there is none.
  std::optional<RawFrame> receive(Metadata metadata);
  /// True when the frame received last is followed by another of the same message.
  bool has_more() const;
  /// Drops the rest of the message whose frame was received last.
  void drain();

  SendOutcome send(ByteView frame, More more);

  PollHandle poll_handle() const { return {socket_}; }

 private:
  RawSocket(std::shared_ptr<ContextState> context, void* socket);
  void close();

  std::shared_ptr<ContextState> context_;
  void* socket_ = nullptr;
};

}  // namespace minqing::net
