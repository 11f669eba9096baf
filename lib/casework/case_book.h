// CaseBook: the views that casework reads and writes. lib/store implements it over SQLite; every
// call belongs to the turn's one transaction and fails like courier::Ledger. Views can be dropped
// and rebuilt by folding the log again (casework/fold.h): they hold nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "casework/body.h"
#include "courier/ledger.h"

namespace minqing::casework {

/// The part an address has in a case. Column values: they never change.
enum class Part : std::uint8_t {
  kOwner = 0,        // owns the case's state
  kParticipant = 1,  // was asked: handles, assists, states, relays
  kFollower = 2,     // follows by CASE_STATE: a tier above (sharing.h)
};
const char* to_string(Part part);  // "owner", "participant", "follower"

/// One case as one address sees it. Key: (owner, case_id).
struct CaseRecord {
  Address owner;  // the hosted address whose view it is
  CaseId case_id;
  Part part = Part::kOwner;
  CaseState state = CaseState::kNone;
  std::string title;
  std::string text;
  std::string category;
  std::string area;
  std::string channel;
  std::string nature;
  std::string urgency;
  std::string confidentiality;
  std::vector<Address> respondents;
  std::string petitioner_ref;
  std::string receipt_hash;
  Address lead;  // owner: the lead unit
  std::string outcome;
  std::string answer;  // the written opinion's text
  std::string solved;  // from EVALUATION
  std::int64_t attitude = 0;
  std::int64_t result = 0;
  std::uint32_t returns = 0;  // how often it was returned (OBJECTION)
  // What the latest CASE_STATE said: owner: ours to others; else: its owner's to us (sharing.h).
  CaseState told_state = CaseState::kNone;
  Instant told_due;  // reply-by of the lead; none: no clock
  std::int64_t told_version = 0;
  Address case_owner;  // none at the owner itself, and until told. Part kOwner and set: only
                       // presumed, of a request of ours in a refilled log
  Address told_by;
  CaseId merged_into;  // MERGE: the case whose answer is this one's too
  Instant created_at;
  Instant updated_at;
  Pos last_pos;  // the last log row folded in
  friend bool operator==(const CaseRecord&, const CaseRecord&) = default;
};

/// One loop at one of its ends. Key: (owner, loop).
struct LoopRecord {
  Address owner;
  LoopId loop;                 // = the request's id
  Side end_held = Side::kAsk;  // kAsk: owner is the requester; kAnswer: the answerer
  Address peer;                // the other end
  CaseId case_id;
  Kind kind = Kind::kNone;  // of the request
  Lane lane = Lane::kNormal;
  Leaf request_leaf;
  LoopId parent;         // relays: the loop at this owner that waits for this one's final
  std::string progress;  // code of the last progress kind: "SIGN", "ACCEPT_NOTICE", ...
  LoopEnd end = LoopEnd::kOpen;
  MessageId final_id;  // the final that counts
  Kind final_kind = Kind::kNone;
  Content final_content;  // what the final said; joins and relays read it
  Instant opened_at;
  Instant reply_by;  // none = no clock
  Instant ended_at;
  bool is_overdue = false;
  std::int64_t extended_days = 0;  // by EXTENSION_DECISION; 0: not extended
  friend bool operator==(const LoopRecord&, const LoopRecord&) = default;
};

/// One armed clock. Key: (owner, loop, step).
struct TimerRecord {
  Address owner;
  LoopId loop;
  std::string step;  // "remind-50", "remind-80", "due"
  Instant due;
  friend bool operator==(const TimerRecord&, const TimerRecord&) = default;
};

/// One clock of a case (casework/clocks.h) that runs at the case's owner. Key: (owner, case_id,
/// clock). When it is due says the calendar: not the view, which is a fold of the log alone.
struct ClockRecord {
  Address owner;
  CaseId case_id;
  std::string clock;  // its id: "TRIAGE"
  Instant started_at;
  std::int64_t extended_days = 0;  // by EXTENSION_DECISION; 0: not extended
  Instant told_at;  // none: that it has run out is not on the person's list (running_clocks.h)
  friend bool operator==(const ClockRecord&, const ClockRecord&) = default;
};

/// One matter on the person's list (待人工核对). Key: (owner, id). Attended ones stay on it.
struct AttentionRecord {
  Address owner;
  MessageId id;  // of the row that put it there: ATTENTION, UNDELIVERABLE, or a held envelope
  CaseId case_id;
  LoopId loop;
  std::string code;  // what kind of matter: "undeliverable:bad-content", "held:unknown-loop", ...
  MessageId about;   // the envelope or loop concerned
  std::string text;
  Instant at;
  Instant attended_at;      // none: open
  std::string attended_by;  // staff id
  friend bool operator==(const AttentionRecord&, const AttentionRecord&) = default;
};

/// Which running clocks to tell of (CaseBook::untold_clocks).
struct UntoldClocks {
  enum class Cases : std::uint8_t { kAll, kUrgent };  // kUrgent: those of the urgent lane
  std::string clock;
  Instant from;  // its start, moved by the days it was extended by
  Cases cases = Cases::kAll;
};

class CaseBook {
 public:
  CaseBook() = default;
  virtual ~CaseBook() = default;
  CaseBook(const CaseBook&) = delete;
  CaseBook& operator=(const CaseBook&) = delete;

