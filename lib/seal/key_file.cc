#include "seal/key_file.h"

#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix/file_descriptor.h"
#include "posix/write_all.h"

namespace minqing::seal {
namespace {

constexpr std::size_t kFileBytesMax = 512;
constexpr std::size_t kOwnerBytesMax = 128;

Error failed(Errc code, const std::string& path, std::string_view why) {
  return {code, "key file " + path + ": " + std::string{why}};
}
Error system_failed(const std::string& path, std::string_view doing) {
  return failed(Errc::kIo, path, std::string{doing} + ": " + std::strerror(errno));
}

PublicKey public_half(KeyPurpose purpose, const Secret& secret) {
  switch (purpose) {
    case KeyPurpose::kAuthority:
    case KeyPurpose::kSigning: return SigningKeys::from_seed(secret.view()).public_key();
    case KeyPurpose::kSealing:
    case KeyPurpose::kTransport:
    case KeyPurpose::kRecovery: return SealingKeys::from_secret(secret.view()).public_key();
    case KeyPurpose::kVault: return {};
  }
  CHECK(false);
}

/// The file's text without a heap: wiped when it goes.
class KeyText {
 public:
  void add(std::string_view text) {
    CHECK(size_ + text.size() <= kFileBytesMax);
    std::memcpy(bytes_.span().data() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void add_hex(ByteView bytes) {
    for (const std::uint8_t byte : bytes) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      add(kDigits.substr(byte >> 4U, 1));
      add(kDigits.substr(byte & 15U, 1));
    }
  }
  /// Reads the whole of `fd`. Errors: the words of what is wrong.
  const char* read_from(int fd) {
    while (size_ <= kFileBytesMax) {
      const ::ssize_t got = ::read(fd, bytes_.span().data() + size_, bytes_.span().size() - size_);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return std::strerror(errno);
      if (got == 0) return nullptr;
      size_ += static_cast<std::size_t>(got);
    }
    return "it is longer than a key file";
  }
  std::string_view text() const { return as_text(bytes_.view()).substr(0, size_); }

 private:
  SecretBytes<kFileBytesMax + 1> bytes_;
  std::size_t size_ = 0;
};

bool is_word(std::string_view text) {
  if (text.empty() || text.size() > kOwnerBytesMax) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
  }
  return true;
}

/// Takes "name value\n" off the front of `text`.
Result<std::string_view> take(std::string_view& text,
                              std::string_view name,
                              const std::string& path) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos || line.size() <= name.size() || !line.starts_with(name) ||
      line[name.size()] != ' ') {
    return failed(Errc::kCorrupt, path,
                  "line \"" + std::string{name} +
                      "\" is missing or damaged; restore the file from "
                      "its backup");
  }
  text.remove_prefix(end + 1);
  return line.substr(name.size() + 1);
}

Status check_access(int fd, const std::string& path) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return system_failed(path, "fstat");
  if (!S_ISREG(info.st_mode)) return failed(Errc::kNotAllowed, path, "is not a plain file");
  if (info.st_uid != ::geteuid() && info.st_uid != 0) {
    return failed(Errc::kNotAllowed, path, "belongs to another user; give it to the daemon's user");
  }
  if ((info.st_mode & 077U) != 0) {
    return failed(Errc::kNotAllowed, path,
                  "is open to group or others; its key may be known: chmod 600 it, and rotate the "
                  "key if others use this machine");
  }
  return ok();
}

Status sync_directory(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory =
      slash == std::string::npos ? "." : (slash == 0 ? "/" : path.substr(0, slash));
  const FileDescriptor fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd.is_open() || ::fsync(fd.get()) != 0) return system_failed(path, "sync of its directory");
  return ok();
}

Result<KeyFile> parse(std::string_view text, const std::string& path, KeyPurpose expected) {
  ASSIGN_OR_RETURN(const auto version, take(text, "minqing-key", path));
  if (version != "1") {
    return failed(Errc::kInvalid, path, "is of a format this program does not know");
  }
  ASSIGN_OR_RETURN(const auto purpose, take(text, "purpose", path));
  if (purpose != to_string(expected)) {
    return failed(Errc::kInvalid, path,
                  "is a \"" + std::string{purpose} + "\" key, but a \"" + to_string(expected) +
                      "\" key is needed here");
  }
  ASSIGN_OR_RETURN(const auto owner, take(text, "owner", path));
  ASSIGN_OR_RETURN(const auto public_hex, take(text, "public", path));
  ASSIGN_OR_RETURN(const auto secret_hex, take(text, "secret", path));
  KeyFile key{.purpose = expected, .owner = std::string{owner}, .public_key = {}, .secret = {}};
  if (!text.empty() || !is_word(owner) || !from_hex(public_hex, key.public_key.bytes) ||
      !from_hex(secret_hex, key.secret.span()) ||
      key.public_key != public_half(expected, key.secret)) {
    return failed(Errc::kCorrupt, path,
                  "is damaged (its halves do not fit); restore the file from its backup");
  }
  return key;
}

}  // namespace

const char* to_string(KeyPurpose purpose) {
  switch (purpose) {
    case KeyPurpose::kAuthority: return "authority";
    case KeyPurpose::kSigning: return "signing";
    case KeyPurpose::kSealing: return "sealing";
    case KeyPurpose::kTransport: return "transport";
    case KeyPurpose::kRecovery: return "recovery";
    case KeyPurpose::kVault: return "vault";
  }
  CHECK(false);
}

Status save_key_file(const std::string& path, const KeyFile& key) {
  if (!is_word(key.owner)) {
    return failed(Errc::kInvalid, path, "its owner must be one word of at most 128 bytes");
  }
  KeyText text;
  text.add("minqing-key 1\npurpose ");
  text.add(to_string(key.purpose));
  text.add("\nowner ");
  text.add(key.owner);
  text.add("\npublic ");
  text.add_hex(public_half(key.purpose, key.secret).view());
  text.add("\nsecret ");
  text.add_hex(key.secret.view());
  text.add("\n");
  // Whole or not at all: a crash leaves the half-written file under another name.
  const std::string part = path + ".part";
  ::unlink(part.c_str());
  const FileDescriptor fd{
      ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!fd.is_open()) return system_failed(part, "create");
  const bool written =
      ::fchmod(fd.get(), 0600) == 0 && write_all(fd.get(), text.text()) && ::fsync(fd.get()) == 0;
  const int linked = written ? ::link(part.c_str(), path.c_str()) : -1;
  const int cause = errno;
  ::unlink(part.c_str());
  if (linked != 0) {
    errno = cause;
    if (written && cause == EEXIST) {
      return failed(Errc::kConflict, path,
                    "exists; a key is never overwritten: move it away first");
    }
    return system_failed(path, "write");
  }
  return sync_directory(path);
}

Result<KeyFile> load_key_file(const std::string& path, KeyPurpose expected) {
  const FileDescriptor fd{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!fd.is_open()) {
    if (errno == ENOENT) {
      return failed(Errc::kNotFound, path, "is not there; enroll makes it, or restore its backup");
    }
    if (errno == ELOOP) {
      return failed(Errc::kNotAllowed, path, "is a symbolic link; name the file itself");
    }
    if (errno == EACCES) return failed(Errc::kNotAllowed, path, "may not be read by this user");
    return system_failed(path, "open");
  }
  RETURN_IF_ERROR(check_access(fd.get(), path));
  KeyText text;
  if (const char* why = text.read_from(fd.get())) return failed(Errc::kIo, path, why);
  return parse(text.text(), path, expected);
}

}  // namespace minqing::seal
