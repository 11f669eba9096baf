#include "nodes/common/daemon_parts.h"

#include <algorithm>
#include <filesystem>

#include "nodes/common/doubtful.h"
#include "ops/atomic_file.h"
#include "ops/crash_point.h"
#include "seal/chain_hash.h"
#include "wire/frame_codec.h"

namespace minqing::node {
namespace {

namespace fs = std::filesystem;
namespace log = ops::log;

/// Below this no new petition is taken in; loops go on (design: "What each failure does").
constexpr std::uint64_t kDiskFreeMin = 64ULL << 20U;

Error with_advice(Error error, const std::string& advice) {
  if (error.code == Errc::kNotFound) error.detail += "; " + advice;
  return error;
}

}  // namespace

Daemon::Parts::Parts(Options options_in,
                     const Clock& clock_in,
                     Random& random_in,
                     net::SignalFd& signals_in)
    : options{std::move(options_in)},
      clock{clock_in},
      random{random_in},
      signals{signals_in},
      time{clock_in} {}

Status Daemon::Parts::open() {
  ASSIGN_OR_RETURN(state, ops::StateDir::open(config().state_dir.string()));
  RETURN_IF_ERROR(open_identity());
  RETURN_IF_ERROR(open_store());
  make_brain(first_directory);
  RETURN_IF_ERROR(open_network());
  ASSIGN_OR_RETURN(auto bindings, options.make_handlers(config()));
  handlers = HandlerSet{std::move(bindings)};
  return handlers.show_open(*reader, hosted);
}

/// Keys, authority, directory: who we are, and whom we believe.
Status Daemon::Parts::open_identity() {
  auto ring = seal::KeyRing::load(state->file("keys.txt"));
  if (!ring) {
    return with_advice(ring.error(), "`minqing enroll --node " + config().name + "` makes it");
  }
  keys = *std::move(ring);
  ASSIGN_OR_RETURN(authority, daemon::load_authority(config().authority));
  ASSIGN_OR_RETURN(auto loaded, daemon::load_newest_directory(
                                    config().directory, state->file("directory.bin"), authority));
  const NodeEntry* node = loaded.directory.find_node(config().name);
  if (node == nullptr || node->transport != keys.transport_public()) {
    return Error{Errc::kNotAllowed,
                 "the directory (version " + std::to_string(loaded.directory.version().value) +
                     ") knows no node " + config().name + " with the transport key of " +
                     state->file("keys.txt") +
                     ": have the authority admit its request (`minqing network admit`), and copy "
                     "the new directory here"};
  }
  for (const AddressEntry* entry : loaded.directory.hosted_by(config().name)) {
    hosted.push_back(entry->address);
  }
  first_directory = std::make_shared<const Directory>(std::move(loaded.directory));
  return ok();
}

Status Daemon::Parts::open_store() {
  ASSIGN_OR_RETURN(const DoubtfulStore doubtful, set_doubtful_aside(state->path(), free_bytes));
  const std::string vault_path = state->file("vault.db");
  const std::string vault_key = state->file("vault.key");
  std::error_code ignored;
  if (fs::exists(vault_path, ignored) && !fs::exists(vault_key, ignored)) {
    return Error{Errc::kNotFound, vault_key + " is missing, and " + vault_path +
                                      " cannot be read without it: put the key's backup back"};
  }
  ASSIGN_OR_RETURN(seal::Secret secret, load_or_make_vault_key(vault_key, config().name, random));
  cipher.emplace(std::move(secret), random);
  ASSIGN_OR_RETURN(vault, store::Vault::open(vault_path, *cipher));
  const store::NodeStore::Options store_options{
      .chain = seal::chain_hash,
      .new_life = [this] { return random_bytes<LifeId>(random); },
      .first_reason = has_had_a_store() ? "lost" : "created",
      .now = time.now(),
      .pages_max = config().store_bytes_max / 4'096};
  ASSIGN_OR_RETURN(store, store::NodeStore::open(state->file("store.db"), store_options));
  RETURN_IF_ERROR(ops::write_file_atomically(
      state->file("store.made"),
      "This node has had a store: if store.db is missing, it was lost.\n",
      ops::FilePrivacy::kPublic));
  ASSIGN_OR_RETURN(reader, store::Reader::open(state->file("store.db")));
  RETURN_IF_ERROR(check_owners());
  return clear_doubtful(state->path(), doubtful);
}

/// Is it this node's store, and not another's that was copied here?
Status Daemon::Parts::check_owners() {
  ASSIGN_OR_RETURN(const std::vector<Address> owners, reader->owners());
  const bool is_ours = owners.empty() || std::ranges::any_of(owners, [&](const Address& owner) {
                         return std::ranges::find(hosted, owner) != hosted.end();
                       });
  if (is_ours) return ok();
  return Error{Errc::kConflict,
               state->file("store.db") + " is the store of another node: it holds what " +
                   owners.front().text() + " said and heard, and nothing of an address of " +
                   config().name + "; put this node's own store back, or move this one away"};
}

/// A store of these addresses has been before: here (the mark says so), or on a machine whose keys
/// were given up (the directory knows former ones).
bool Daemon::Parts::has_had_a_store() const {
  std::error_code ignored;
  if (fs::exists(state->file("store.made"), ignored)) return true;
  return std::ranges::any_of(hosted, [&](const Address& address) {
    const AddressEntry* entry = first_directory->find(address);
    return entry != nullptr && entry->signing.size() > 1;
  });
}

void Daemon::Parts::make_brain(std::shared_ptr<const Directory> directory) {
  sealer = std::make_unique<CryptoSealer>(config().name, keys, random);
  shelf = std::make_unique<VaultShelf>(*vault);
  const ScribePorts ports{store->ledger(),  store->book(),   *sealer,    random,
                          &store->refill(), &store->keeps(), shelf.get()};
  brain = std::make_unique<Brain>(
      BrainOptions{
          .node = config().name, .program = options.program, .brokers = config().brokers.size()},
      ports, std::move(directory));
  watch = std::make_unique<Watch>(Watch::Ports{.config = config(),
                                               .program = options.program,
                                               .brain = *brain,
                                               .store = *store,
                                               .reader = *reader,
                                               .time = time});
  carry = std::make_unique<CarryDesk>(config().name, *brain, *sealer);
  api = std::make_unique<Api>(config(), options.own_uid,
                              Api::Ports{.brain = *brain,
                                         .ledger = store->ledger(),
                                         .reader = *reader,
                                         .vault = *vault,
                                         .cipher = *cipher,
                                         .random = random,
                                         .status = [this] { return watch->status(now); },
                                         .carry = *carry});
  if (config().digest) digest.emplace(*config().digest);
  was_refilling = brain->refill().is_refilling();
}

Status Daemon::Parts::open_network() {
  ASSIGN_OR_RETURN(context, net::Context::make({}));
  const net::CurveKeys curve{keys.transport_public(), keys.transport_secret()};
  for (const BrokerConfig& broker : config().brokers) {
    ASSIGN_OR_RETURN(
        auto socket,
        net::DealerSocket::connect(
            *context, {.endpoint = broker.endpoint, .server_key = broker.key, .keys = curve},
            random));
    opened.push_back(courier::SessionIndex{sockets.size()});
    sockets.push_back(std::move(socket));
  }
  ASSIGN_OR_RETURN(status_server,
                   ops::StatusServer::start(
                       {.host = config().status_host, .port = config().status_port}, clock));
  RETURN_IF_ERROR(ops::write_file_atomically(state->file("status_port"),
                                             std::to_string(status_server->port()) + "\n",
                                             ops::FilePrivacy::kPublic));
  // Last: whoever finds the socket finds a daemon that is ready.
  ASSIGN_OR_RETURN(local, net::LocalServer::open({.path = state->file("control.sock")}, clock));
  return ok();
}

/// SIGHUP: a newer directory beside the configuration.
void Daemon::Parts::reload() {
  auto loaded = daemon::load_directory(config().directory, authority);
  if (!loaded) {
    log::error("event=reload_failed detail={}", log::quoted(loaded.error().detail));
    return;
  }
  log::info("event=reload directory={}", loaded->directory.version().value);
  take_directory(std::move(loaded->signed_bytes), "file");
}

void Daemon::Parts::take_directories() {
  for (Bytes& offer : brain->take_offered_directories()) {
    take_directory(std::move(offer), "broker");
  }
}

void Daemon::Parts::take_directory(Bytes signed_directory, const char* source) {
  auto offered = daemon::open_directory(std::move(signed_directory), authority);
  if (!offered) {
    log::warn("event=directory_refused source={} detail={}", source,
              log::quoted(offered.error().detail));
    return;
  }
  const Directory& offer = offered->directory;
  if (offer.version() <= brain->directory()->version()) return;
  const Status saved = ops::write_file_atomically(
      state->file("directory.bin"), ByteView{offered->signed_bytes}, ops::FilePrivacy::kPublic);
  if (!saved) {
    // In force all the same: who is revoked must be cut off now. The next start is offered it anew.
    log::error("event=directory_not_saved detail={}", log::quoted(saved.error().detail));
  }
  log::info("event=directory_taken source={} version={} expires={}", source, offer.version().value,
            format_instant(offer.content().expires_at));
  hosted.clear();
  for (const AddressEntry* entry : offer.hosted_by(config().name)) hosted.push_back(entry->address);
  brain->on_directory(std::make_shared<const Directory>(std::move(offered->directory)));
}

/// A peer has shown that this store was set back. Too often in an hour, and it is a person's
/// matter: then somebody lies, or the disk does.
std::optional<ops::ExitCode> Daemon::Parts::begin_wanted_life() {
  const auto reason = brain->take_wanted_life();
  if (!reason) return std::nullopt;
  const auto lives = store->lives();
  const auto recent = std::ranges::count_if(lives, [&](const store::LifeEntry& life) {
    return (life.reason == "set-back" || life.reason == "forked") &&
           now - life.began_at < std::chrono::hours{1};
  });
  if (recent >= limits::kLivesPerHourMax) {
    if (const auto skipped = bad_lives.allow(clock.monotonic())) {
      log::error(
          "event=life_refused reason={} lives_last_hour={} skipped={} next={}", *reason, recent,
          *skipped,
          log::quoted("a peer says again that this store lacks what it had; look at its disk "
                      "and its clock, then `minqing refill --again`"));
    }
    return std::nullopt;
  }
  return begin_life(*reason);
}

std::optional<ops::ExitCode> Daemon::Parts::begin_life(const std::string& reason) {
  const auto life = random_bytes<LifeId>(random);
  log::warn("event=life_begins reason={} life={} next=refill", reason, life.hex());
  const Status begun = store->begin_life(life, now, reason);
  if (!begun) {
    log::critical("event=commit_failed code={} detail={}", to_string(begun.error().code),
                  log::quoted(begun.error().detail));
    return ops::exit_code_of(begun.error().code);
  }
  store->begin();
  brain->begin_turn(now);
  brain->on_new_life();
  return commit();
}

void Daemon::Parts::reopen_silent() {
  for (const courier::SessionIndex session : brain->sessions_to_reopen()) {
    const std::string& endpoint = config().brokers[session.value].endpoint;
    const Status reopened = sockets[session.value].reopen();
    if (!reopened) {
      log::error("event=reopen_failed endpoint={} detail={}", endpoint,
                 log::quoted(reopened.error().detail));
      continue;  // asked again next turn
    }
    log::info("event=redial endpoint={}", endpoint);
    opened.push_back(session);
  }
}

void Daemon::Parts::check_disk() {
  std::error_code error;
  const fs::space_info space = fs::space(config().state_dir, error);
  std::string reason;
  if (!error && space.available < kDiskFreeMin) {
    reason = "the disk of " + config().state_dir.string() + " has less than " +
             std::to_string(kDiskFreeMin >> 20U) +
             " MiB left: no new petitions are taken in, open loops go on; make room";
  }
  api->set_not_taking(reason);
  watch->set_disk_reason(std::move(reason));
}

/// Not while the store is refilled: what is overdue is not known then.
void Daemon::Parts::write_digest() {
  if (!digest || brain->refill().is_refilling() || !digest->is_due(now)) return;
  if (const Status written = digest->write(*reader, *brain->directory(), hosted, now); !written) {
    log::warn("event=digest_failed code={} detail={}", to_string(written.error().code),
              log::quoted(written.error().detail));
  } else {
    log::info("event=digest_written directory={}",
              log::quoted(config().digest->directory.string()));
  }
}

void Daemon::Parts::stop() {
  courier::Frame frame;
  frame.lane = Lane::kUrgent;
  frame.goodbye = courier::Goodbye{"stopping"};
  const Bytes goodbye = wire::encode_frame(frame);
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    if (brain->links()[i].state() == LinkState::kLive) sockets[i].send(goodbye);
  }
  ops::crash_point("node-before-flush");
  if (const Status flushed = store->flush_soft(); !flushed) {
    log::error("event=flush_failed detail={}", log::quoted(flushed.error().detail));
  }
  ops::crash_point("node-after-flush");
}

}  // namespace minqing::node
