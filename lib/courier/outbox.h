// Outbox: all outgoing streams of one store in one life. It decides what is sent when, by which
// session; the truth is the log, whose rows the caller owns and loads (courier/ledger.h).
//
// Guarantee: everything committed is planned again and again, in order per stream, until the peer's
// receipt covers it; never more at once than the stream's window and the session's credit allow.
// Words of peers and brokers are believed only about this life, and never beyond what is committed;
// a false word costs resends or delay, never an envelope.
// Trusts the caller: receipts come out of a box that opened; `now` never falls.
// Not durable: restore() at start; what was sent and stored is forgotten then, and sent again.
// Memory: per stream what is in the window. plan() costs what is due, not the number of streams.
//
// A turn: committed() for new rows -> commit -> plan(now) -> for each Transmit: load rows from
// `first`, seal; while may_send(): hand over, sent(). A row that cannot be sealed or handed over:
// stop with that Transmit; the stream is tried again after a backoff.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/random.h"
#include "courier/commit_times.h"
#include "courier/credit.h"
#include "courier/retry.h"
#include "courier/send_window.h"
#include "courier/stream.h"

namespace minqing::courier {

struct OutboxLimits {
  std::size_t window_envelopes = limits::kWindowEnvelopesMax;
  std::size_t window_bytes = limits::kWindowBytesMax;
  std::size_t envelope_bytes_max = limits::kEnvelopeBytesMax;
  /// What one stream gets before the next one's turn, so that a busy one starves nobody.
  std::size_t quantum_envelopes = 128;
  std::size_t quantum_bytes = limits::kEnvelopeBytesMax;
  /// The window after a resend; doubles with every sign of progress. So an addressee that is slow
  /// or away costs a few envelopes a try, not the whole window.
  std::size_t resend_envelopes = 32;
  std::size_t plan_streams_max = 512;
  std::size_t plan_envelopes_max = limits::kFrameItemsMax;
  std::size_t plan_timers_max = limits::kTimersPerTurnMax;
  RetryPolicy resend{};
  Millis refused_retry = limits::kRefusedRetryDelay;
  Millis refused_retry_max = limits::kResendDelayMax;    // a broker's longer wish is cut to this
  Millis stored_resend = limits::kStoredResendDelayMax;  // x live sessions
  /// Then a full socket is tried again: twice as long each time it is full at once again, since a
  /// try costs the sealing of a window, and a connection that is gone stays full until it is back.
  Millis socket_full_pause{20};
  Millis socket_full_pause_max{640};
  Millis credit_stall_max{5'000};  // without credit so long: another session, if there is one
};

/// Please send: rows of `key` from `first` on, at most so many, by this session. The bytes are
/// those of sealed envelopes; bytes_max is never below one largest envelope.
struct Transmit {
  StreamKey key;
  SessionIndex session;
  Seq first;
  std::size_t envelopes_max = 0;
  std::size_t bytes_max = 0;
  friend bool operator==(const Transmit&, const Transmit&) = default;
};

enum class ReceiptOutcome {
  kAdvanced,
  kUnchanged,        // said before: a resume, or the peer misses the next one
  kWentBack,         // the peer has less than it said: resent from there
  kOtherLife,        // about another life of ours: ignored
  kUnknownStream,    // "nothing here" about a stream that we have not begun: ignored
  kBeyondCommitted,  // the peer shows a number that we lack: we were set back
};
const char* to_string(ReceiptOutcome outcome);  // "advanced", ...

/// A stream that a broker refuses to carry: an alarm until its mail gets past `seq`.
struct StoppedStream {
  StreamKey key;
  SessionIndex session;  // that refused last
  Seq seq;
  RefusalCode code = RefusalCode::kBadEnvelope;
  std::string detail;
  Instant since;
  Instant retry_at;
};

struct OutboxStreamStats {
  StreamKey key;
  Seq committed;
  Seq receipted;
  Seq stored;  // 0 or below receipted: nothing waits at a broker
  Seq sent;
  std::uint64_t unreceipted = 0;
  std::uint64_t resends = 0;
  std::optional<Instant> oldest_unreceipted_at;  // committed then, or a little later
};

struct ReceiverLifeChange {
  StreamKey key;
  LifeId before;
  LifeId after;
};

class Outbox {
 public:
  Outbox(const LifeId& life, Random& random, OutboxLimits limits = {});
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // --- the log ---------------------------------------------------------------------------------
  /// At start, once per stream. `since`: when the oldest un-receipted row was committed, if known;
  /// else the first `now` heard afterwards counts.
  void restore(const StreamKey& key, Seq last_committed, Seq receipted, Instant since = {});
  /// After the commit, in order; `bytes` is at most one largest envelope. CHECKs that seq follows.
  void committed(const StreamKey& key, Seq seq, std::size_t bytes, Instant now);
  /// After the commit: another row has taken the un-receipted number `seq` (a VOID). It is sent
  /// from there again, and at once: what a broker said of the former row counts no more.
  void replaced(const StreamKey& key, Seq seq, Instant now);
  /// Nobody will ever take this stream in: what is committed of it is owed no more. Until the next
  /// restore().
  void drop(const StreamKey& key, Instant now);
  /// Forgets all streams: the new life numbers from 1. Sessions and their credit stay.
  void new_life(const LifeId& life);
  LifeId life() const { return life_; }

