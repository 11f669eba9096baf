// Files that a crash, a damage or a restore left behind, and marks that were not taken away.
#include <array>

#include "cli/doctor/checks.h"
#include "ops/aside.h"

namespace minqing::cli {
namespace {

struct Leftover {
  const char* infix;  // in the file's name
  const char* code;
  const char* means_zh;
  const char* means_en;
};

constexpr std::array kLeftovers{
    Leftover{".tmp.", "leftover-tmp", "写到一半时进程被终止", "a write was cut short by a crash"},
    Leftover{".damaged-", "leftover-damaged", "坏文件已移开,另建了新的",
             "a damaged file was moved aside and a fresh one begun"},
    Leftover{".doubtful-", "leftover-doubtful", "磁盘出错后启动前留的副本",
             "a copy made at the start after a disk failure"},
    Leftover{".before-restore-", "leftover-before-restore", "恢复备份前的原文件,其中有群众的话",
             "what a restore replaced; it holds what petitions say"},
};

}  // namespace

void check_leftovers(const Facts& facts, Findings& findings) {
  for (const Leftover& leftover : kLeftovers) {
    std::string first;
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    for (const FileFact& file : facts.files) {
      if (file.name.find(leftover.infix) == std::string::npos) continue;
      if (count++ == 0) first = file.name;
      bytes += file.bytes;
    }
    if (count == 0) continue;
    const std::string size = std::to_string(bytes) + " B";
    findings.push_back({leftover.code,
                        {"留有 " + std::to_string(count) + " 个旧文件(" + size + "),如 " + first,
                         std::to_string(count) + " old files (" + size + ") such as " + first},
                        {leftover.means_zh, leftover.means_en},
                        {"确认无用后删除", "delete them once they are of no more use"}});
  }
  if (facts.file(ops::kRestoringMark) != nullptr) {
    findings.push_back({"restore-unfinished",
                        {"恢复没有做完", "a restore was broken off"},
                        {"节点不会启动", "the node does not start"},
                        {"再执行同一条 minqing restore", "run the same `minqing restore` again"}});
  }
  if (facts.file(ops::kDoubtfulMark) != nullptr) {
    findings.push_back(
        {"store-doubtful",
         {"存储写盘失败过,尚未核对", "the store's disk failed, and it was not checked since"},
         {"最后一次提交没有对外说过成功", "the last commit was told to nobody as done"},
         {"检查磁盘与剩余空间,再启动节点:它先留副本、核对页,再上线",
          "look at the disk and its free space, then start the node: it keeps a copy and checks "
          "the pages before it goes live"}});
  }
}

}  // namespace minqing::cli
