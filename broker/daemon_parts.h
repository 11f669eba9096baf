// Internal to broker/: everything a broker daemon holds. daemon.cc has the turn, daemon_parts.cc
// opening, reloading and stopping.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/admin.h"
#include "broker/carry_desk.h"
#include "broker/daemon.h"
#include "broker/watch.h"
#include "daemon/directory_file.h"
#include "daemon/steady_time.h"
#include "net/context.h"
#include "net/local_socket.h"
#include "net/router_socket.h"
#include "net/zap_handler.h"
#include "ops/log.h"
#include "ops/state_dir.h"
#include "ops/status_server.h"
#include "seal/key_ring.h"
#include "store/mailbox_store.h"

namespace minqing::broker {

struct Daemon::Parts {
  struct Answer {
    net::ClientId client;
    std::string text;
  };

  Parts(Options options_in, const Clock& clock_in, Random& random_in, net::SignalFd& signals_in);

  const BrokerConfig& config() const { return options.config; }

  // daemon_parts.cc
  Status open();
  Status open_keys();
  Status open_mailboxes();
  Status open_network();
  void make_brain(daemon::LoadedDirectory loaded);
  void reload();
  Result<DirectoryVersion> take_directory(Bytes signed_directory, const char* source);
  void measure();
  void stop();

  // daemon.cc
  void wait();
  std::optional<ops::ExitCode> turn();
  void receive();
  std::vector<Answer> hear_local();
  std::optional<ops::ExitCode> commit(const Effects& effects);
  void send(std::vector<Outgoing>& frames);
  void write_notes(const Effects& effects);

  Options options;
  const Clock& clock;
  Random& random;
  net::SignalFd& signals;
  daemon::SteadyTime time;

  // In the order of opening; closed the other way round.
  std::optional<ops::StateDir> state;
  seal::KeyRing keys;
  PublicKey authority;
  std::unique_ptr<store::MailboxStore> mailboxes;
  std::unique_ptr<Brain> brain;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<CarryDesk> carry;
  std::unique_ptr<Admin> admin;
  std::optional<net::Context> context;
  std::optional<net::ZapHandler> zap;
  std::optional<net::RouterSocket> router;
  std::optional<net::LocalServer> local;
  std::optional<ops::StatusServer> status_server;

  Levels levels;
  net::Poller poller;
  net::Poller::Slot signal_slot = 0;
  net::Poller::Slot zap_slot = 0;
  Instant now;  // of this turn
  Instant publish_at;
  bool more_to_read = false;
  std::uint64_t zap_denied_logged = 0;
  ops::log::Limiter denied_limiter{{}};
  std::map<NoteKind, ops::log::Limiter> note_limiters;  // one kind never silences another
};

}  // namespace minqing::broker
