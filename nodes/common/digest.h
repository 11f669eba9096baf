// The supervisors' digest: once a day a file that names what is overdue, what is due soon and what
// waits for a person, for every hosted address, the higher tiers first: loops at both ends, and at
// the owner the clocks of its cases, by law and by the house's own target.
//
// Written whole or not at all, as digest-2026-11-26.txt, mode 0600, once a day from the hour said
// on (Asia/Shanghai); a day whose hour was slept through gets its digest as soon as the node runs.
// Names cases by number only: no title, no text, no person. Only its own old files are deleted.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/directory.h"
#include "nodes/common/config.h"
#include "store/reader.h"

namespace minqing::node {

/// What is due within this counts as "due soon", here and for `loops`.
inline constexpr Millis kDueSoon = std::chrono::days{3};

/// The digest's text. Errors: the reader's.
Result<std::string> digest_text(store::Reader& reader,
                                const Directory& directory,
                                std::vector<Address> addresses,
                                Instant now);

class Digest {
 public:
  /// `config`: of a node that wants digests.
  explicit Digest(DigestConfig config) : config_{std::move(config)} {}

  /// Is one to be written now? At most one file system look-up a day, or after a failure.
  bool is_due(Instant now) const;
  /// Writes the day's file unless it is there, and deletes those older than days_kept. After a
  /// failure it is due again in ten minutes. Errors: the reader's; those of the write.
  Status write(store::Reader& reader,
               const Directory& directory,
               const std::vector<Address>& addresses,
               Instant now);

 private:
  void delete_old(Instant now) const;

  DigestConfig config_;
  std::string day_done_;
  Instant not_before_;
};

}  // namespace minqing::node
