// Internal to nodes/common: everything a node daemon holds. daemon.cc has the turn, daemon_parts.cc
// opening, reloading and stopping.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/directory_file.h"
#include "net/context.h"
#include "net/dealer_socket.h"
#include "net/event_loop.h"
#include "net/local_socket.h"
#include "nodes/common/crypto_sealer.h"
#include "nodes/common/daemon.h"
#include "nodes/common/digest.h"
#include "nodes/common/watch.h"
#include "ops/log.h"
#include "ops/state_dir.h"
#include "ops/status_server.h"

namespace minqing::node {

struct Daemon::Parts {
  struct Answer {
    net::ClientId client;
    std::string text;
  };

  Parts(Options options_in, const Clock& clock_in, Random& random_in, net::SignalFd& signals_in);

  const NodeConfig& config() const { return options.config; }

  // daemon_parts.cc
  Status open();
  Status open_identity();
  Status open_store();
  Status check_owners();
  Status open_network();
  void make_brain(std::shared_ptr<const Directory> directory);
  void reload();
  void take_directories();
  void take_directory(Bytes signed_directory, const char* source);
  void reopen_silent();
  bool has_had_a_store() const;
  std::optional<ops::ExitCode> begin_wanted_life();
  std::optional<ops::ExitCode> begin_life(const std::string& reason);
  void check_disk();
  void write_digest();
  void stop();

  // daemon.cc
  void wait();
  std::optional<ops::ExitCode> turn();
  void receive();
  void on_payload(courier::SessionIndex session, const Bytes& payload);
  std::vector<Answer> hear_local();
  void reply(const Answer& answer);
  std::vector<Status> run_handlers();
  std::optional<ops::ExitCode> commit();
  ops::ExitCode on_store_moved();
  void send();

  Options options;
  const Clock& clock;
  Random& random;
  net::SignalFd& signals;
  daemon::SteadyTime time;

  // In the order of opening; closed the other way round.
  std::optional<ops::StateDir> state;
  seal::KeyRing keys;
  PublicKey authority;
  std::shared_ptr<const Directory> first_directory;
  std::vector<Address> hosted;
  std::optional<SecretVaultCipher> cipher;
  std::unique_ptr<store::Vault> vault;
  std::unique_ptr<store::NodeStore> store;
  std::unique_ptr<store::Reader> reader;
  std::unique_ptr<CryptoSealer> sealer;
  std::unique_ptr<VaultShelf> shelf;
  std::unique_ptr<Brain> brain;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<CarryDesk> carry;
  std::unique_ptr<Api> api;
  std::optional<Digest> digest;
  HandlerSet handlers{{}};
  std::optional<net::Context> context;
  std::vector<net::DealerSocket> sockets;
  std::optional<net::LocalServer> local;
  std::optional<ops::StatusServer> status_server;

  net::Poller poller;
  net::Poller::Slot signal_slot = 0;
  Instant now;  // of this turn
  Instant publish_at;
  Instant appended_at;
  bool more_to_read = false;
  std::vector<courier::SessionIndex> opened;  // sockets dialled anew, not told to the brain yet
  bool was_refilling = false;                 // at the end of the last turn
  ops::log::Limiter bad_frames{{}};
  ops::log::Limiter bad_lives{{}};
  std::map<std::string, ops::log::Limiter> alarm_limiters;
};

}  // namespace minqing::node
