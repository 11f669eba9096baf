// The broker's brain: (state, event, now) -> effects. It authenticates nobody itself, opens no
// envelope and knows no case; it decides who may say what to whom, and brings it there.
//
// One turn of its shell, always in this order: receive a bounded batch and hand in every frame ->
// take_effects() -> commit the mailbox when it says so -> send. A Stored note, and every other
// frame, is therefore never sent before what it speaks of is on disk.
// Guarantees: see delivery.h (order, memory) and sessions.h (who gets mail). Default deny.
// Trusts: `node`, the User-Id that the ZAP handler gave the connection; its clock `now` to rise
// (shift_clock when it does not); a directory handed in has been verified.
// Owner: one thread. Not used: randomness, I/O, log.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "broker/carried.h"
#include "broker/delivery.h"
#include "broker/directory_offers.h"
#include "broker/effects.h"
#include "broker/levels.h"
#include "broker/refill_passes.h"
#include "broker/sessions.h"
#include "broker/stats.h"

namespace minqing::broker {

enum class SendFailure : std::uint8_t {
  kUnroutable,  // its connection is gone
  kFull,        // no room in its queue: what it was sent is lost to it
};

/// What became of a frame that was carried here by hand.
struct CarryTaken {
  std::uint64_t stored = 0;  // in a mailbox now
  std::uint64_t passed = 0;  // to an addressee that is live
  std::uint64_t repeated = 0;
  std::uint64_t refused = 0;
  std::string why_refused;  // of the first: code and detail
  std::uint64_t mail_dropped = 0;
  std::uint64_t receipts_passed = 0;
  std::uint64_t receipts_kept = 0;  // for a sender that has no session; longer if it is carried too
  std::uint64_t receipts_foreign = 0;
};

class Brain {
 public:
  struct Options {
    std::string name;     // of this broker, told to nodes: "broker-1"
    std::string program;  // "minqing-broker 0.1.0"
    std::size_t sessions_max = limits::kSessionsMax;
    DeliveryLimits delivery;
    /// What all nodes together may have sent us unread; divided into their credit windows, each of
    /// at least one largest envelope.
    std::uint64_t inbound_bytes_max = 2ULL << 30U;
  };

  /// `mailbox` must outlive the brain. `directory` is not null; `signed_directory` are the bytes
  /// that nodes are offered.
  Brain(Options options,
        courier::Mailbox& mailbox,
        std::shared_ptr<const Directory> directory,
        Bytes signed_directory);

  void on_frame(const SessionKey& key, std::string_view node, courier::Frame frame, Instant now);
  /// A frame could not be read; `detail` says where.
  void on_bad_frame(const SessionKey& key,
                    std::string_view node,
                    std::string_view detail,
                    Instant now);
  /// An envelope of a frame could not be read, the rest of the frame could.
  void on_bad_envelope(const SessionKey& key,
                       std::string_view node,
                       std::string_view detail,
                       Instant now);
  /// The session ends: what was under way to it may be lost, so it must say hello again.
  void on_send_failed(const SessionKey& key, SendFailure failure, Instant now);
  /// A frame of `node` came by hand; whose it is has been verified, as by its session. Session
  /// parts, credits, and what only matters to a session are not looked at (brain_carry.cc).
  CarryTaken carry_in(std::string_view node, courier::Frame frame, Instant now);
  /// Nodes that are carried, and what is kept for them.
  Carried& carried() { return carried_; }
  const Carried& carried() const { return carried_; }
  const Bytes& signed_directory() const { return signed_directory_; }
  /// Errors: kConflict - not newer than the one in force; nothing changes.
  Status on_directory(std::shared_ptr<const Directory> directory,
                      Bytes signed_directory,
                      Instant now);
  void set_level(Level level) { level_ = level; }
  /// Pings, silence. Cheap when nothing is due.
  void tick(Instant now);
  /// The wall clock jumped by `by`: deadlines move with it.
  void shift_clock(Micros by);
  /// Tells every live session that we stop.
  void say_goodbye(std::string_view reason);

  /// Ends the turn: drains mailboxes, tops up credits, regroups frames.
  Effects take_effects(Instant now);

  /// Mail or offers wait only for the next turn: do not sleep.
  bool wants_turn() const { return delivery_.has_more(); }
  Instant next_deadline() const { return next_sweep_; }

  const Stats& stats() const { return stats_; }
  const Sessions& sessions() const { return sessions_; }
  const Directory& directory() const { return *directory_; }
  Level level() const { return level_; }
  std::uint64_t under_way_bytes() const { return delivery_.under_way_bytes(); }

 private:
  /// A stream's standing in this turn, told to its sender once, at the end.
  struct StreamTurn {
    std::optional<Seq> stored;   // highest
    std::optional<Seq> refused;  // lowest: the stream stops there
    Refusal refusal;
  };
  using StreamTurns = std::map<std::pair<SessionKey, courier::StreamName>, StreamTurn>;

  Session* live_session(const SessionKey& key, std::string_view node, Instant now);
  void on_hello(const SessionKey& key,
                std::string_view node,
                const courier::Hello& hello,
                Instant now);
  void on_session_part(Session& session, const courier::Frame& frame);
  void on_envelope(Session& session, courier::SealedEnvelope envelope, Instant now);
  void on_receipts(const Session& session, courier::Frame& frame);
  void on_refill(const Session& session, courier::Frame& frame);
  Session* receiver_of(const Session& session, const courier::BoxedRecord& record);
  Session* sender_of(const Session& session, const courier::StreamName& stream);
  std::optional<Refusal> carry_in_one(std::string_view node,
                                      courier::SealedEnvelope envelope,
                                      Instant now,
                                      CarryTaken& out);
  void carry_in_receipt(std::string_view node, courier::BoxedReceipt receipt, CarryTaken& out);
  /// The sender has no session: kept when its node is carried.
  void keep_for_carried(const courier::BoxedReceipt& receipt);
  bool is_own_word(const Session& session, const courier::StreamName& stream);

  void refuse(const Session& session, const courier::SealedEnvelope& envelope, Refusal refusal);
  void refuse_session(const SessionKey& key, std::string_view node, Refusal refusal);
  void ask_hello(const SessionKey& key, std::string_view node, Instant now);
  void close(const SessionKey& key, SessionInput cause, std::string_view why);
  void attach_current(std::string_view node);

  void tell_streams();
  void top_up_credits();
  void send_offers();
  void note(NoteKind kind, std::string_view node, SessionNumber session, std::string detail);
  courier::CreditLimits inbound_window() const;

  Options options_;
  std::shared_ptr<const Directory> directory_;
  Bytes signed_directory_;
  Stats stats_;
  Sessions sessions_;
  Outbox outbox_;
  Delivery delivery_;
  DirectoryOffers offers_;
  RefillPasses refill_passes_;
  Carried carried_;
  Level level_ = Level::kGreen;
  Instant next_sweep_;

  // this turn's
  StreamTurns streams_;
  std::set<SessionKey> heard_;  // live sessions whose credit may need topping up
  std::vector<Note> notes_;
  std::uint64_t notes_skipped_ = 0;
};

}  // namespace minqing::broker
