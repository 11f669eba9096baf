// Refilling (docs/adr/0010): the soft records by which a store that was set back gets its talk with
// a peer back, and RefillBook, the part of the store that keeps how far it has come.
//
// Calls of RefillBook belong to the turn's one transaction and fail like Ledger's.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "courier/balance.h"
#include "courier/frame.h"
#include "courier/ledger.h"

namespace minqing::courier {

/// "I hold this stream up to `seq`, whose leaf is `leaf`." Directions are the asker's.
struct KnownStream {
  Direction direction = Direction::kIn;
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  LifeId life;  // its sender's
  Seq seq;
  Leaf leaf;
  friend bool operator==(const KnownStream&, const KnownStream&) = default;
};

/// "Of numbers first .. last of this stream I hold rows with this digest (courier/balance.h)."
/// Directions are the asker's.
struct HeldRange {
  Direction direction = Direction::kIn;
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  LifeId life;  // its sender's
  Seq first;    // 1, 257, 513 ...
  Seq last;     // at most first + kBalanceRange - 1
  RangeDigest digest;
  friend bool operator==(const HeldRange&, const HeldRange&) = default;
};

/// What `to` holds of its talk with `from`, behind its position `after`, except what is known.
struct RefillAsk {
  Address from;
  Address to;
  LifeId life;  // the asker's new one
  Pos after;    // in the answerer's log; 0 = from the beginning
  std::vector<KnownStream> known;
  /// Not empty: a balance (nodes/common/balance.h). `after` is then the ask's own number.
  std::vector<HeldRange> held;
  friend bool operator==(const RefillAsk&, const RefillAsk&) = default;
};

/// One envelope as the answerer's log has it; leaf and signature prove it.
struct RefillRow {
  Direction direction = Direction::kIn;  // the asker's
  LifeId life;
  Seq seq;
  Bytes header;
  Salt salt;
  Bytes body;
  Bytes signature;
  friend bool operator==(const RefillRow&, const RefillRow&) = default;
};

struct RefillPage {
  Address from;  // the answerer
  Address to;
  LifeId life;  // as it was asked
  Pos after;    // as it was asked
  Pos through;  // the next page begins behind it
  bool more = false;
  std::vector<RefillRow> rows;
  friend bool operator==(const RefillPage&, const RefillPage&) = default;
};

/// One peer of one of our addresses while we refill.
struct RefillPeer {
  Address owner;
  Address peer;
  Pos after;  // read so far
  std::uint64_t rows = 0;
  bool is_done = false;
};

/// Is the peer known to hold an own row?
enum class Confirmed : std::uint8_t {
  kByPeer = 0,  // the peer gave it
  kNotYet = 1,  // ours alone, as far as we know: carried over at the end
};

/// What the machine would have said because of a refilled row.
struct Expected {
  Address owner;
  std::uint16_t kind = 0;
  Address peer;
  LoopId loop;
  std::string case_id;
  MessageId about;    // the envelope a notice would have spoken of
  MessageId because;  // the row that calls for it
  friend bool operator==(const Expected&, const Expected&) = default;
};

// The words of these phases appear in status and logs.
enum class RefillPhase : std::uint8_t {
  kDone,       // "done": as any other store
  kGathering,  // "gathering": peers are asked
  kApplying,   // "applying": what was gathered goes into the log
};
const char* to_string(RefillPhase phase);

class RefillBook {
 public:
  RefillBook() = default;
  virtual ~RefillBook() = default;
  RefillBook(const RefillBook&) = delete;
  RefillBook& operator=(const RefillBook&) = delete;

  virtual RefillPhase phase() = 0;
  /// Has this store, or one in its place, had another life before the present one?
  virtual bool has_former_lives() = 0;
  virtual void set_phase(RefillPhase phase, Instant now) = 0;

  virtual std::vector<RefillPeer> peers() = 0;
  virtual void put_peer(const RefillPeer& peer) = 0;
  /// What the owner holds of its talk with the peer, agreed with it: in streams by their cursors,
  /// out streams of former lives by the peer's receipts of then.
  virtual std::vector<KnownStream> known(const Address& owner, const Address& peer) = 0;

  /// A row for the log, whole but for its pos. One whose (owner, id, direction, peer) is in the log
  /// or staged already is not staged again. kByPeer: an own row, wherever it is, is confirmed.
  /// Returns whether it was new.
  virtual bool stage(const LogRow& row, Confirmed confirmed) = 0;
  /// The next staged rows in order of (stamp, id), and whether the peer holds them.
  struct Staged {
    LogRow row;
    Confirmed confirmed = Confirmed::kByPeer;
  };
  virtual std::vector<Staged> next_staged(std::size_t rows_max) = 0;
  virtual void unstage(const LogRow& row) = 0;
  virtual std::uint64_t staged_count() = 0;

  /// Own rows of the log that no peer has confirmed, in order of their log positions; without those
  /// of which the peer holds another version (casework/attention.h).
  virtual std::vector<LogRow> next_unconfirmed(std::size_t rows_max) = 0;
  virtual void note_unconfirmed(const Address& owner, Pos pos) = 0;
  /// Gives an own row of a former life the next number of its stream in the present life, without a
  /// new row, and forgets that it was unconfirmed. Returns the number.
  virtual Seq carry_over(const LogRow& row) = 0;
  /// The peer's word on an own stream of a former life. Has it gone back behind what was known,
  /// then its store was set back: the rows behind are unconfirmed from now on. Returns whether.
  virtual bool hear_former(const StreamKey& key, const LifeId& life, Seq seq) = 0;
  /// Likewise: of all own streams it has something of `held`, and of no other. Returns of how many
  /// others it was known to have something.
  virtual std::size_t hear_only(const Address& owner,
                                const Address& peer,
                                const std::set<StreamName>& held) = 0;

  /// Own rows to `peer` at numbers that hold more than one (and no VOID) are unconfirmed from now
  /// on, but for those that are carried over into the present life already. Returns how many.
  virtual std::size_t doubt_doubled(const Address& owner, const Address& peer) = 0;

  /// Is it on the person's list that a peer holds this version of an own row
  /// (casework/attention.h)?
  virtual bool has_other_version(const Address& owner, const Leaf& leaf) = 0;

  /// The staged KEEP `keep` of `owner` (casework/keep.h) holds its row `row`.
  virtual void note_named(const Address& owner, const MessageId& keep, const MessageId& row) = 0;
  /// Own KEEPs, of the log or staged, that hold a row which is in neither, and were not opened.
  virtual std::uint64_t sealed_count() = 0;
  virtual std::vector<LogRow> next_sealed(std::size_t rows_max) = 0;
  virtual void note_opened(const Address& owner, const MessageId& keep) = 0;
  virtual std::uint64_t opened_count() = 0;

  virtual void expect(const Expected& expected) = 0;
  /// Such a row was found: one expectation like it is met.
  virtual void meet(const Expected& expected) = 0;
  virtual std::vector<Expected> unmet() = 0;

  /// All of this is forgotten but the carried numbers, and how far peers had own streams of former
  /// lives.
  virtual void clear() = 0;
};

}  // namespace minqing::courier
