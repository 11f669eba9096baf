// The local door of a daemon: a Unix socket for the command line and for adapters on this machine.
//
// Protocol: a request and its answer are byte strings, each led by its length (u32, little-endian),
// 1 byte to 4 MiB; one request at a time per connection. What they say is the daemon's business.
//
// Guarantees of the server: never blocks; memory is bounded (kLocalClientsMax x one request and one
// answer, grown as bytes come, not as lengths promise); whoever sends a wrong length, stalls in the
// middle of a request or does not fetch an answer is dropped and counted. Every request carries the
// uid that the kernel vouches for.
// Trusts: the directory's permissions and mode 0660 to keep strangers out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"

namespace minqing::net {

inline constexpr std::size_t kLocalMessageBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kLocalClientsMax = 32;     // a further one is hung up on
inline constexpr std::size_t kLocalPathBytesMax = 107;  // sun_path without its NUL

using ClientId = Number<struct LocalClientTag>;  // one connection; never used again

class LocalServer {
 public:
  struct Options {
    std::string path;
    Micros stall_max{10'000'000};  // within a request or an answer: then dropped
    Micros idle_max{60'000'000};   // between requests: then dropped
  };

  struct Request {
    ClientId client;
    std::uint32_t uid = 0;
    std::string text;
  };

  /// Listens at the path. A socket file that nobody listens on (a crash left it) is replaced.
  /// `clock` must outlive the server. Owner: one thread.
  /// Errors: kConflict - already running: somebody listens there; kInvalid - path empty, too long,
  /// not a socket; kNotFound - no such directory; kNotAllowed; kIo.
  static Result<LocalServer> open(const Options& options, const Clock& clock);
  ~LocalServer();  // hangs up and removes the socket file, if it is still ours
  LocalServer(LocalServer&&) noexcept;
  LocalServer& operator=(LocalServer&&) noexcept;

  /// The one descriptor to watch: readable when process() has something to do.
  int poll_fd() const;

  /// Takes in new clients and bytes, sends what waits, drops the stalled. Call it every turn, and
  /// at least every few seconds. A client's next request comes only after the reply to this one.
  std::vector<Request> process();

  /// Errors: kNotFound - the client has hung up; kTooLarge, kInvalid (empty) - nothing was sent,
  /// reply something else.
  Status reply(ClientId client, std::string_view text);

  std::size_t client_count() const;
  std::size_t pending_bytes() const;  // of answers not yet fetched
  std::uint64_t dropped_count() const;

 private:
  struct Impl;
  explicit LocalServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class LocalClient {
 public:
  /// Errors: kUnavailable - not running; kNotAllowed - no permission; kInvalid - bad path;
  /// kBusy - too many wait already.
  static Result<LocalClient> connect(const std::string& path);
  ~LocalClient();
  LocalClient(LocalClient&&) noexcept;
  LocalClient& operator=(LocalClient&&) noexcept;

  /// Sends `text` and waits for the answer. After any error but kTooLarge and kInvalid the
  /// connection is closed (an answer may still be under way): connect again.
  /// Errors: kTimeout - unknown whether the daemon acted; kUnavailable - it hung up; kTooLarge,
  /// kInvalid (empty) - `text`; kCorrupt - the answer is no message.
  Result<std::string> call(std::string_view text, Millis timeout);

 private:
  struct Impl;
  explicit LocalClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace minqing::net
