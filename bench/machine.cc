#include "bench/machine.h"

#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sqlite3.h>
#include <zmq.h>

#include "bench/statistics.h"
#include "posix/file_descriptor.h"

namespace minqing::bench {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

std::string cpu_name() {
  std::ifstream in{"/proc/cpuinfo"};
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

/// By the magic numbers of statfs(2).
std::string file_system_of(const fs::path& path) {
  struct statfs info {};
  if (::statfs(path.c_str(), &info) != 0) return "unknown";
  switch (static_cast<std::uint64_t>(info.f_type)) {
    case 0xef53: return "ext4";
    case 0x58465342: return "xfs";
    case 0x9123683e: return "btrfs";
    case 0x01021994: return "tmpfs (memory: nothing is flushed to a disk)";
    case 0x794c7630: return "overlayfs";
    case 0x2fc12fc1: return "zfs";
    default: return fmt::format("0x{:x}", info.f_type);
  }
}

std::string disk_of(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  const std::string block =
      fmt::format("/sys/dev/block/{}:{}", major(info.st_dev), minor(info.st_dev));
  std::error_code error;
  const std::string device = fs::read_symlink(block, error).filename().string();
  if (device.starts_with("vd") || device.starts_with("xvd")) return "virtual";
  for (const char* queue : {"/queue/rotational", "/../queue/rotational"}) {
    std::ifstream in{block + queue};
    if (int rotates = 0; in >> rotates) return rotates != 0 ? "rotating" : "solid state";
  }
  return {};
}

double flush_time(const fs::path& directory) {
  constexpr int kFlushes = 50;
  const fs::path file = directory / "flush-probe";
  const FileDescriptor fd{::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  const std::vector<char> page(8'192, 'x');
  std::vector<double> micros;
  for (int i = 0; i < kFlushes && fd.is_open(); ++i) {
    const auto begin = steady_clock::now();
    if (::write(fd.get(), page.data(), page.size()) < 0 || ::fdatasync(fd.get()) != 0) break;
    micros.push_back(
        std::chrono::duration<double, std::micro>(steady_clock::now() - begin).count());
  }
  std::error_code ignored;
  fs::remove(file, ignored);
  return median(micros);
}

}  // namespace

Machine look_at_machine(const fs::path& stores) {
  Machine out;
  out.cpus = std::thread::hardware_concurrency();
  out.cpu = cpu_name();
  struct sysinfo memory {};
  if (::sysinfo(&memory) == 0) out.memory_mib = (memory.totalram * memory.mem_unit) >> 20U;
  struct utsname kernel {};
  if (::uname(&kernel) == 0) out.kernel = fmt::format("{} {}", kernel.sysname, kernel.release);
  out.file_system = file_system_of(stores);
  out.disk = disk_of(stores);
  out.flush_micros = flush_time(stores);
  int major_number = 0;
  int minor_number = 0;
  int patch = 0;
  zmq_version(&major_number, &minor_number, &patch);
  out.versions = fmt::format("ZeroMQ {}.{}.{}, SQLite {}", major_number, minor_number, patch,
                             sqlite3_libversion());
  return out;
}

std::string to_string(const Machine& m) {
  return fmt::format("{} CPUs ({}), {:.1f} GiB, {}, {} on {} disk, flush {:.0f} µs, {}", m.cpus,
                     m.cpu, static_cast<double>(m.memory_mib) / 1'024, m.kernel, m.file_system,
                     m.disk.empty() ? "an unknown" : m.disk, m.flush_micros, m.versions);
}

}  // namespace minqing::bench
