#include "seal/key_ring.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/check.h"
#include "posix/file_descriptor.h"
#include "posix/write_all.h"
#include "seal/keys.h"
#include "seal/system_random.h"

namespace minqing::seal {
namespace {

constexpr std::string_view kFirstLine = "minqing-keys 1";
// A city's addresses, several pairs each: far below. Above, it is no key file.
constexpr std::size_t kRingBytesMax = 16 * 1024 * 1024;

/// Text with secrets in it: wiped when it goes, and never left behind by growing.
class SecretText {
 public:
  explicit SecretText(std::size_t bytes_max) { text_.reserve(bytes_max); }
  ~SecretText() { wipe({reinterpret_cast<std::uint8_t*>(text_.data()), text_.size()}); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;

  void add(std::string_view part) {
    CHECK(text_.size() + part.size() <= text_.capacity());
    text_.append(part);
  }
  void add_hex(ByteView bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const std::uint8_t byte : bytes) {
      add(kDigits.substr(byte >> 4U, 1));
      add(kDigits.substr(byte & 15U, 1));
    }
  }
  std::string_view view() const { return text_; }

 private:
  std::string text_;
};

Error failed(Errc code, const std::filesystem::path& path, std::string_view why) {
  return {code, "key file " + path.string() + ": " + std::string{why}};
}
Error system_failed(const std::filesystem::path& path, std::string_view doing) {
  const int number = errno;
  const Errc code = number == EACCES || number == EPERM ? Errc::kNotAllowed : Errc::kIo;
  return failed(code, path, std::string{doing} + ": " + std::strerror(number));
}
Error damaged(const std::filesystem::path& path, std::size_t line, std::string_view why) {
  return {Errc::kCorrupt, "key file " + path.string() + ":" + std::to_string(line) + ": " +
                              std::string{why} + "; restore the file from its backup"};
}

Status check_access(int fd, const std::filesystem::path& path, std::size_t& bytes) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return system_failed(path, "fstat");
  if (!S_ISREG(info.st_mode)) return failed(Errc::kNotAllowed, path, "is not a plain file");
  if (info.st_uid != ::geteuid() && info.st_uid != 0) {
    return failed(Errc::kNotAllowed, path, "belongs to another user; give it to the daemon's user");
  }
  if ((info.st_mode & 077U) != 0) {
    return failed(Errc::kNotAllowed, path,
                  "is open to group or others, so its keys may be known: chmod 600 it, and rotate "
                  "the keys if others use this machine");
  }
  bytes = static_cast<std::size_t>(info.st_size);
  if (bytes > kRingBytesMax) return failed(Errc::kCorrupt, path, "is too long for a key file");
  return ok();
}

Status read_into(int fd, std::size_t bytes, SecretText& out, const std::filesystem::path& path) {
  SecretBytes<4'096> chunk;
  std::size_t taken = 0;
  while (true) {
    const ::ssize_t got = ::read(fd, chunk.span().data(), chunk.span().size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failed(path, "read");
    if (got == 0) return ok();
    const auto count = static_cast<std::size_t>(got);
    taken += count;
    if (taken > bytes) return failed(Errc::kIo, path, "grew while it was read; try again");
    out.add(as_text(ByteView{chunk.view()}.first(count)));
  }
}

/// Takes the next word off `line`; empty at its end.
std::string_view take_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

/// Reads "name <64 hex digits>"; false when it is anything else.
bool take_secret(std::string_view& line, std::string_view name, Secret& out) {
  return take_word(line) == name && from_hex(take_word(line), out.span());
}

/// A copy of `secret` in the type that KeyRing holds; the ring wipes it.
SecretKey plain(const Secret& secret) {
  SecretKey out;
  std::ranges::copy(secret.view(), out.bytes.begin());
  return out;
}

Status read_address(std::string_view line,
                    KeyRing& ring,
                    const std::filesystem::path& path,
                    std::size_t number) {
  Result<Address> address = Address::parse(take_word(line));
  if (!address) return damaged(path, number, address.error().detail);
  Secret seed;
  Secret secret;
  if (!take_secret(line, "signing", seed) || !take_secret(line, "sealing", secret) ||
      !line.empty()) {
    return damaged(path, number,
                   "expected \"address ADDRESS signing HEX sealing HEX\" with 64 "
                   "hexadecimal digits each");
  }
  SecretKey seed_key = plain(seed);
  SecretKey sealing_key = plain(secret);
  const std::vector<AddressKeys>& known = ring.of(*address);
  const bool is_double = std::ranges::any_of(
      known, [&](const AddressKeys& keys) { return keys.signing_seed == seed_key; });
  if (!is_double) ring.add(*address, seed_key, sealing_key);
  wipe(seed_key.bytes);
  wipe(sealing_key.bytes);
  if (is_double) return damaged(path, number, "the same pair is there twice");
  return ok();
}

Result<KeyRing> parse(std::string_view text, const std::filesystem::path& path) {
  KeyRing ring;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return damaged(path, number, "the last line is cut off");
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (number == 1) {
      if (line == kFirstLine) continue;
      return damaged(path, number, "expected \"minqing-keys 1\": it is no key file of this format");
    }
    if (number == 2) {
      Secret transport;
      if (!take_secret(line, "transport", transport) || !line.empty()) {
        return damaged(path, number, "expected \"transport HEX\" with 64 hexadecimal digits");
      }
      SecretKey key = plain(transport);
      ring.set_transport(key);
      wipe(key.bytes);
      continue;
    }
    if (take_word(line) != "address") return damaged(path, number, "expected \"address ...\"");
    RETURN_IF_ERROR(read_address(line, ring, path, number));
  }
  if (number < 2) return damaged(path, number + 1, "the transport key is missing");
  return ring;
}

Status sync_directory_of(const std::filesystem::path& path) {
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
  const FileDescriptor fd{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd.is_open() || ::fsync(fd.get()) != 0) return system_failed(path, "sync of its directory");
  return ok();
}

void serialize(const KeyRing& ring, SecretText& out) {
  out.add(kFirstLine);
  out.add("\ntransport ");
  out.add_hex(ring.transport_secret().view());
  for (const auto& [address, pairs] : ring.addresses()) {
    for (const AddressKeys& keys : pairs) {
      out.add("\naddress ");
      out.add(address.text());
      out.add(" signing ");
      out.add_hex(keys.signing_seed.view());
      out.add(" sealing ");
      out.add_hex(keys.sealing_secret.view());
    }
  }
  out.add("\n");
}

std::size_t bytes_needed(const KeyRing& ring) {
  std::size_t bytes = 128;
  for (const auto& [address, pairs] : ring.addresses()) {
    bytes += pairs.size() * (address.text().size() + 160);
  }
  return bytes;
}

/// Writes the ring, synced, to a temporary file beside `path`, whose name it returns.
Result<std::filesystem::path> write_beside(const KeyRing& ring, const std::filesystem::path& path) {
  SecretText text{bytes_needed(ring)};
  serialize(ring, text);
  std::string part = path.string() + ".tmp.XXXXXX";
  const FileDescriptor fd{::mkostemp(part.data(), O_CLOEXEC)};
  if (!fd.is_open()) return system_failed(path, "cannot create a file beside it");
  const bool written =
      ::fchmod(fd.get(), 0600) == 0 && write_all(fd.get(), text.view()) && ::fsync(fd.get()) == 0;
  if (written) return std::filesystem::path{part};
  const Error error = system_failed(path, "write");
  ::unlink(part.c_str());
  return error;
}

void wipe_pairs(std::vector<AddressKeys>& pairs) {
  for (AddressKeys& keys : pairs) {
    wipe(keys.signing_seed.bytes);
    wipe(keys.sealing_secret.bytes);
  }
}

}  // namespace

