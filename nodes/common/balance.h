// Balance: every night (or when a person says so) a node compares with each peer what both hold of
// their talk, range by range, and mends rows whose bytes its own disk has changed. Pure but for its
// ports; belongs to one turn's transaction.
//
// It travels as an ask and a page of refilling (courier/refill.h): the ask shows the digests of up
// to eight ranges, the page brings the peer's rows of those that differ. So a night without damage
// costs one small ask and one empty page for 2,048 rows, and each side's bytes are read once.
//
// Guarantees: a row is changed only when its own bytes no longer hash to its leaf, and the peer's
// copy, signed by its origin, does. What is missing here, or is another envelope, is changed by
// nobody: it goes on the person's list, once for each peer and kind of difference.
// Trusts: nobody; the worst a peer can do is make us look. Progress is in memory only: a night that
// was cut short is done again.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "nodes/common/refill.h"

namespace minqing::node {

struct BalanceCounters {
  std::uint64_t runs = 0;  // ended
  std::uint64_t asks_sent = 0;
  std::uint64_t asks_answered = 0;  // those of others
  std::uint64_t ranges = 0;         // compared
  std::uint64_t rows_damaged = 0;   // and not mended
  std::uint64_t rows_mended = 0;
  std::uint64_t rows_missing = 0;  // the peer has them, this store has not
  std::uint64_t rows_other = 0;    // another envelope at the number
};

struct BalanceProgress {
  bool is_running = false;
  std::size_t streams = 0;  // of this run
  std::size_t streams_left = 0;
  Instant ended_at;              // of the last run; none: there was none since the start
  std::size_t peers_silent = 0;  // of the running or the last run: did not answer
  std::uint64_t findings = 0;    // likewise: missing, other, damaged and not mended
};

class Balance {
 public:
  Balance(ScribePorts ports, Scribe& scribe) : ports_{ports}, scribe_{scribe} {}

  BalanceProgress progress() const;
  const BalanceCounters& counters() const { return counters_; }

  /// Begins a run, by night or by hand. Errors: kConflict while one is going on.
  Status start(const Directory& directory, Instant now);
  /// Has `owner` an ask open with `peer`? Then its page is for on_page, and not for refilling.
  bool is_asking(const Address& owner, const Address& peer) const;
  void on_page(const courier::BoxedRecord& boxed, const Directory& directory, Instant now);
  /// The night's run, the next ask, or the end of the run. Only with a live session.
  void tick(const Directory& directory, Instant now);

  /// What to send after the commit.
  std::vector<Refill::Ask> take_asks() { return std::exchange(asks_, {}); }
  std::vector<std::string> take_alarms() { return std::exchange(alarms_, {}); }
  std::optional<Instant> next_deadline() const;

  /// The answer to another's ask: the rows of ranges that differ, as many as a page holds.
  courier::RefillPage answer(const courier::RefillAsk& ask);

 private:
  struct Span {  // a stream as far as both ends must hold it
    Address owner;
    Address peer;
    courier::Direction direction = courier::Direction::kIn;
    Lane lane = Lane::kNormal;
    Side side = Side::kAsk;
    LifeId life;
    Seq next{1};
    Seq last;
    friend auto operator<=>(const Span&, const Span&) = default;
  };
  struct Open {  // the ask that is not answered yet
    courier::RefillAsk ask;
    std::size_t spans = 0;  // how many of the front ones it ends
    Seq next;               // where the span behind them goes on
    unsigned attempts = 0;
    Instant again_at;
  };
  enum class Difference : std::uint8_t { kMissing, kOther, kDamaged };
  using Talk = std::pair<Address, Address>;  // owner, peer
  struct Found {
    std::uint64_t rows = 0;
    MessageId first;
  };

  courier::RangeDigest digest_of(const std::vector<courier::LogRow>& rows) const;
  std::vector<courier::LogRow> rows_of(const Address& owner,
                                       const Address& peer,
                                       courier::Direction direction,
                                       const courier::HeldRange& range);
  bool is_damaged(const courier::LogRow& row) const;
  void next_ask();
  void send(const Directory& directory, Instant now);
  void give_up_peer();
  void move_on(Instant now);
  /// Returns whether it mended a row.
  bool compare(const courier::RefillRow& row, const Directory& directory);
  void note(const Talk& talk, Difference difference, const MessageId& id);
  static std::string text_of(Difference difference, const Address& peer, std::uint64_t rows);
  void finish(Instant now);

  ScribePorts ports_;
  Scribe& scribe_;
  std::vector<Span> spans_;  // the front one is at the back
  std::optional<Open> open_;
  bool is_running_ = false;
  std::uint64_t asked_ = 0;  // numbers the asks
  Instant due_at_;           // none: not chosen yet
  Instant next_ask_at_;
  std::map<std::pair<Talk, Difference>, Found> found_;
  std::set<std::pair<Talk, Difference>> told_;         // since the start
  std::map<std::pair<Talk, Pos>, MessageId> damaged_;  // of this run, and not mended
  std::vector<std::string> alarms_;
  std::vector<Refill::Ask> asks_;
  BalanceProgress progress_;
  BalanceCounters counters_;
};

}  // namespace minqing::node