  // --- sessions --------------------------------------------------------------------------------
  /// A session that is open already begins anew: credit and `stored` of the old one are void.
  void session_opened(SessionIndex session, Instant now);
  void session_closed(SessionIndex session, Instant now);
  void on_credit(SessionIndex session, const Credit& credit, Instant now);
  /// CreditPurse::say_spent() of the session; nothing when it is not open.
  std::vector<Credit> say_spent(SessionIndex session);
  /// The socket would take no more: nothing is planned for this session for a moment.
  void socket_full(SessionIndex session, Instant now);

  // --- sending ---------------------------------------------------------------------------------
  std::vector<Transmit> plan(Instant now);
  /// Room for one more envelope of so many sealed bytes? Ask before every sent(): several streams
  /// share a session's credit, and plan() does not know the sizes.
  bool may_send(const StreamKey& key, SessionIndex session, std::size_t bytes);
  /// Really handed to the socket. CHECKs that credit covers it. What is not the stream's next
  /// number is counted against credit only.
  void sent(const StreamKey& key, SessionIndex session, Seq seq, std::size_t bytes, Instant now);
  /// What was called sent() from `first` on was not handed over after all: credit comes back.
  void take_back(const StreamKey& key, SessionIndex session, Seq first, Instant now);
  /// When plan() next has something to do by itself; nullopt = only after an event.
  std::optional<Instant> next_deadline() const;

  // --- words from outside ----------------------------------------------------------------------
  /// Receipts and resume records alike. The caller compares receipt.leaf with its row at
  /// receipt.seq: another leaf there is a fork.
  ReceiptOutcome on_receipt(const Receipt& receipt, Instant now);
  void on_stored(SessionIndex session, const Stored& stored, Instant now);
  void on_refused(SessionIndex session, const Refused& refused, Instant now);
  void on_cannot_open(const CannotOpen& cannot_open, Instant now);

  // --- to be seen ------------------------------------------------------------------------------
  std::vector<StoppedStream> stopped() const;
  /// Streams with something un-receipted, in key order.
  std::vector<OutboxStreamStats> unreceipted_streams() const;
  std::optional<OutboxStreamStats> stream(const StreamKey& key) const;
  std::uint64_t unreceipted() const;
  std::uint64_t resends() const;
  /// The peer's life by its latest receipt.
  std::optional<LifeId> receiver_life(const StreamKey& key) const;
  /// Changes since the last call.
  std::vector<ReceiverLifeChange> take_receiver_life_changes();
  CreditLeft credit_left(SessionIndex session, Lane lane, Side side) const;
  std::size_t live_sessions() const { return sessions_.size(); }