KeyRing::~KeyRing() {
  wipe(transport_secret_.bytes);
  for (auto& [address, pairs] : addresses_) wipe_pairs(pairs);
}

KeyRing::KeyRing(KeyRing&& other) noexcept
    : transport_public_{other.transport_public_},
      transport_secret_{other.transport_secret_},
      addresses_{std::move(other.addresses_)} {
  wipe(other.transport_secret_.bytes);
  other.transport_public_ = {};
  other.addresses_.clear();
}

KeyRing& KeyRing::operator=(KeyRing&& other) noexcept {
  // What this ring held goes with `other`, and is wiped there.
  std::swap(transport_public_, other.transport_public_);
  std::swap(transport_secret_, other.transport_secret_);
  addresses_.swap(other.addresses_);
  return *this;
}

KeyRing KeyRing::generate(const std::vector<Address>& addresses) {
  SystemRandom random;
  const auto fresh = [&random] {
    SecretKey key;
    random.fill(key.bytes);
    return key;
  };
  KeyRing ring;
  SecretKey transport = fresh();
  ring.set_transport(transport);
  wipe(transport.bytes);
  for (const Address& address : addresses) {
    SecretKey seed = fresh();
    SecretKey secret = fresh();
    ring.add(address, seed, secret);
    wipe(seed.bytes);
    wipe(secret.bytes);
  }
  return ring;
}

