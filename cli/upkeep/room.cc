#include "cli/upkeep/room.h"

namespace minqing::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMarginBytes = 16ULL << 20U;

std::string mib(std::uint64_t bytes) {
  return std::to_string((bytes >> 20U) + 1) + " MiB";
}

}  // namespace

std::uint64_t bytes_of_files(const fs::path& directory, std::initializer_list<const char*> names) {
  std::uint64_t bytes = 0;
  for (const char* name : names) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(directory / name, error);
    if (!error) bytes += size;
  }
  return bytes;
}

Status check_room(const fs::path& directory, std::uint64_t bytes) {
  std::error_code error;
  const fs::space_info space = fs::space(directory, error);
  if (error || space.available >= bytes + kMarginBytes) return ok();
  return Error{Errc::kBusy, "the disk of " + directory.string() + " has " + mib(space.available) +
                                " left, and " + mib(bytes + kMarginBytes) +
                                " are needed: make room, or choose another disk"};
}

}  // namespace minqing::cli
