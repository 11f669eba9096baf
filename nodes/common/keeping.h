// Keeping: what only this disk holds goes, sealed, to the keeper of its address (docs/adr/0011),
// and what is in a second store is known. Pure but for its ports; belongs to one turn's
// transaction.
//
// Guarantee: every self row, every out row that its addressee has not receipted within a second,
// and every identity that such a row points to is in a KEEP before long; a KEEP causes no row here,
// so keeping ends. Costs at most one turn of its own a second, fewer when other turns commit.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "casework/keep.h"
#include "nodes/common/scribe.h"

namespace minqing::node {

struct KeepingCounters {
  std::uint64_t keeps_written = 0;
  std::uint64_t rows_kept = 0;
  std::uint64_t rows_without_keeper = 0;  // an accusation that no superior may keep
};

/// What of this node is saved (已收件), and not safe (已保全) yet.
struct NotSafe {
  std::uint64_t rows = 0;
  bool is_more = false;
  Instant oldest_at;
  Instant oldest_with_keeper_at;        // of addresses that have one: an alarm when it lasts
  std::uint64_t addresses_without = 0;  // hosted ones that have no keeper
};

class Keeping {
 public:
  /// `ports.keeps` may be none: then nothing is ever kept from here.
  Keeping(ScribePorts ports, Scribe& scribe);

  /// The directory, or what is safe, may have changed: hosted addresses are looked through again.
  void look_again();
  /// Writes the KEEPs that are due. Last in a turn: it rides with what the turn commits anyway.
  void tick(const Directory& directory);
  std::optional<Instant> next_deadline() const;

  /// Of one case of `owner`: nullopt = every row of it is in a second store.
  std::optional<courier::Unsafe> unsafe_of_case(const Address& owner, const std::string& case_id);
  NotSafe not_safe(const Directory& directory);
  const KeepingCounters& counters() const { return counters_; }

 private:
  struct Owner {
    Pos after;                     // looked through up to here
    std::optional<Instant> since;  // the oldest row behind it that may be alone
  };
  void look_through(const Directory& directory);
  void keep(const Address& owner, Owner& state, const Directory& directory, Millis age);
  Status write(const Address& owner,
               const Address& keeper,
               const std::vector<courier::LogRow>& rows,
               const Directory& directory);
  void add_identity(const courier::LogRow& row, courier::KeepRecord& record);

  ScribePorts ports_;
  Scribe& scribe_;
  bool is_stale_ = true;
  std::map<Address, Owner> owners_;  // hosted ones that have a keeper
  KeepingCounters counters_;
};

}  // namespace minqing::node
