// A node's session with one broker: a DEALER with CURVE.
//
// Guarantees: receive and send never block; nothing is queued before the connection stands (then
// send says kFull). libzmq redials by itself, unseen, after a random 300-1000 ms doubling to 30 s.
// But a broker that refuses our key is never dialled again by libzmq (tested with 4.3.4): silence
// must be answered by reopen(), which is right after every lost liveness anyway.
// Trusts: the server key. Owner: one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/ids.h"
#include "core/random.h"
#include "core/result.h"
#include "net/context.h"
#include "net/curve.h"
#include "net/poll_handle.h"
#include "net/send_outcome.h"

namespace minqing::net {

class DealerSocket {
 public:
  struct Options {
    std::string endpoint;  // "tcp://broker.example:7711"
    PublicKey server_key;
    CurveKeys keys;
    int tos = 0;  // IP type of service; 0 = the system's default
  };

  /// Starts to dial; does not wait. `random` spreads the redials and must outlive the socket.
  /// Errors: kInvalid - bad endpoint; kBusy - no more descriptors.
  static Result<DealerSocket> connect(const Context& context,
                                      const Options& options,
                                      Random& random);
  ~DealerSocket();
  DealerSocket(DealerSocket&&) noexcept;
  DealerSocket& operator=(DealerSocket&&) noexcept;

  /// The next message, aligned for any type, or nullopt. Multi-frame messages are dropped and
  /// counted.
  std::optional<Bytes> receive();
  /// kSent or kFull.
  SendOutcome send(ByteView payload);

  /// Closes and dials anew: all that was queued is gone, and every PollHandle of before is invalid.
  /// After an error the socket is as it was.
  Status reopen();

  std::uint64_t malformed_count() const;
  PollHandle poll_handle() const;

 private:
  struct Impl;
  explicit DealerSocket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace minqing::net
