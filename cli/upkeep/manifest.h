// manifest.json of a backup: what it holds, of which moment, and how to see that it is whole.
//
// Trusts nobody: sizes and hashes are compared before a file is used. It is not signed: who can
// change a backup can change its manifest, so backups are kept as safe as the node itself.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "store/survey.h"

namespace minqing::cli {

inline constexpr const char* kManifestName = "manifest.json";

struct ManifestFile {
  std::string name;  // in the backup's directory
  std::uint64_t bytes = 0;
  std::string hash{};  // BLAKE2b-256, hexadecimal
};

struct Manifest {
  Instant made_at;
  std::string program;  // "minqing 0.1.0"
  store::StoreSurvey store{};
  std::uint64_t identities = 0;
  std::vector<ManifestFile> files{};

  bool has(std::string_view name) const;
};

std::string manifest_json(const Manifest& manifest);
/// Errors: kNotFound - no backup there; kCorrupt, kConflict - a newer format.
Result<Manifest> read_manifest(const std::filesystem::path& directory);

/// Size and hash of `name` in `directory`, read as it is now.
Result<ManifestFile> describe_file(const std::filesystem::path& directory, const std::string& name);
/// Errors: kCorrupt, kNotFound - a file is not the one of the manifest, in one sentence.
Status check_files(const std::filesystem::path& directory, const Manifest& manifest);

}  // namespace minqing::cli
