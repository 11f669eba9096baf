#include "daemon/directory_file.h"

#include "core/limits.h"
#include "ops/atomic_file.h"
#include "seal/directory_seal.h"
#include "wire/directory_codec.h"

namespace minqing::daemon {
namespace {

constexpr std::size_t kSignedBytesMax = limits::kDirectoryBytesMax + 4'096;
constexpr std::size_t kPublicFileBytesMax = 4'096;

Error with_advice(Error error, const char* advice) {
  if (error.code == Errc::kNotFound) error.detail += std::string{"; "} + advice;
  return error;
}

}  // namespace

Result<LoadedDirectory> open_directory(Bytes signed_bytes, const PublicKey& authority) {
  ASSIGN_OR_RETURN(const wire::SignedDirectory file, wire::decode_signed_directory(signed_bytes));
  RETURN_IF_ERROR(seal::verify_directory(authority, file.key, file.directory, file.signature));
  ASSIGN_OR_RETURN(Directory directory, wire::decode_directory(file.directory));
  if (directory.content().authority != authority) {
    return Error{Errc::kCorrupt, "the directory names another authority than the one that signed"};
  }
  return LoadedDirectory{std::move(directory), std::move(signed_bytes)};
}

Result<PublicKey> load_authority(const std::filesystem::path& path) {
  auto text = ops::read_text_file(path.string(), kPublicFileBytesMax);
  if (!text) {
    return with_advice(text.error(),
                       "`minqing network init` makes it; on another machine, copy it from the "
                       "authority by a safe way");
  }
  std::string_view line = *text;
  if (line.ends_with('\n')) line.remove_suffix(1);
  const auto key = PublicKey::parse(line);
  if (key && !key->is_none()) return *key;
  return Error{Errc::kCorrupt, path.string() +
                                   " must hold 64 hexadecimal digits; copy it anew from the "
                                   "authority"};
}

Result<LoadedDirectory> load_directory(const std::filesystem::path& path,
                                       const PublicKey& authority) {
  auto bytes = ops::read_file(path.string(), kSignedBytesMax);
  if (!bytes) {
    return with_advice(bytes.error(),
                       "`minqing network init` makes it; on another machine, copy it from the "
                       "authority");
  }
  auto loaded = open_directory(*std::move(bytes), authority);
  if (!loaded) return Error{loaded.error().code, path.string() + ": " + loaded.error().detail};
  return loaded;
}

Result<LoadedDirectory> load_newest_directory(const std::filesystem::path& given,
                                              const std::filesystem::path& saved,
                                              const PublicKey& authority) {
  auto from_given = load_directory(given, authority);
  auto from_saved = load_directory(saved, authority);
  if (!from_saved) return from_given;
  if (!from_given || from_saved->directory.version() > from_given->directory.version()) {
    return from_saved;
  }
  return from_given;
}

}  // namespace minqing::daemon
