// One thing that a doctor found, in plain words: what, what it means, what to do next.
#pragma once

#include <string>
#include <vector>

namespace minqing::cli {

/// Chinese first, then English: one sentence each.
struct Words {
  std::string zh;
  std::string en;
};

struct Finding {
  std::string code;  // "chain-break": for programs, and to look up in the documentation
  Words what;
  Words means;
  Words next;
};

using Findings = std::vector<Finding>;

}  // namespace minqing::cli
