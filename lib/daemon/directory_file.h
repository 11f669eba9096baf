// The signed directory on a daemon's disk: read, verified, kept.
//
// Guarantee: what is returned was signed by the authority this machine was enrolled with, and names
// no other. Of two files the newer one counts, so a daemon never falls back to an older directory
// than it has seen.
#pragma once

#include <filesystem>

#include "core/directory.h"
#include "core/result.h"

namespace minqing::daemon {

struct LoadedDirectory {
  Directory directory;
  Bytes signed_bytes;  // as they are offered to others
};

/// Verifies, then reads. Errors: kCorrupt, kInvalid, kTooLarge.
Result<LoadedDirectory> open_directory(Bytes signed_bytes, const PublicKey& authority);

/// The authority's public key: 64 hexadecimal digits. Errors: kNotFound, kNotAllowed, kCorrupt,
/// naming the path and the remedy.
Result<PublicKey> load_authority(const std::filesystem::path& path);

/// Errors: those of open_directory, naming the path; kNotFound with the remedy.
Result<LoadedDirectory> load_directory(const std::filesystem::path& path,
                                       const PublicKey& authority);

/// The newer of the file an administrator gave and the one this daemon saved, which may be missing.
/// Errors: load_directory's of `given`, unless the saved one is good.
Result<LoadedDirectory> load_newest_directory(const std::filesystem::path& given,
                                              const std::filesystem::path& saved,
                                              const PublicKey& authority);

}  // namespace minqing::daemon
