// Brain: what one node decides. Pure but for its ports (ledger, case book, sealer, randomness): no
// clock, socket or disk of its own, so that the simulator runs the same code.
//
// A turn, always in this order (the daemon or the simulator drives it):
//   begin_turn(now) -> on_frame / on_command / tick ... -> [commit] -> depart(now) -> send.
// If the commit fails the turn never was: nothing may be sent, and the process must end (its memory
// is ahead of its disk).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "courier/credit.h"
#include "courier/outbox.h"
#include "courier/receipt_book.h"
#include "courier/resume_pass.h"
#include "nodes/common/balance.h"
#include "nodes/common/carry_load.h"
#include "nodes/common/command.h"
#include "nodes/common/doubled.h"
#include "nodes/common/give_up.h"
#include "nodes/common/intake.h"
#include "nodes/common/keeping.h"
#include "nodes/common/link.h"
#include "nodes/common/refill.h"
#include "nodes/common/scribe.h"

namespace minqing::node {

struct BrainOptions {
  std::string node;     // its name in the directory
  std::string program;  // "minqing-node 0.1.0"
  std::size_t brokers = 1;
  /// CASE_STATE (casework/sharing.h). Off only where a test counts what one request alone causes.
  bool tells_states = true;
};

/// One frame to one broker, once the turn is committed.
struct Departure {
  courier::SessionIndex session;
  courier::Frame frame;
};

struct BrainCounters {
  std::uint64_t frames_received = 0;
  std::uint64_t envelopes_sent = 0;
  std::uint64_t receipts_sent = 0;
  std::uint64_t receipts_received = 0;
  std::uint64_t receipts_unreadable = 0;
  std::uint64_t receipts_beyond = 0;  // a peer shows a number that we lack: alarm
  std::uint64_t receipts_forked = 0;  // a peer holds another envelope at a number: alarm
  std::uint64_t refusals_received = 0;
  std::uint64_t forks_received = 0;
  std::uint64_t cannot_opens_received = 0;
  std::uint64_t waiting_for_refill = 0;  // envelopes that came while the store is refilled
  std::uint64_t over_credit = 0;         // a broker sent more than it was granted
  std::uint64_t commands_done = 0;
  std::uint64_t commands_refused = 0;
  std::uint64_t commands_repeated = 0;
  std::uint64_t timers_fired = 0;
  std::uint64_t clocks_run_out = 0;  // of cases: told to the person's list, or closed
};

class Brain {
 public:
  Brain(BrainOptions options, ScribePorts ports, std::shared_ptr<const Directory> directory);

  /// A newer directory is in force from this turn on.
  void on_directory(std::shared_ptr<const Directory> directory);
  const std::shared_ptr<const Directory>& directory() const { return directory_; }

  void begin_turn(Instant now);
  void on_socket_open(courier::SessionIndex session);
  void on_frame(courier::SessionIndex session, courier::Frame frame);
  /// Performs a command. An id known already is a repeat: ok, with the entry of then, nothing anew.
  /// Errors: those of casework::act and Scribe::write; nothing was appended then.
  Result<std::vector<casework::Entry>> on_command(const Command& command);
  /// A person gives up a number of a stream. A known id is a repeat, as above.
  /// Errors: row_to_give_up's (nodes/common/give_up.h); casework::give_up's; Scribe::write's.
  Result<std::vector<casework::Entry>> on_void(const VoidOrder& order);
  /// Would on_command() do it now? Changes nothing. Errors: those of casework::act.
  Status would_accept(const Command& command);
  /// Session liveness and due timers.
  void tick();

  /// A peer's word shows that this store was set back ("set-back", "forked"): please begin a new
  /// life between two turns (NodeStore::begin_life), then call on_new_life(). Once; then none.
  std::optional<std::string> take_wanted_life() { return std::exchange(wanted_life_, {}); }
  /// Inside a turn: the store has a new life, and is refilled from now on.
  void on_new_life();
  /// A person says: refill no longer. Errors: kConflict when nothing is being refilled.
  Status go_on();
  /// A person says: a new life, and refill it. Errors: kConflict while that is done already.
  Status refill_again();
  /// A person brings the recovery secret: KEEPs that come back are opened (Refill::recover).
  Status recover(const SecretKey& secret) { return refill_.recover(secret, *directory_); }
  const Refill& refill() const { return refill_; }
  Keeping& keeping() { return keeping_; }
  /// A person says: compare with all peers now. Errors: kConflict while that, or a refilling, goes
  /// on.
  Status balance_now();
  const Balance& balance() const { return balance_; }

  // Carried by hand (brain_carry.cc). Both belong to a turn.
  /// What waits behind `after`, as it would travel: receipts for all incoming streams, then every
  /// un-receipted envelope. `peer`: for that address alone; none = for all. Changes nothing: what
  /// is carried is un-receipted still, and goes by the line too.
  CarryLoad carry_out(const CarryPlace& after, const Address& peer);
  /// Takes in what others carried here, by the same way as from a broker. A directory in it is
  /// offered; session parts, credits and what only brokers say are not looked at.
  CarryTaken carry_in(courier::Frame frame);

