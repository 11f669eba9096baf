#include "cli/doctor/checks.h"

#include <algorithm>

namespace minqing::cli {

const FileFact* Facts::file(std::string_view name) const {
  const auto found = std::ranges::find(files, name, &FileFact::name);
  return found == files.end() ? nullptr : &*found;
}

Findings check_all(const Facts& facts) {
  Findings findings;
  for (const auto check :
       {check_pages, check_chain, check_clock, check_directory, check_modes, check_leftovers,
        check_loops, check_delivery, check_life, check_mailboxes, check_disk, check_vault}) {
    check(facts, findings);
  }
  return findings;
}

}  // namespace minqing::cli