Result<KeyRing> KeyRing::load(const std::filesystem::path& path) {
  const FileDescriptor fd{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!fd.is_open()) {
    if (errno == ENOENT) {
      return failed(Errc::kNotFound, path,
                    "is not there; `minqing enroll` makes it, or restore its backup");
    }
    if (errno == ELOOP) {
      return failed(Errc::kNotAllowed, path, "is a symbolic link; name the file itself");
    }
    return system_failed(path, "open");
  }
  std::size_t bytes = 0;
  RETURN_IF_ERROR(check_access(fd.get(), path, bytes));
  SecretText text{bytes};
  RETURN_IF_ERROR(read_into(fd.get(), bytes, text, path));
  return parse(text.view(), path);
}

Status KeyRing::save(const std::filesystem::path& path) const {
  ASSIGN_OR_RETURN(const std::filesystem::path part, write_beside(*this, path));
  // link() fails when the name exists; rename() would take another's keys away.
  const int linked = ::link(part.c_str(), path.c_str());
  const int cause = errno;
  ::unlink(part.c_str());
  if (linked != 0) {
    errno = cause;
    if (cause == EEXIST) {
      return failed(Errc::kConflict, path,
                    "exists; keys are never overwritten: move it away first");
    }
    return system_failed(path, "write");
  }
  return sync_directory_of(path);
}

Status KeyRing::replace(const std::filesystem::path& path) const {
  {
    ASSIGN_OR_RETURN(const KeyRing old, load(path));
    for (const auto& [address, pairs] : old.addresses()) {
      for (const AddressKeys& keys : pairs) {
        const auto& kept = of(address);
        if (std::ranges::find(kept, keys.signing_id, &AddressKeys::signing_id) == kept.end()) {
          return failed(Errc::kConflict, path,
                        "holds a pair of " + address.text() +
                            " that the new ring lacks; keys are never thrown away");
        }
      }
    }
  }
  ASSIGN_OR_RETURN(const std::filesystem::path part, write_beside(*this, path));
  if (::rename(part.c_str(), path.c_str()) != 0) {
    const Error error = system_failed(path, "rename");
    ::unlink(part.c_str());
    return error;
  }
  return sync_directory_of(path);
}

const std::vector<AddressKeys>& KeyRing::of(const Address& address) const {
  static const std::vector<AddressKeys> kNone;
  const auto found = addresses_.find(address);
  return found == addresses_.end() ? kNone : found->second;
}

void KeyRing::add(const Address& address,
                  const SecretKey& signing_seed,
                  const SecretKey& sealing_secret) {
  CHECK(!address.is_none());
  const SigningKeys signing = SigningKeys::from_seed(signing_seed.bytes);
  const SealingKeys sealing = SealingKeys::from_secret(sealing_secret.bytes);
  std::vector<AddressKeys>& pairs = addresses_[address];
  // A vector that grows leaves its old memory behind: move by hand, and wipe it.
  std::vector<AddressKeys> grown;
  grown.reserve(pairs.size() + 1);
  grown.insert(grown.end(), pairs.begin(), pairs.end());
  grown.push_back({.signing_id = signing.id(),
                   .signing_public = signing.public_key(),
                   .signing_seed = signing_seed,
                   .sealing_id = sealing.id(),
                   .sealing_public = sealing.public_key(),
                   .sealing_secret = sealing_secret});
  wipe_pairs(pairs);
  pairs = std::move(grown);
}

void KeyRing::set_transport(const SecretKey& secret) {
  transport_secret_ = secret;
  transport_public_ = SealingKeys::from_secret(secret.bytes).public_key();
}

}  // namespace minqing::seal
