#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/local_frame.h"
#include "net/local_socket.h"
#include "posix/file_descriptor.h"

namespace minqing::net {
namespace {

constexpr mode_t kSocketMode = 0660;
constexpr int kLocalBacklog = 64;
constexpr int kEventsPerTurnMax = 64;
constexpr std::size_t kReadChunkBytes = 64 * 1024;
constexpr std::size_t kReadPerTurnBytesMax = 256 * 1024;  // of one client: the others come too
constexpr Micros kAcceptPause{1'000'000};                 // after running out of descriptors
constexpr std::uint64_t kListenerKey = 0;                 // client ids start at 1

Error system_error(int number, const std::string& what) {
  const Errc code = number == ENOENT                      ? Errc::kNotFound
                    : number == EACCES || number == EPERM ? Errc::kNotAllowed
                                                          : Errc::kIo;
  return {code, what + ": " + std::generic_category().message(number)};
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

/// Removes the socket file of a daemon that is gone.
Status remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return system_error(errno, "cannot look at " + path);
  if (!S_ISSOCK(info.st_mode)) {
    return Error{Errc::kInvalid, path + " is in the way and is not a socket: move it"};
  }
  const FileDescriptor probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!probe.is_open()) return system_error(errno, "cannot open a local socket");
  // Only a refusal proves that nobody listens; a full queue (EAGAIN) or no permission do not.
  if (::connect(probe.get(), generic(address), sizeof address) == 0 || errno != ECONNREFUSED) {
    return Error{Errc::kConflict, "already running: somebody listens at " + path};
  }
  if (::unlink(path.c_str()) != 0) return system_error(errno, "cannot remove the stale " + path);
  return ok();
}

Result<FileDescriptor> listen_at(const std::string& path, const sockaddr_un& address) {
  FileDescriptor fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd.is_open()) return system_error(errno, "cannot open a local socket");
  // The file is born with the descriptor's mode, so nobody slips in before the chmod.
  if (::fchmod(fd.get(), 0) != 0) return system_error(errno, "cannot set the mode of " + path);
  if (::bind(fd.get(), generic(address), sizeof address) != 0) {
    if (errno != EADDRINUSE) return system_error(errno, "cannot make the local socket " + path);
    RETURN_IF_ERROR(remove_stale(path, address));
    if (::bind(fd.get(), generic(address), sizeof address) != 0) {
      return system_error(errno, "cannot make the local socket " + path);
    }
  }
  if (::listen(fd.get(), kLocalBacklog) != 0)
    return system_error(errno, "cannot listen at " + path);
  if (::chmod(path.c_str(), kSocketMode) != 0) {
    return system_error(errno, "cannot set the mode of " + path);
  }
  return fd;
}

}  // namespace

struct LocalServer::Impl {
  enum class State {
    kReading,  // a request
    kWaiting,  // for the daemon's reply
    kWriting,  // the reply
  };
  struct Client {
    FileDescriptor fd;
    std::uint32_t uid = 0;
    State state = State::kReading;
    std::string input;   // prefix and what has come of the text
    std::string output;  // not yet sent
    std::size_t sent = 0;
    Micros since{};  // of the state, or of the request's first byte
  };
  using Clients = std::map<ClientId, Client>;

  Impl(Options o, const Clock& c) : options{std::move(o)}, clock{c} {}
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Status open();
  void watch(int fd, std::uint64_t key, std::uint32_t events, int operation);
  void accept_clients();
  void admit(FileDescriptor fd);
  void pause_accepting();
  void enter(ClientId id, Client& client, State state);
  void on_event(ClientId id, std::uint32_t events, std::vector<Request>& out);
  bool read_some(Client& client, std::size_t bytes_max, ssize_t& got);
  bool read(ClientId id, Client& client, std::vector<Request>& out);
  bool flush(ClientId id, Client& client);
  bool is_stalled(const Client& client, Micros now) const;
  void drop(ClientId id);
  void drop_stalled();

  Options options;
  const Clock& clock;
  FileDescriptor listener;
  FileDescriptor epoll;
  dev_t device = 0;  // of the socket file, to know at the end whether it is still ours
  ino_t inode = 0;
  Clients clients;
  ClientId last_id;
  std::uint64_t dropped = 0;
  std::optional<Micros> accepting_paused_at;
};

