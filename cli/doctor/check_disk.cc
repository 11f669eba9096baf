// Room on the disk, and a write-ahead log that cannot be cut.
#include "cli/doctor/checks.h"

namespace minqing::cli {
namespace {

std::string disk_mib(std::uint64_t bytes) {
  return std::to_string(bytes >> 20U) + " MiB";
}

}  // namespace

void check_disk(const Facts& facts, Findings& findings) {
  if (facts.disk_free_bytes && *facts.disk_free_bytes < facts.limits.disk_free_bytes_min) {
    const std::string left = disk_mib(*facts.disk_free_bytes);
    findings.push_back(
        {"disk-near-full",
         {"磁盘只剩 " + left, "the disk has " + left + " left"},
         {"低于 64 MiB 时节点不再收件;写满时节点停止",
          "below 64 MiB a node takes no new petition; on a full disk it stops"},
         {"腾出空间;先看 doctor 列出的旧文件,再看别的程序",
          "make room: first the old files that the doctor names, then other programs"}});
  }
  for (const FileFact& file : facts.files) {
    if (!file.name.ends_with(".db-wal") || file.bytes <= limits::kWalBytesMax) continue;
    findings.push_back(
        {"wal-grown",
         {file.name + " 已有 " + disk_mib(file.bytes),
          file.name + " has grown to " + disk_mib(file.bytes)},
         {"有只读进程长期占着旧快照,日志截不断",
          "some reader holds an old snapshot: it cannot be "
          "cut"},
         {"结束长时间运行的 verify、rebuild --check 或 backup;大库请对备份做核验",
          "end a long verify, rebuild --check or backup; of a large store verify a backup"}});
  }
}

}  // namespace minqing::cli
