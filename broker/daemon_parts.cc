#include "broker/daemon_parts.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "ops/atomic_file.h"
#include "wire/envelope_codec.h"
#include "wire/frame_codec.h"

namespace minqing::broker {
namespace {

namespace fs = std::filesystem;
namespace log = ops::log;

constexpr const char* kZapDomain = "minqing";

Status write_line(const std::string& path, const std::string& line) {
  return ops::write_file_atomically(path, line + "\n", ops::FilePrivacy::kPublic);
}

/// Resident memory of this process in bytes; 0 when the system does not tell.
std::uint64_t resident_bytes() {
  std::ifstream in{"/proc/self/statm"};
  std::uint64_t pages_in_all = 0;
  std::uint64_t pages_resident = 0;
  if (!(in >> pages_in_all >> pages_resident)) return 0;
  return pages_resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
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
      time{clock_in},
      levels{options.config.levels} {}

Status Daemon::Parts::open() {
  ASSIGN_OR_RETURN(state, ops::StateDir::open(config().state_dir.string()));
  RETURN_IF_ERROR(open_keys());
  ASSIGN_OR_RETURN(authority, daemon::load_authority(config().authority));
  ASSIGN_OR_RETURN(auto loaded, daemon::load_newest_directory(
                                    config().directory, state->file("directory.bin"), authority));
  RETURN_IF_ERROR(open_mailboxes());
  make_brain(std::move(loaded));
  measure();
  return open_network();
}

Status Daemon::Parts::open_keys() {
  const std::string path = state->file("keys.txt");
  auto ring = seal::KeyRing::load(path);
  if (!ring && ring.error().code == Errc::kNotFound) {
    seal::KeyRing fresh = seal::KeyRing::generate({});
    RETURN_IF_ERROR(fresh.save(path));
    keys = std::move(fresh);
  } else if (!ring) {
    return ring.error();
  } else {
    keys = *std::move(ring);
  }
  return write_line(state->file("key.pub"), keys.transport_public().hex());
}

Status Daemon::Parts::open_mailboxes() {
  const store::MailboxStore::Options mailbox_options{
      .decode =
          [](ByteView sealed) {
            return wire::read_sealed({sealed.begin(), sealed.end()});
          },
      .pages_max = config().mailbox_file_bytes_max / 4'096};
  ASSIGN_OR_RETURN(mailboxes,
                   store::MailboxStore::open(state->file("mailboxes.db"), mailbox_options));
  if (mailboxes->alarm()) {
    log::error("event=mailbox_file_begun_afresh detail={}", log::quoted(*mailboxes->alarm()));
  }
  return ok();
}

void Daemon::Parts::make_brain(daemon::LoadedDirectory loaded) {
  Brain::Options brain_options;
  brain_options.name = config().name;
  brain_options.program = options.program;
  brain_options.sessions_max = config().sessions_max;
  brain_options.delivery = config().delivery;
  brain = std::make_unique<Brain>(std::move(brain_options), *mailboxes,
                                  std::make_shared<const Directory>(std::move(loaded.directory)),
                                  std::move(loaded.signed_bytes));
  watch = std::make_unique<Watch>(Watch::Ports{.config = config(),
                                               .program = options.program,
                                               .brain = *brain,
                                               .mailboxes = *mailboxes,
                                               .time = time});
  carry = std::make_unique<CarryDesk>(config().name, *brain, *mailboxes);
  std::vector<std::uint32_t> uids = config().admin_uids;
  uids.push_back(options.own_uid);
  admin = std::make_unique<Admin>(
      std::move(uids),
      Admin::Ports{.brain = *brain,
                   .mailbox = *mailboxes,
                   .status = [this] { return watch->status(now); },
                   .take_directory =
                       [this](Bytes bytes) { return take_directory(std::move(bytes), "admin"); },
                   .carry_export =
                       [this](const std::string& node, const std::string& after) {
                         return carry->export_part(node, after, now);
                       },
                   .carry_import =
                       [this](const std::string& part) { return carry->import_part(part, now); }});
}

Status Daemon::Parts::open_network() {
  ASSIGN_OR_RETURN(context, net::Context::make({.io_threads = 2}));
  ASSIGN_OR_RETURN(zap, net::ZapHandler::open(*context, kZapDomain));
  const net::CurveKeys curve{keys.transport_public(), keys.transport_secret()};
  ASSIGN_OR_RETURN(router, net::RouterSocket::bind(*context, {.endpoint = config().endpoint,
                                                              .keys = curve,
                                                              .zap_domain = kZapDomain}));
  watch->set_network(router->endpoint(), *zap);
  ASSIGN_OR_RETURN(status_server,
                   ops::StatusServer::start(
                       {.host = config().status_host, .port = config().status_port}, clock));
  RETURN_IF_ERROR(write_line(state->file("status_port"), std::to_string(status_server->port())));
  RETURN_IF_ERROR(write_line(state->file("endpoint"), router->endpoint()));
  // Last: whoever finds the socket finds a daemon that is ready.
  ASSIGN_OR_RETURN(local, net::LocalServer::open({.path = state->file("control.sock")}, clock));
  return ok();
}

/// SIGHUP: a newer directory beside the configuration.
void Daemon::Parts::reload() {
  auto bytes = daemon::load_directory(config().directory, authority);
  if (!bytes) {
    log::error("event=reload_failed detail={}", log::quoted(bytes.error().detail));
    return;
  }
  const auto taken = take_directory(std::move(bytes->signed_bytes), "file");
  log::info("event=reload directory={} detail={}", brain->directory().version().value,
            log::quoted(taken ? "" : taken.error().detail));
}

Result<DirectoryVersion> Daemon::Parts::take_directory(Bytes signed_directory, const char* source) {
  ASSIGN_OR_RETURN(auto offered, daemon::open_directory(std::move(signed_directory), authority));
  const DirectoryVersion version = offered.directory.version();
  if (version == brain->directory().version()) return version;  // handed in twice
  const Bytes bytes = offered.signed_bytes;
  RETURN_IF_ERROR(
      brain->on_directory(std::make_shared<const Directory>(std::move(offered.directory)),
                          std::move(offered.signed_bytes), time.now()));
  // In force already: who is revoked is cut off, even when the disk does not take the file.
  const Status saved = ops::write_file_atomically(state->file("directory.bin"), ByteView{bytes},
                                                  ops::FilePrivacy::kPublic);
  if (!saved) {
    log::error("event=directory_not_saved detail={}", log::quoted(saved.error().detail));
  }
  log::info("event=directory_in_force source={} version={}", source, version.value);
  return version;
}

void Daemon::Parts::measure() {
  Resources resources;
  std::error_code error;
  const fs::space_info space = fs::space(config().state_dir, error);
  resources.disk_free_bytes = error ? 0 : space.available;
  resources.mailbox_bytes = mailboxes->depth().bytes;
  resources.memory_used_bytes = resident_bytes();
  const Level before = brain->level();
  const Level level = levels.update(resources);
  brain->set_level(level);
  if (router) watch->set_malformed(router->malformed_count());
  if (level != before) {
    log::warn("event=level level={} disk_free_bytes={} mailbox_bytes={} memory_bytes={}",
              to_string(level), resources.disk_free_bytes, resources.mailbox_bytes,
              resources.memory_used_bytes);
  }
}

void Daemon::Parts::stop() {
  mailboxes->begin();
  brain->say_goodbye("the broker stops");
  Effects effects = brain->take_effects(time.now());
  const Status committed = mailboxes->commit();
  if (committed) send(effects.frames);
  write_notes(effects);
}

}  // namespace minqing::broker