 private:
  using StreamNumber = std::uint32_t;  // in order of creation, so that runs repeat
  using Queue = std::list<StreamNumber>;

  struct Stream {
    StreamNumber number = 0;
    StreamKey key;
    SendWindow window;
    CommitTimes times;
    LifeId receiver_life;
    std::optional<SessionIndex> session;    // by which it is sent now
    std::vector<SessionIndex> stored_with;  // whose word window.stored() is
    std::size_t window_envelopes = 0;       // allowed at present
    unsigned attempts = 0;                  // resends without progress
    Instant resend_at;                      // none: nothing on its way
    Instant stored_until;                   // none: no broker's word to doubt
    Instant paused_until;                   // none: free to send
    Instant rewind_after;                   // the peer's words cause no earlier resend
    std::optional<StoppedStream> stop;
    bool offered = false;  // planned, and nothing heard of it since
    Instant timer;         // its entry in timers_; none: has none
    std::optional<SessionIndex> queued_at;
    Queue::iterator place;
  };
  struct Session {
    CreditPurse purse;
    Instant full_until;
    Micros full_pause{0};  // the last one
    std::array<Queue, kTrafficClasses> ready;
    std::array<Instant, kTrafficClasses> stalled_at;  // since when `ready` lacks credit; or none
  };
  struct PlanRoom {
    std::size_t streams = 0;
    std::size_t envelopes = 0;
  };

  // outbox.cc: words
  Stream* find(const StreamKey& key);
  const Stream* find(const StreamKey& key) const;
  /// The stream that `name` means in this life.
  Stream* find(const StreamName& name);
  Stream& make(const StreamKey& key, Seq last_committed, Seq receipted);
  void progress(Stream& stream, Instant now);
  void rewind_soon(Stream& stream, Instant now);
  void forget_stored(Stream& stream);
  void note_receiver_life(Stream& stream, const LifeId& life);
  void shrink_window(Stream& stream) const;
  Micros stored_delay();
  OutboxStreamStats stats_of(const Stream& stream) const;

  // outbox_plan.cc: when and by which session
  void update(Stream& stream, Instant now);
  bool is_ready(const Stream& stream, Instant now) const;
  void set_timer(Stream& stream, Instant at);
  void enqueue(Stream& stream);
  void dequeue(Stream& stream);
  void fire_timers(Instant now);
  void on_timer(Stream& stream, Instant now);
  void postpone_untouched(Instant now);
  void plan_queue(SessionIndex index,
                  Session& session,
                  std::size_t traffic,
                  PlanRoom& room,
                  std::vector<Transmit>& plan);
  bool has_credit(const Session& session, std::size_t traffic) const;
  /// A live session other than `except` with credit for this traffic.
  std::optional<SessionIndex> session_with_credit(std::size_t traffic, SessionIndex except) const;
  void leave_stalled(SessionIndex index, Session& session, std::size_t traffic, Instant now);
  void rotate(Stream& stream);
  void move_to(Stream& stream, std::optional<SessionIndex> session);
  void hear(Instant now);

  LifeId life_;
  Random& random_;
  OutboxLimits limits_;
  std::deque<Stream> streams_;  // stable addresses; by StreamNumber
  std::map<StreamKey, StreamNumber> numbers_;
  std::map<SessionIndex, Session> sessions_;  // the live ones
  std::set<std::pair<Instant, StreamNumber>> timers_;
  std::vector<StreamNumber> offered_;
  std::vector<ReceiverLifeChange> receiver_life_changes_;
  std::uint64_t resends_of_past_lives_ = 0;
  Instant started_at_;  // the first `now` heard
  Instant last_now_;
};

}  // namespace minqing::courier
