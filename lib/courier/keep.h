// Keeping (docs/adr/0011): what only this disk holds goes, sealed, to a second store. KeptRow and
// KeepRecord are what a KEEP carries; KeepBook is the part of the store that knows what is safe.
//
// Calls of KeepBook belong to the turn's one transaction and fail like Ledger's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "courier/ledger.h"

namespace minqing::courier {

/// A self or out row as its owner's log has it; header and body say the rest.
struct KeptRow {
  Direction direction = Direction::kSelf;
  LifeId life;
  Seq seq;  // 0 for self rows
  Instant at;
  std::string verdict;
  RuleVersions versions;
  Bytes header;
  Salt salt;
  Bytes body;
  Bytes signature;  // empty for self rows
  friend bool operator==(const KeptRow&, const KeptRow&) = default;
};
KeptRow kept_row_of(const LogRow& row);

/// An entry of the identity vault that a kept row points to.
struct KeptIdentity {
  std::string ref;  // petitioner_ref
  Bytes identity;
  friend bool operator==(const KeptIdentity&, const KeptIdentity&) = default;
};

/// What one KEEP carries, sealed to the owner's recovery key.
struct KeepRecord {
  Address owner;
  std::vector<KeptRow> rows;
  std::vector<KeptIdentity> identities;
  friend bool operator==(const KeepRecord&, const KeepRecord&) = default;
};

/// What is not in a second store yet. Counts self and out rows; KEEPs themselves are not counted.
struct Unsafe {
  std::uint64_t rows = 0;
  Instant oldest_at;     // none when there are none
  bool is_more = false;  // not every row was looked at: `rows` is the least there are
};

class KeepBook {
 public:
  KeepBook() = default;
  virtual ~KeepBook() = default;
  KeepBook(const KeepBook&) = delete;
  KeepBook& operator=(const KeepBook&) = delete;

  /// The last row of `owner` that a KEEP names; 0 = none. All before it was looked at then.
  virtual Pos kept_through(const Address& owner) = 0;

  /// Rows of `owner` behind `after` that are on this disk alone and that no KEEP names, in order.
  struct Alone {
    std::vector<LogRow> rows;
    Pos through;                     // looked at up to here
    std::optional<Instant> next_at;  // of the next row behind it, too young or too much for now
  };
  /// Stops at `rows_max`, `bytes_max` (with one row at least), before a row younger than
  /// `not_after`, or after `look_max` rows of the log.
  struct Wanted {
    Pos after;
    Instant not_after;
    std::size_t rows_max = 0;
    std::size_t bytes_max = 0;
    std::size_t look_max = 0;
  };
  virtual Alone alone(const Address& owner, const Wanted& wanted) = 0;

  /// Of one case's rows at `owner`.
  virtual Unsafe unsafe_of_case(const Address& owner, const std::string& case_id) = 0;
  /// Of all rows of `owner`; looks at no more than `look_max` of those it has not found safe yet.
  virtual Unsafe unsafe(const Address& owner, std::size_t look_max) = 0;
  /// A peer's word went back, or a new life began: what was safe may be so no more.
  virtual void look_again() = 0;
};

}  // namespace minqing::courier
