#include "bench/process_memory.h"

#include <fstream>
#include <sstream>
#include <string>

namespace minqing::bench {

Result<ProcessMemory> memory_of(int pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/smaps_rollup";
  std::ifstream in{path};
  ProcessMemory out;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words{line};
    std::string name;
    std::uint64_t kib = 0;
    if (!(words >> name >> kib)) continue;
    if (name == "Pss:") out.pss = kib * 1'024;
    if (name == "Private_Clean:" || name == "Private_Dirty:") out.of_its_own += kib * 1'024;
  }
  if (out.pss == 0) return Error{Errc::kUnavailable, "cannot read " + path};
  return out;
}

}  // namespace minqing::bench