  /// After the commit: what to send, in order, and what changed.
  std::vector<Departure> depart(Instant now);
  /// What the committed turn changed; for handlers and logs.
  TurnNotes take_notes() { return std::exchange(committed_notes_, {}); }
  /// The socket took no more while `departure` was handed over: its envelopes wait.
  void on_socket_full(const Departure& departure, Instant now);
  /// Sessions whose socket must be closed and opened anew.
  std::vector<courier::SessionIndex> sessions_to_reopen() const;
  /// Newer signed directories that brokers offered, unverified.
  std::vector<Bytes> take_offered_directories() { return std::exchange(offered_directories_, {}); }

  /// When the next turn has something to do by itself.
  std::optional<Instant> next_deadline() const;

  const std::vector<Link>& links() const { return links_; }
  const courier::Outbox& outbox() const { return outbox_; }
  const BrainCounters& counters() const { return counters_; }
  const IntakeCounters& intake_counters() const { return intake_.counters(); }

 private:
  Status check_directory() const;
  Result<std::vector<casework::Draft>> drafts_of(const Command& command);
  void on_change(courier::SessionIndex session, Link::Change change);
  /// False: it could not be opened, so it is nobody's word.
  bool on_receipt(courier::SessionIndex session, const courier::BoxedReceipt& boxed);
  void on_word(const courier::Receipt& receipt);
  void on_fork(const courier::Fork& fork);
  bool knows_of(const courier::Receipt& word);
  bool is_first_lack(const Leaf& leaf);
  void on_held_only(const courier::Receipt& said, const std::set<courier::StreamName>& held);
  void on_former_word(const courier::Receipt& receipt);
  void on_resume(courier::SessionIndex session, const courier::BoxedReceipt& boxed);
  void greet_peers();
  void want_life(const char* reason);
  void restore_outbox();
  void end_refilling();
  Status check_refilled(const Command& command) const;
  void on_page(const courier::BoxedRecord& page);
  void add_refill_records(std::vector<Departure>& out);
  std::optional<courier::SessionIndex> live_session(unsigned turn_of) const;
  /// Is the peer's word about the row that we hold at that number?
  Leaf leaf_before(const courier::LogRow& row) const;
  bool is_about_our_row(const courier::Receipt& receipt);
  void fire_timers();
  void tell_run_out_clocks(const casework::Context& context);
  void add_receipts(std::vector<Departure>& out, Instant now);
  std::optional<courier::BoxedReceipt> box(const courier::ReceiptWord& word);
  void add_replies(std::vector<Departure>& out);
  void add_envelopes(std::vector<Departure>& out, Instant now);
  void transmit(const courier::Transmit& transmit, std::vector<Departure>& out, Instant now);
  std::vector<courier::LogRow> rows_for(const courier::Transmit& transmit);
  courier::Frame& frame_for(std::vector<Departure>& out,
                            courier::SessionIndex session,
                            Lane lane,
                            std::size_t bytes);
  std::optional<courier::SessionIndex> live_session() const;
  void add_carried_envelopes(CarryLoad& load,
                             CarryPlace place,
                             std::size_t bytes,
                             const std::function<bool(const courier::StreamKey&)>& is_wanted);
  /// False: the part is full, or the stream cannot be sealed.
  bool add_carried_rows(CarryLoad& load,
                        const std::vector<courier::LogRow>& rows,
                        Seq last,
                        std::size_t& bytes,
                        CarryPlace& place);

  BrainOptions options_;
  ScribePorts ports_;
  std::shared_ptr<const Directory> directory_;
  Instant now_;
  courier::Outbox outbox_;
  courier::ReceiptBook receipts_;
  Scribe scribe_;
  Intake intake_;
  Refill refill_;
  Doubled doubled_;
  Keeping keeping_;
  Balance balance_;
  std::vector<Link> links_;
  /// Clocks do not fire before: after a start or a cut, answers may be under way already.
  Instant timers_wait_until_;
  Instant clocks_looked_at_next_;             // those of cases (casework/running_clocks.h)
  std::vector<courier::CreditMeter> meters_;  // what brokers may send us, per session
  std::vector<std::size_t> frame_bytes_;      // of the frames being built, each about
  std::vector<std::size_t> frame_items_;      // likewise
  bool sweeps_dissolved_ = true;  // the directory may say of somebody that it is dissolved
  TurnNotes committed_notes_;
  std::vector<Bytes> offered_directories_;
  /// Rows that peers have shown to hold and that no refilling gave back: asked for once.
  std::set<Leaf> former_lacked_;
  std::size_t fork_words_ = 0;  // looked at in this turn
  courier::ResumePasses resume_passes_;
  std::optional<std::string> wanted_life_;
  BrainCounters counters_;
};

}  // namespace minqing::node