  virtual std::optional<CaseRecord> find_case(const Address& owner, const CaseId& case_id) = 0;
  virtual void put_case(const CaseRecord& record) = 0;
  /// Cases of `owner` that were merged into `target`, by id.
  virtual std::vector<CaseRecord> merged_into(const Address& owner, const CaseId& target) = 0;

  virtual std::optional<LoopRecord> find_loop(const Address& owner, const LoopId& loop) = 0;
  virtual void put_loop(const LoopRecord& record) = 0;
  /// Loops of one case at one owner, in the order they were opened.
  virtual std::vector<LoopRecord> loops_of_case(const Address& owner, const CaseId& case_id) = 0;
  /// Open loops, of any owner here, whose answerer is `peer`; the order is the same each time.
  virtual std::vector<LoopRecord> open_asks_to(const Address& peer, std::size_t limit) = 0;
  /// Loops opened on behalf of `parent`, in the order they were opened.
  virtual std::vector<LoopRecord> children_of(const Address& owner, const LoopId& parent) = 0;

  virtual std::optional<AttentionRecord> find_attention(const Address& owner,
                                                        const MessageId& id) = 0;
  virtual void put_attention(const AttentionRecord& record) = 0;
  /// What nobody has attended yet, oldest first.
  virtual std::vector<AttentionRecord> open_attention(const Address& owner, std::size_t limit) = 0;
  /// Entries of held words ("held:<code>") whose loop is here by now, oldest first: those that
  /// nobody has attended, and attended ones of loops that are open.
  virtual std::vector<AttentionRecord> held_words(const Address& owner, std::size_t limit) = 0;

  /// The KEEP `keep` of `owner` holds its row `row`; the latest one counts.
  virtual void put_kept(const Address& owner, const MessageId& row, const MessageId& keep) = 0;

  /// By the clock's id.
  virtual std::vector<ClockRecord> clocks_of(const Address& owner, const CaseId& case_id) = 0;
  virtual void put_clock(const ClockRecord& record) = 0;
  virtual void drop_clock(const ClockRecord& record) = 0;
  /// Not told of yet, of any owner, counted from `from` or before, the earliest first.
  virtual std::vector<ClockRecord> untold_clocks(const UntoldClocks& wanted, std::size_t limit) = 0;

  virtual void arm(const TimerRecord& timer) = 0;
  virtual void disarm(const Address& owner, const LoopId& loop) = 0;  // all its steps
  virtual void disarm(const TimerRecord& timer) = 0;                  // this step
  /// Timers due at or before `now`, earliest first.
  virtual std::vector<TimerRecord> due_timers(Instant now, std::size_t limit) = 0;
  virtual std::optional<Instant> next_timer() = 0;
};

/// One log row as casework reads it.
struct Entry {
  courier::Direction direction = courier::Direction::kSelf;
  Address owner;
  Address peer;
  Pos pos;
  Header header;
  Leaf leaf;
  Instant at;           // log time
  std::string verdict;  // "ok", "late", "in-vain", "held:<code>", "quarantined:<code>"
  Body body;
};

}  // namespace minqing::casework
