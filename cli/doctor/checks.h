// The doctor's checks: pure functions over gathered facts, one file each family.
#pragma once

#include "cli/doctor/facts.h"
#include "cli/doctor/finding.h"

namespace minqing::cli {

void check_pages(const Facts& facts, Findings& findings);      // page-damage, store-unreadable ...
void check_chain(const Facts& facts, Findings& findings);      // chain-break
void check_clock(const Facts& facts, Findings& findings);      // clock-jump
void check_directory(const Facts& facts, Findings& findings);  // directory-expiring, -expired ...
void check_modes(const Facts& facts, Findings& findings);      // open-file, key-missing ...
void check_leftovers(const Facts& facts, Findings& findings);  // leftover-tmp ..., store-doubtful
void check_loops(const Facts& facts, Findings& findings);      // stuck-loop
void check_delivery(const Facts& facts, Findings& findings);   // long-saved-not-safe ...
void check_life(const Facts& facts, Findings& findings);       // life-refilling
void check_mailboxes(const Facts& facts, Findings& findings);  // mailbox-full
void check_disk(const Facts& facts, Findings& findings);       // disk-near-full, wal-grown
void check_vault(const Facts& facts, Findings& findings);      // vault-orphans

/// All of them, in this order.
Findings check_all(const Facts& facts);

}  // namespace minqing::cli
