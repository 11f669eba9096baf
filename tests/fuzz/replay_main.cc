// Runs a fuzz harness without libFuzzer: every file of the folders and files named on the command
// line, and for each of them every cut and every single flipped bit of the first kilobyte.
// Exit 1 when nothing was there to run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kMutatedBytesMax = 1'024;

void run(const std::vector<std::uint8_t>& bytes) {
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

void replay(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>{in}, {}};
  run(bytes);
  const std::size_t reach = std::min(bytes.size(), kMutatedBytesMax);
  for (std::size_t at = 0; at < reach; ++at) {
    run({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at)});
    for (unsigned bit = 0; bit < 8; ++bit) {
      const auto mask = static_cast<std::uint8_t>(1U << bit);
      bytes[at] ^= mask;
      run(bytes);
      bytes[at] ^= mask;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path path{argv[i]};
    if (!std::filesystem::is_directory(path)) {
      replay(path);
      ++files;
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator{path}) {
      if (!entry.is_regular_file()) continue;
      replay(entry.path());
      ++files;
    }
  }
  std::printf("replayed %zu files\n", files);
  return files > 0 ? 0 : 1;
}
