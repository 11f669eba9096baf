#include "cli/network/authority.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>

#include "ops/atomic_file.h"
#include "ops/network_files.h"
#include "ops/system_error.h"
#include "seal/directory_seal.h"
#include "seal/key_file.h"
#include "seal/recovery.h"
#include "seal/system_random.h"
#include "wire/directory_codec.h"

namespace minqing::network {
namespace {

/// Whoever signs holds this lock; it is held for milliseconds, so waiting is right.
Result<FileDescriptor> lock_key(const NetworkDir& dir) {
  const std::string path = dir.authority_key();
  FileDescriptor fd{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  if (!fd.is_open()) return ops::system_error(errno, "cannot open " + path);
  while (::flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return ops::system_error(errno, "cannot lock " + path);
  }
  return fd;
}

Status write_public(const NetworkDir& dir, const PublicKey& key) {
  return ops::write_file_atomically(dir.authority_public().string(), key.hex() + "\n",
                                    ops::FilePrivacy::kPublic);
}

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

/// The node's keys, made or made more where they are missing.
Result<seal::KeyRing> open_ring(const NetworkDir& dir, const EnrolSubject& subject) {
  const std::filesystem::path path = dir.node_keys(subject.node);
  if (!is_there(path)) {
    seal::KeyRing ring = seal::KeyRing::generate(subject.addresses);
    RETURN_IF_ERROR(ring.save(path));
    return ring;
  }
  ASSIGN_OR_RETURN(seal::KeyRing ring, seal::KeyRing::load(path));
  std::vector<Address> missing;
  for (const Address& address : subject.addresses) {
    if (ring.of(address).empty()) missing.push_back(address);
  }
  if (missing.empty()) return ring;
  const seal::KeyRing made = seal::KeyRing::generate(missing);
  for (const Address& address : missing) {
    const seal::AddressKeys& keys = made.of(address).back();
    ring.add(address, keys.signing_seed, keys.sealing_secret);
  }
  RETURN_IF_ERROR(ring.replace(path));
  return ring;
}

/// The secret of this enrolment: made, or, when the same is asked again, found where it still lies.
Result<seal::KeyFile> recovery_secret(const std::filesystem::path& file, const std::string& node) {
  if (!is_there(file)) {
    seal::KeyFile key{
        .purpose = seal::KeyPurpose::kRecovery, .owner = node, .public_key = {}, .secret = {}};
    seal::SystemRandom random;
    random.fill(key.secret.span());
    RETURN_IF_ERROR(seal::save_key_file(file, key));
  }
  return seal::load_key_file(file, seal::KeyPurpose::kRecovery);
}

Result<RecoveryKeys> make_recovery(const NetworkDir& dir,
                                   const EnrolSubject& subject,
                                   std::filesystem::path& file) {
  ASSIGN_OR_RETURN(const LoadedDirectory loaded, load_directory(dir));
  std::vector<Address> missing = subject.addresses;
  std::erase_if(missing, [&](const Address& address) {
    const AddressEntry* entry = loaded.directory.find(address);
    return entry != nullptr && !entry->recovery.is_none();
  });
  RecoveryKeys recovery;
  if (missing.empty()) return recovery;
  RETURN_IF_ERROR(make_state_dir(dir.recovery()));
  // A name of its own for each directory version: files of former enrolments lie in a safe.
  const std::uint64_t version = loaded.directory.version().value;
  file = dir.recovery() / (subject.node + "-" + std::to_string(version) + ".key");
  ASSIGN_OR_RETURN(const seal::KeyFile key, recovery_secret(file, subject.node));
  for (const Address& address : missing) {
    recovery[address] = seal::recovery_keys_of(key.secret.view(), address).public_key();
  }
  return recovery;
}

}  // namespace

Result<Authority> Authority::create(const NetworkDir& dir, const std::string& network) {
  RETURN_IF_ERROR(make_state_dir(dir.root()));
  seal::SystemRandom random;
  seal::KeyFile file{
      .purpose = seal::KeyPurpose::kAuthority, .owner = network, .public_key = {}, .secret = {}};
  random.fill(file.secret.span());
  RETURN_IF_ERROR(seal::save_key_file(dir.authority_key(), file));
  return open(dir);
}

Result<Authority> Authority::open(const NetworkDir& dir) {
  auto file = seal::load_key_file(dir.authority_key(), seal::KeyPurpose::kAuthority);
  if (!file) {
    if (file.error().code != Errc::kNotFound) return file.error();
    return Error{Errc::kNotFound,
                 dir.authority_key().string() +
                     " is not there: directories are signed only on the authority's machine "
                     "(`minqing network init` makes a new network)"};
  }
  ASSIGN_OR_RETURN(FileDescriptor lock, lock_key(dir));
  seal::SigningKeys keys = seal::SigningKeys::from_seed(file->secret.view());
  if (!is_there(dir.authority_public())) RETURN_IF_ERROR(write_public(dir, keys.public_key()));
  ASSIGN_OR_RETURN(const PublicKey published, load_authority_public(dir));
  if (published != keys.public_key()) {
    return Error{Errc::kConflict, dir.authority_public().string() +
                                      " is of another key than authority.key: one of the two was "
                                      "copied from another network"};
  }
  return Authority{dir, std::move(keys), std::move(lock)};
}

Result<LoadedDirectory> Authority::issue(Directory::Content content) const {
  content.authority = keys_.public_key();
  ASSIGN_OR_RETURN(Directory directory, Directory::make(std::move(content)));
  wire::SignedDirectory file;
  ASSIGN_OR_RETURN(file.directory, wire::encode_directory(directory.content()));
  file.key = keys_.id();
  file.signature = seal::sign_directory(keys_, file.directory);
  Bytes bytes = wire::encode_signed_directory(file);
  // Read it as everyone will before everyone has it.
  RETURN_IF_ERROR([&]() -> Status {
    auto read = daemon::open_directory(bytes, keys_.public_key());
    return read ? ok() : Status{read.error()};
  }());
  RETURN_IF_ERROR(ops::write_file_atomically(dir_.directory().string(), ByteView{bytes},
                                             ops::FilePrivacy::kPublic));
  return LoadedDirectory{std::move(directory), std::move(bytes)};
}

Result<LoadedDirectory> Authority::issue_first(Directory::Content content,
                                               std::chrono::days validity,
                                               Instant now) {
  if (is_there(dir_.directory())) {
    return Error{Errc::kConflict, dir_.directory().string() +
                                      " is there already: `minqing network update` changes it"};
  }
  content.version = {1};
  content.issued_at = now;
  content.expires_at = now + validity;
  return issue(std::move(content));
}

Result<LoadedDirectory> Authority::issue_next(const Edit& edit,
                                              Instant now,
                                              std::optional<std::chrono::days> validity) {
  ASSIGN_OR_RETURN(const LoadedDirectory current, load_directory(dir_));
  const Directory::Content& before = current.directory.content();
  Directory::Content content = before;
  RETURN_IF_ERROR(edit(content));
  content.version = before.version.next();
  content.issued_at = now;
  content.expires_at = now + (validity ? Micros{*validity} : before.expires_at - before.issued_at);
  return issue(std::move(content));
}

Result<LoadedDirectory> init_network(const NetworkDir& dir,
                                     const std::filesystem::path& files,
                                     Instant now) {
  if (is_there(dir.directory())) {
    return Error{Errc::kConflict, dir.root().string() +
                                      " holds a network already: choose another --dir, or change "
                                      "it with `minqing network update`"};
  }
  ASSIGN_OR_RETURN(ops::NetworkFiles loaded, ops::load_network_files(files));
  ASSIGN_OR_RETURN(Authority authority, is_there(dir.authority_key())
                                            ? Authority::open(dir)
                                            : Authority::create(dir, loaded.content.network));
  return authority.issue_first(std::move(loaded.content), loaded.directory_validity, now);
}

Result<LoadedDirectory> update_network(const NetworkDir& dir,
                                       const std::filesystem::path& files,
                                       Instant now) {
  ASSIGN_OR_RETURN(ops::NetworkFiles loaded, ops::load_network_files(files));
  ASSIGN_OR_RETURN(Authority authority, Authority::open(dir));
  const auto edit = [&loaded](Directory::Content& content) -> Status {
    Directory::Content fresh = std::move(loaded.content);
    RETURN_IF_ERROR(carry_over(fresh, content));
    fresh.version = content.version;
    content = std::move(fresh);
    return ok();
  };
  return authority.issue_next(edit, now, loaded.directory_validity);
}

/// Addresses without a recovery key get one; the private half goes to a file of its own.
Result<Enrolled> enroll(const NetworkDir& dir, const EnrolSubject& subject, Instant now) {
  RETURN_IF_ERROR(check_node_name(subject.node));
  RETURN_IF_ERROR(make_state_dir(dir.node(subject.node)));
  ASSIGN_OR_RETURN(const seal::KeyRing ring, open_ring(dir, subject));
  Enrolled out;
  ASSIGN_OR_RETURN(const RecoveryKeys recovery, make_recovery(dir, subject, out.recovery_file));
  ASSIGN_OR_RETURN(out.request, make_request(subject, ring, now, recovery));
  return out;
}

}  // namespace minqing::network
