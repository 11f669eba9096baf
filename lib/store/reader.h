// Reader: read-only look at a node store, for CLI, API and pages. Beside a live node or on a
// stopped node's files. Several may be open; one per thread.
//
// Guarantees: never writes or checkpoints; every statement ends within limits::kReadStatementMax
// (kTimeout), so no reader keeps the writer from truncating the WAL for long. Answers are those of
// one moment per call, not across calls.
// Errors of every call: kTimeout; kIo - the disk, or damage.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "casework/case_book.h"
#include "casework/clocks.h"
#include "core/limits.h"
#include "courier/ledger.h"

namespace minqing::store {

/// Which cases. Newest change first.
struct CaseFilter {
  Address owner;
  std::optional<casework::CaseState> state;
  std::optional<casework::Part> part;
  std::string
      text;  // a whole case id; else in the title, and where `owner` owns the case, in its text
  std::string area{};      // how it begins; empty = any
  std::string category{};  // likewise
  Instant overdue_at{};    // only with an open loop that was due by then; none = any
  // With it: also those with a clock counted from a bound or before (only where `owner` owns them)
  std::vector<casework::ClockBound> overdue_clocks{};
};
/// Where a page of cases begins: after this one. Default: at the newest.
struct CasePlace {
  Instant updated_at;
  std::string case_id;
};
struct CasePage {
  std::vector<casework::CaseRecord> cases;
  std::optional<CasePlace> next;  // nullopt: this was the last page
};

enum class LoopChoice { kOpen, kOverdue, kDueSoon, kClosed, kAll };
/// Which loops. Open and overdue ones by reply-by, the earliest first (those without a clock
/// last); others in the order of opening, newest first.
struct LoopFilter {
  Address owner;
  LoopChoice choice = LoopChoice::kOpen;
  Instant now;           // kOverdue: open and due at or before it; kDueSoon: open and due after it
  int rows_skipped = 0;  // paging
  Instant due_by{};      // kDueSoon: the end of "soon"
};

/// Which running clocks: counted from a bound or before, and after one of `behind`.
struct ClockFilter {
  Address owner;
  std::vector<casework::ClockBound> bounds;
  std::vector<casework::ClockBound> behind{};  // empty = since ever
};

enum class AttentionChoice { kOpen, kAll };
/// Which entries of the person's list: open ones the oldest first, all of them the newest first.
struct AttentionFilter {
  Address owner;
  AttentionChoice choice = AttentionChoice::kOpen;
};
/// Where a page of the list begins: after this entry.
struct AttentionPlace {
  Instant at;
  MessageId id;
};
struct AttentionPage {
  std::vector<casework::AttentionRecord> entries;
  std::optional<AttentionPlace> next;  // nullopt: this was the last page
};

enum class Bodies { kLeaveOut, kLoad };

struct Totals {
  std::uint64_t log_rows = 0;
  std::uint64_t cases = 0;
  std::uint64_t loops_open = 0;
  std::uint64_t loops_overdue = 0;
  std::uint64_t loops_closed = 0;
  std::uint64_t attention_open = 0;
};

/// One outgoing stream of the current life.
struct StreamTotals {
  courier::StreamKey key;
  Seq last_committed;
  Seq receipted;              // as last written: soft state lags a live node's memory
  std::uint64_t waiting = 0;  // committed, not receipted
  Instant oldest_waiting_at;  // none when nothing waits
};

class Reader {
 public:
  struct Options {
    std::chrono::milliseconds statement_max = limits::kReadStatementMax;
  };
  /// Errors: kNotFound; kInvalid, kConflict, kCorrupt, kIo as Database::open.
  static Result<std::unique_ptr<Reader>> open(const std::string& path, const Options& options);
  static Result<std::unique_ptr<Reader>> open(const std::string& path) { return open(path, {}); }
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Result<LifeId> life();
  /// Addresses that have a log here, in order.
  Result<std::vector<Address>> owners();

  /// At most `rows` (1..limits::kPageRowsMax; more is cut).
  Result<CasePage> cases(const CaseFilter& filter, const std::optional<CasePlace>& after, int rows);
  Result<std::optional<casework::CaseRecord>> find_case(const Address& owner, const CaseId& id);
  /// The case as every owner here sees it.
  Result<std::vector<casework::CaseRecord>> views_of_case(const CaseId& id);

  Result<std::vector<casework::LoopRecord>> loops(const LoopFilter& filter, int rows);
  Result<std::vector<casework::LoopRecord>> loops_of_case(const Address& owner, const CaseId& id);
  Result<std::optional<casework::LoopRecord>> find_loop(const Address& owner, const LoopId& loop);

  /// Those farthest behind their bound first.
  Result<std::vector<casework::ClockRecord>> clocks(const ClockFilter& filter, int rows);
  Result<std::vector<casework::ClockRecord>> clocks_of_case(const Address& owner, const CaseId& id);

  Result<AttentionPage> attention(const AttentionFilter& filter,
                                  const std::optional<AttentionPlace>& after,
                                  int rows);

  /// One owner's log from `first` on, in order.
  Result<std::vector<courier::LogRow>> log(const Address& owner,
                                           Pos first,
                                           Bodies bodies,
                                           int rows);
  /// A case's rows at one owner from `first` on, in order.
  Result<std::vector<courier::LogRow>> log_of_case(
      const Address& owner, const CaseId& id, Pos first, Bodies bodies, int rows);

  Result<Totals> totals(const Address& owner, Instant now);
  /// Of all owners together. Counts rows: some milliseconds a hundred thousand.
  Result<Totals> totals(Instant now);
  Result<std::vector<StreamTotals>> streams(const Address& owner);

 private:
  struct Parts;
  explicit Reader(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace minqing::store