LocalServer::Impl::~Impl() {
  struct stat info {};
  if (inode == 0 || ::lstat(options.path.c_str(), &info) != 0) return;
  if (info.st_dev == device && info.st_ino == inode) ::unlink(options.path.c_str());
}

Status LocalServer::Impl::open() {
  ASSIGN_OR_RETURN(const sockaddr_un address, local_address(options.path));
  ASSIGN_OR_RETURN(listener, listen_at(options.path, address));
  struct stat info {};
  if (::lstat(options.path.c_str(), &info) != 0) {
    return system_error(errno, "cannot look at " + options.path);
  }
  device = info.st_dev;
  inode = info.st_ino;
  epoll = FileDescriptor{::epoll_create1(EPOLL_CLOEXEC)};
  if (!epoll.is_open()) return system_error(errno, "cannot open an epoll descriptor");
  watch(listener.get(), kListenerKey, EPOLLIN, EPOLL_CTL_ADD);
  return ok();
}

void LocalServer::Impl::watch(int fd, std::uint64_t key, std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  CHECK(::epoll_ctl(epoll.get(), operation, fd, &event) == 0);
}

void LocalServer::Impl::accept_clients() {
  for (std::size_t i = 0; i < kLocalClientsMax; ++i) {
    FileDescriptor fd{::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (fd.is_open()) {
      admit(std::move(fd));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      return pause_accepting();
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

void LocalServer::Impl::admit(FileDescriptor fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  const bool is_known = ::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  if (!is_known || clients.size() >= kLocalClientsMax) {
    ++dropped;
    return;
  }
  last_id = last_id.next();
  watch(fd.get(), last_id.value, EPOLLIN, EPOLL_CTL_ADD);
  Client client;
  client.fd = std::move(fd);
  client.uid = peer.uid;
  client.since = clock.monotonic();
  clients.emplace(last_id, std::move(client));
}

void LocalServer::Impl::pause_accepting() {
  // The listener stays readable, and would turn the daemon's loop into a spin.
  accepting_paused_at = clock.monotonic();
  watch(listener.get(), kListenerKey, 0, EPOLL_CTL_MOD);
}

void LocalServer::Impl::enter(ClientId id, Client& client, State state) {
  client.state = state;
  client.since = clock.monotonic();
  std::uint32_t events = 0;
  switch (state) {
    case State::kReading: events = EPOLLIN; break;
    case State::kWaiting: events = 0; break;  // a hang-up is reported all the same
    case State::kWriting: events = EPOLLOUT; break;
  }
  watch(client.fd.get(), id.value, events, EPOLL_CTL_MOD);
}

/// One recv; false when the client is gone. `got` is 0 when nothing waits.
bool LocalServer::Impl::read_some(Client& client, std::size_t bytes_max, ssize_t& got) {
  const std::size_t before = client.input.size();
  client.input.resize(before + bytes_max);
  do {
    got = ::recv(client.fd.get(), client.input.data() + before, bytes_max, 0);
  } while (got < 0 && errno == EINTR);
  const bool is_gone = got == 0 || (got < 0 && errno != EAGAIN);
  got = std::max<ssize_t>(got, 0);
  client.input.resize(before + static_cast<std::size_t>(got));
  if (before == 0 && got > 0) client.since = clock.monotonic();
  return !is_gone;
}

/// False when the client must be dropped.
bool LocalServer::Impl::read(ClientId id, Client& client, std::vector<Request>& out) {
  for (std::size_t taken = 0; taken < kReadPerTurnBytesMax;) {
    std::size_t wanted = kLocalPrefixBytes;
    if (client.input.size() >= kLocalPrefixBytes) {
      const auto length = local_length(client.input);
      if (!length) return false;
      wanted += *length;
    }
    const std::size_t missing = wanted - client.input.size();
    ssize_t got = 0;
    if (!read_some(client, std::min(missing, kReadChunkBytes), got)) return false;
    if (got == 0) return true;
    taken += static_cast<std::size_t>(got);
    if (client.input.size() == wanted && wanted > kLocalPrefixBytes) {
      out.push_back({id, client.uid, client.input.substr(kLocalPrefixBytes)});
      client.input = {};
      enter(id, client, State::kWaiting);
      return true;
    }
  }
  return true;
}

/// False when the client must be dropped.
bool LocalServer::Impl::flush(ClientId id, Client& client) {
  while (client.sent < client.output.size()) {
    const ssize_t count = ::send(client.fd.get(), client.output.data() + client.sent,
                                 client.output.size() - client.sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    client.sent += static_cast<std::size_t>(count);
    client.since = clock.monotonic();
  }
  client.output = {};
  client.sent = 0;
  enter(id, client, State::kReading);
  return true;
}

void LocalServer::Impl::on_event(ClientId id, std::uint32_t events, std::vector<Request>& out) {
  const auto found = clients.find(id);
  if (found == clients.end()) return;
  Client& client = found->second;
  bool keeps = true;
  switch (client.state) {
    case State::kReading: {
      const bool is_between = client.input.empty();
      keeps = read(id, client, out);
      if (!keeps && is_between && client.input.empty()) {  // hung up in good order
        clients.erase(found);
        return;
      }
      break;
    }
    case State::kWaiting: keeps = (events & (EPOLLHUP | EPOLLERR)) == 0; break;
    case State::kWriting: keeps = flush(id, client); break;
  }
  if (!keeps) drop(id);
}

bool LocalServer::Impl::is_stalled(const Client& client, Micros now) const {
  switch (client.state) {
    case State::kReading:
      return now - client.since > (client.input.empty() ? options.idle_max : options.stall_max);
    case State::kWaiting: return false;  // the daemon's turn, not the client's
    case State::kWriting: return now - client.since > options.stall_max;
  }
  return false;
}

void LocalServer::Impl::drop(ClientId id) {
  clients.erase(id);  // closing takes it out of the epoll set
  ++dropped;
}

void LocalServer::Impl::drop_stalled() {
  const Micros now = clock.monotonic();
  dropped +=
      std::erase_if(clients, [&](const auto& entry) { return is_stalled(entry.second, now); });
  if (accepting_paused_at && now - *accepting_paused_at >= kAcceptPause) {
    accepting_paused_at.reset();
    watch(listener.get(), kListenerKey, EPOLLIN, EPOLL_CTL_MOD);
  }
}

Result<LocalServer> LocalServer::open(const Options& options, const Clock& clock) {
  auto impl = std::make_unique<Impl>(options, clock);
  RETURN_IF_ERROR(impl->open());
  return LocalServer{std::move(impl)};
}

LocalServer::LocalServer(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
LocalServer::~LocalServer() = default;
LocalServer::LocalServer(LocalServer&&) noexcept = default;
LocalServer& LocalServer::operator=(LocalServer&&) noexcept = default;

int LocalServer::poll_fd() const {
  return impl_->epoll.get();
}

std::vector<LocalServer::Request> LocalServer::process() {
  std::array<epoll_event, kEventsPerTurnMax> events{};
  std::vector<Request> requests;
  const int count = ::epoll_wait(impl_->epoll.get(), events.data(), kEventsPerTurnMax, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.u64 == kListenerKey) {
      impl_->accept_clients();
    } else {
      impl_->on_event(ClientId{event.data.u64}, event.events, requests);
    }
  }
  impl_->drop_stalled();
  return requests;
}

Status LocalServer::reply(ClientId client, std::string_view text) {
  const auto found = impl_->clients.find(client);
  if (found == impl_->clients.end()) {
    return Error{Errc::kNotFound, "the local client has hung up"};
  }
  CHECK(found->second.state == Impl::State::kWaiting);  // one reply to one request
  ASSIGN_OR_RETURN(found->second.output, local_frame(text));
  impl_->enter(client, found->second, Impl::State::kWriting);
  if (!impl_->flush(client, found->second)) {
    impl_->drop(client);
    return Error{Errc::kNotFound, "the local client has hung up"};
  }
  return ok();
}

std::size_t LocalServer::client_count() const {
  return impl_->clients.size();
}

std::size_t LocalServer::pending_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [id, client] : impl_->clients) bytes += client.output.size() - client.sent;
  return bytes;
}

std::uint64_t LocalServer::dropped_count() const {
  return impl_->dropped;
}

}  // namespace minqing::net
