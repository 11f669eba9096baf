// Ledger: what the brains need of a node's durable log. lib/store implements it over SQLite.
//
// All calls belong to the turn's one transaction. A call that fails on I/O returns an empty answer
// and makes the transaction fail: then commit() reports it, nothing of the turn is kept and nothing
// is sent. So brains need no error path here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/envelope.h"

namespace minqing::courier {

/// One direction of talk between two addresses. At a sender: owner = from, peer = to; at a
/// receiver: owner = to, peer = from.
struct StreamKey {
  Address owner;
  Address peer;
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  friend auto operator<=>(const StreamKey&, const StreamKey&) = default;
};

// Column values: they never change.
enum class Direction : std::uint8_t { kIn = 0, kOut = 1, kSelf = 2 };
const char* to_string(Direction direction);  // "in", "out", "self"

/// The versions a row was judged by; replay obeys the verdict and never judges again.
struct RuleVersions {
  DirectoryVersion directory;
  std::uint32_t rules = 0;     // version of the kinds table (casework/kinds.h)
  std::uint32_t calendar = 0;  // version of the working calendar; 0 = none used
  friend bool operator==(const RuleVersions&, const RuleVersions&) = default;
};

/// One row of the log, with its body. `verdict` is "ok", "late", "in-vain",
/// "held:<code>" or "quarantined:<code>".
struct LogRow {
  Address owner;
  Pos pos;  // given by append
  Direction direction = Direction::kSelf;
  Address peer;  // the other end; == owner for self rows
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  LifeId life;  // the sender's; of self rows the store's
  Seq seq;      // 0 for self rows
  MessageId id;
  Leaf leaf;
  std::uint16_t kind = 0;  // casework::Kind
  MessageClass cls = MessageClass::kSelf;
  LoopId loop;          // none: belongs to no loop
  std::string case_id;  // empty: belongs to no case
  Stamp stamp;
  Instant at;  // log time of this store: max(last, now)
  std::string verdict = "ok";
  RuleVersions versions;
  Bytes header;     // the exact bytes that were hashed
  Bytes signature;  // wire/envelope_codec.h; empty for self rows
  Salt salt;
  Bytes body;  // the exact bytes that were hashed; empty once purged
};
inline StreamKey key_of(const LogRow& row) {
  return {row.owner, row.peer, row.lane, row.side};
}

/// What is known of an envelope by its id.
struct KnownEnvelope {
  Pos pos;
  Leaf leaf;
  LifeId life;
  Seq seq;
  std::string verdict;
};

/// An outgoing stream of the store's current life, as found at start.
struct OutStream {
  StreamKey key;
  Seq last_committed;
  Seq receipted;  // soft state: may be lower than the truth
};

/// An incoming stream of some life of its sender, as found at start.
struct InStream {
  StreamKey key;
  LifeId life;
  Seq cursor;
  Leaf leaf;
};

class Ledger {
 public:
  Ledger() = default;
  virtual ~Ledger() = default;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// This store's life.
  virtual LifeId life() const = 0;
  /// Highest stamp in the log, and the log time of its last row.
  virtual Stamp last_stamp() const = 0;
  virtual Instant last_at() const = 0;

  /// Appends one row: gives it the owner's next pos and links it into the owner's hash chain.
  /// CHECKs that an out row's seq is next_out_seq, or, of a VOID, a number that is used.
  virtual Pos append(const LogRow& row) = 0;
  /// The number that the next envelope of this stream gets in the current life: 1, 2, 3 ...
  virtual Seq next_out_seq(const StreamKey& key) = 0;

  virtual std::optional<KnownEnvelope> find(const Address& owner,
                                            Direction direction,
                                            const Address& peer,
                                            const MessageId& id) = 0;
  /// A whole row (in, out or self) of `owner` by its envelope id.
  virtual std::optional<LogRow> load(const Address& owner, const MessageId& id) = 0;
  /// Out rows of the current life, seq >= first, in order; stops at either limit, but gives at
  /// least one row when there is one. A row carried over from a former life (courier/refill.h) has
  /// the life and number that it has now.
  virtual std::vector<LogRow> load_out(const StreamKey& key,
                                       Seq first,
                                       std::size_t envelopes_max,
                                       std::size_t bytes_max) = 0;

  /// In and out rows of `owner` with `peer` behind position `after`, in order; looks at no more
  /// than `look_max` rows of the log, whosever they are.
  struct Talk {
    std::vector<LogRow> rows;
    Pos through;        // looked at up to here
    bool more = false;  // the log goes on behind it
  };
  virtual Talk load_talk(const Address& owner,
                         const Address& peer,
                         Pos after,
                         std::size_t look_max,
                         std::size_t bytes_max) = 0;
  /// The leaf of a row of a stream, whichever life; nullopt = there is none.
  virtual std::optional<Leaf> leaf_at(const StreamKey& key,
                                      Direction direction,
                                      const LifeId& life,
                                      Seq seq) = 0;

  /// Is there a row of the talk with `peer` that has this leaf, whatever its life and number? Reads
  /// all rows of the talk: for rare questions.
  virtual bool holds(const Address& owner,
                     Direction direction,
                     const Address& peer,
                     const Leaf& leaf) = 0;

  /// Does the log hold one row at each number of a stream up to `seq`, no more and no less? (VOIDs
  /// and what was known by its id count against it.) Then two logs with one leaf there are alike so
  /// far.
  virtual bool is_whole(const StreamKey& key, Direction direction, const LifeId& life, Seq seq) = 0;

  /// Every in or out row at one number, in order of pos. Usually one. Two: the later one is a VOID
  /// (casework/void.h) of the earlier: of out rows it has taken its number, and is what load_out
  /// gives; of in rows it came in vain.
  virtual std::vector<LogRow> rows_at(Direction direction,
                                      const StreamKey& key,
                                      const LifeId& life,
                                      Seq seq) = 0;

  /// Rows of `owner`, in or out, at numbers that hold more than one, in order of stream and number;
  /// at most `rows_max`. VOIDs are among them. Reads all of the owner's numbers: for rare
  /// questions.
  virtual std::vector<InStream> doubled(const Address& owner,
                                        Direction direction,
                                        std::size_t rows_max) = 0;

  /// Every in or out row of a stream with a number of first .. last, in order of number and pos;
  /// rows that are carried over count by the number they had first.
  virtual std::vector<LogRow> rows_between(
      Direction direction, const StreamKey& key, const LifeId& life, Seq first, Seq last) = 0;
  /// Puts back the bytes (header, salt, body, signature) of a row whose disk has changed them. The
  /// caller has made sure that they hash to the row's leaf.
  virtual void mend(const LogRow& row) = 0;

  /// Cursor of an incoming stream in one life of its sender; nullopt = nothing came yet.
  virtual std::optional<Seq> cursor(const StreamKey& key, const LifeId& life) = 0;
  virtual void advance(const StreamKey& key, const LifeId& life, Seq seq, const Leaf& leaf) = 0;

  /// Soft state, written with the next commit: the peer has receipted our stream up to `seq`.
  virtual void note_receipted(const StreamKey& key, Seq seq) = 0;

  virtual std::vector<OutStream> out_streams() = 0;
  virtual std::vector<InStream> in_streams() = 0;
};

}  // namespace minqing::courier
