#include "cli/upkeep/manifest.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "ops/atomic_file.h"
#include "ops/system_error.h"
#include "posix/file_descriptor.h"
#include "seal/hash.h"

namespace minqing::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr std::size_t kManifestBytesMax = 16ULL << 20U;
constexpr std::size_t kChunkBytes = 1ULL << 20U;
/// A backup holds nothing else, whatever its manifest says.
constexpr std::array kNames{"store.db", "vault.db", "keys.txt", "vault.key"};

Error wrong(const fs::path& path, const std::string& what) {
  return {Errc::kCorrupt, path.string() + ": " + what + ": take another backup"};
}

Json life_json(const store::LifeEntry& life) {
  return {{"number", life.number},
          {"life", life.life.hex()},
          {"began_at", format_instant(life.began_at)},
          {"reason", life.reason},
          {"refilled_at", format_instant(life.refilled_at)}};
}

Json head_json(const store::Head& head) {
  return {{"owner", head.owner.text()},
          {"pos", head.pos.value},
          {"chain", head.chain.hex()},
          {"at", format_instant(head.at)}};
}

/// Throws nlohmann's exceptions, or std::invalid_argument.
template <class T>
T need(std::optional<T> value) {
  if (!value) throw std::invalid_argument{"a value has the wrong form"};
  return *std::move(value);
}

Instant instant_of(const Json& json, const char* key) {
  const std::string text = json.at(key);
  return text == "-" ? Instant{} : need(parse_instant(text));
}

Manifest from_json(const Json& json) {
  Manifest manifest;
  manifest.made_at = instant_of(json, "made_at");
  manifest.program = json.at("program");
  manifest.store.schema_version = json.at("schema_version");
  manifest.identities = json.at("identities");
  for (const Json& life : json.at("lives")) {
    manifest.store.lives.push_back(
        {life.at("number"), need(LifeId::parse(life.at("life").get<std::string>())),
         instant_of(life, "began_at"), life.at("reason"), instant_of(life, "refilled_at")});
  }
  for (const Json& head : json.at("heads")) {
    auto owner = Address::parse(head.at("owner").get<std::string>());
    if (!owner) throw std::invalid_argument{owner.error().detail};
    manifest.store.heads.push_back({*std::move(owner), Pos{head.at("pos")},
                                    need(ChainHash::parse(head.at("chain").get<std::string>())),
                                    instant_of(head, "at")});
  }
  for (const Json& file : json.at("files")) {
    manifest.files.push_back({file.at("name"), file.at("bytes"), file.at("hash")});
    if (std::ranges::find(kNames, manifest.files.back().name) == kNames.end()) {
      throw std::invalid_argument{"a backup holds no " + manifest.files.back().name};
    }
  }
  if (!manifest.has("store.db") || manifest.store.lives.empty()) {
    throw std::invalid_argument{"it names no store"};
  }
  return manifest;
}

}  // namespace

bool Manifest::has(std::string_view name) const {
  return std::ranges::find(files, name, &ManifestFile::name) != files.end();
}

std::string manifest_json(const Manifest& manifest) {
  Json json{{"format", kFormat},
            {"made_at", format_instant(manifest.made_at)},
            {"program", manifest.program},
            {"schema_version", manifest.store.schema_version},
            {"log_rows", manifest.store.log_rows()},
            {"identities", manifest.identities},
            {"lives", Json::array()},
            {"heads", Json::array()},
            {"files", Json::array()}};
  for (const store::LifeEntry& life : manifest.store.lives)
    json["lives"].push_back(life_json(life));
  for (const store::Head& head : manifest.store.heads) json["heads"].push_back(head_json(head));
  for (const ManifestFile& file : manifest.files) {
    json["files"].push_back({{"name", file.name}, {"bytes", file.bytes}, {"hash", file.hash}});
  }
  return json.dump(2) + "\n";
}

Result<Manifest> read_manifest(const fs::path& directory) {
  const fs::path path = directory / kManifestName;
  auto text = ops::read_text_file(path.string(), kManifestBytesMax);
  if (!text && text.error().code == Errc::kNotFound) {
    return Error{Errc::kNotFound,
                 "there is no backup in " + directory.string() + ": it has no " + kManifestName};
  }
  if (!text) return text.error();
  try {
    const Json json = Json::parse(*text);
    const int format = json.at("format");
    if (format > kFormat) {
      return Error{Errc::kConflict, path.string() + " has format " + std::to_string(format) +
                                        ", and this program knows " + std::to_string(kFormat) +
                                        ": run the newer program"};
    }
    return from_json(json);
  } catch (const std::exception& e) {
    return wrong(path, std::string{"it cannot be read ("} + e.what() + ")");
  }
}

Result<ManifestFile> describe_file(const fs::path& directory, const std::string& name) {
  const std::string path = directory / name;
  const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!file.is_open()) return ops::system_error(errno, "cannot open " + path);
  ManifestFile described{.name = name};
  seal::Hasher hasher;
  Bytes chunk(kChunkBytes);
  while (true) {
    const ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ops::system_error(errno, "cannot read " + path);
    if (got == 0) break;
    hasher.update(ByteView{chunk}.first(static_cast<std::size_t>(got)));
    described.bytes += static_cast<std::uint64_t>(got);
  }
  described.hash = to_hex(hasher.finish());
  return described;
}

Status check_files(const fs::path& directory, const Manifest& manifest) {
  for (const ManifestFile& file : manifest.files) {
    ASSIGN_OR_RETURN(const ManifestFile found, describe_file(directory, file.name));
    if (found.bytes == file.bytes && found.hash == file.hash) continue;
    return wrong(directory / file.name, "it is not the file that the manifest describes");
  }
  return ok();
}

}  // namespace minqing::cli
