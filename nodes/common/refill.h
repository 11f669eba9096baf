// Refill: how a store in a new life gets back what its peers hold (docs/adr/0010), and how a node
// answers those that ask. Pure but for its ports; belongs to one turn's transaction.
//
// Guarantees: refilled rows go into log and views and cause nothing; what they would have caused,
// and is not found among them, goes on the person's list; an own row that no peer gave back is sent
// again under a new number with its old id, so the peer knows it when it has it. Progress is
// durable: a restart goes on where it was. An answer costs one bounded read and no write.
// Trusts: nobody. A row proves itself by leaf and signature; a page is its peer's word by its box.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "courier/retry.h"
#include "nodes/common/scribe.h"

namespace minqing::node {

struct RefillCounters {
  std::uint64_t asks_sent = 0;
  std::uint64_t asks_answered = 0;
  std::uint64_t asks_unreadable = 0;
  std::uint64_t pages_received = 0;
  std::uint64_t pages_unreadable = 0;  // or not asked for
  std::uint64_t rows_staged = 0;
  std::uint64_t rows_refused = 0;  // did not verify
  std::uint64_t rows_applied = 0;
  std::uint64_t rows_carried_over = 0;
  std::uint64_t held_judged_again = 0;
  std::uint64_t peers_set_back = 0;  // by their word on a stream of a former life of ours
  std::uint64_t keeps_opened = 0;
  std::uint64_t rows_recovered = 0;  // out of them, and new here
};

struct RefillProgress {
  courier::RefillPhase phase = courier::RefillPhase::kDone;
  std::size_t peers = 0;
  std::size_t peers_done = 0;
  std::uint64_t rows_waiting = 0;            // staged
  std::uint64_t keeps_sealed = 0;            // KEEPs that came back and were not opened
  bool is_key_wanted = false;                // all else is here: the recovery key is waited for
  std::vector<courier::RefillPeer> missing;  // not answered yet; at most kMissingShown

  static constexpr std::size_t kMissingShown = 100;
};

class Balance;

/// May `peer` hold rows of its talk with `owner` on another disk?
bool may_hold_rows(const Directory& directory, const AddressEntry& owner, const AddressEntry& peer);

class Refill {
 public:
  /// `ports.refill` may be none: then nothing is ever refilled here, and asks are answered.
  Refill(ScribePorts ports, Scribe& scribe);
  ~Refill() { forget_secret(); }
  Refill(const Refill&) = delete;
  Refill& operator=(const Refill&) = delete;

  bool is_refilling() const { return phase_ != courier::RefillPhase::kDone; }
  RefillProgress progress() const;
  const RefillCounters& counters() const { return counters_; }

  /// A new life has begun in the store: who is asked, and how far each was read.
  void begin(const Directory& directory, Instant now);
  /// A person says: those that have not answered will not; or, when all have, that nobody will
  /// bring the recovery key.
  void go_on();
  /// A person brings the recovery secret: the KEEPs that came back, and those that still come, are
  /// opened, some a turn; their rows are gathered with the others. The secret is held until the
  /// refilling ends, and never written. Errors: kConflict - nothing is being refilled, or it is
  /// being applied already; kNotFound - no KEEP came back; kInvalid - of another key.
  Status recover(const SecretKey& secret, const Directory& directory);

  /// `balance` answers an ask that shows what its asker holds.
  void on_ask(const courier::BoxedRecord& boxed, const Directory& directory, Balance& balance);
  void on_page(const courier::BoxedRecord& boxed, const Directory& directory, Instant now);
  /// A peer's word on an own stream of a former life: whoever has lost rows of it gets them again,
  /// under numbers of the present life.
  void on_former_word(const courier::Receipt& receipt);
  /// Likewise: of all own streams the peer has something of `held`, and of no other.
  void on_held_only(const Address& owner,
                    const Address& peer,
                    const std::set<courier::StreamName>& held);
  /// `peer` may have lost one of two rows of ours that stand at one number, and no receipt would
  /// tell: such rows get numbers of the present life.
  void on_doubt(const Address& owner, const Address& peer);
  enum class Step : std::uint8_t { kNone, kFinished };
  /// Asks who is due (when `is_connected`), or applies what was gathered. kFinished: this turn ends
  /// the refilling.
  Step tick(const Directory& directory, Instant now, bool is_connected);
  /// In the turn that ended a refilling, once streams go on: what the rows should have caused is
  /// said or put on the person's list, and what was held for want of its loop is judged again.
  void speak();

  /// What to send after the commit; `attempt` chooses among the live sessions.
  struct Ask {
    courier::BoxedRecord record;
    unsigned attempt = 0;
  };
  std::vector<Ask> take_asks() { return std::exchange(asks_, {}); }
  std::vector<courier::BoxedRecord> take_pages() { return std::exchange(pages_, {}); }

  std::optional<Instant> next_deadline() const;

 private:
  struct Peer {
    courier::RefillPeer at;
    Instant ask_at;         // not before
    unsigned attempts = 0;  // unanswered
    bool is_asked = false;
  };
  using PeerName = std::pair<Address, Address>;  // owner, peer

  courier::RefillBook& book() { return *ports_.refill; }
  courier::RefillAsk ask_for(const Peer& peer);
  void ask_due(const Directory& directory, Instant now);
  /// The next page of a peer whose log is in this store.
  void ask_here(const Directory& directory, Instant now);
  /// The peer holds another envelope of ours under an id that is in our log.
  void note_other_version(const Envelope& theirs);
  void take_page(const courier::RefillPage& page,
                 Peer& peer,
                 const Directory& directory,
                 Instant now);
  void take_row(const courier::RefillRow& row,
                const Peer& peer,
                const Directory& directory,
                Instant now);
  Step apply(Instant now);
  void carry_strays();
  void apply_row(const courier::RefillBook::Staged& staged);
  void expect_consequences(const casework::Entry& entry);
  bool say_closed_as(const courier::Expected& expected);
  void ask_a_person(const courier::Expected& expected);
  void note_own_acts();
  void judge_held();
  void finish(Instant now);
  bool is_gathered() const;
  bool is_known(const courier::RefillAsk& ask, const courier::LogRow& row) const;
  // refill_recover.cc
  /// All peers have answered. False: KEEPs wait to be opened, or for the key.
  bool is_recovered();
  void note_keep(const Envelope& envelope);
  std::uint64_t sealed();
  /// The secret is here, and KEEPs that it may open.
  bool is_opening() const;
  bool opens(const courier::LogRow& keep) const;
  bool opens_some(const Directory& directory);
  void open_sealed(const Directory& directory, Instant now);
  void open_keep(const courier::LogRow& keep, const Directory& directory, Instant now);
  void forget_secret();
  courier::RefillPage page_for(courier::RefillAsk ask);

  ScribePorts ports_;
  Scribe& scribe_;
  courier::RefillPhase phase_ = courier::RefillPhase::kDone;
  std::map<PeerName, Peer> peers_;
  std::vector<Ask> asks_;
  std::vector<courier::BoxedRecord> pages_;
  bool has_strays_ = true;  // own rows of a former life that a peer has lost; looked for at start
  RefillCounters counters_;
  SecretKey recovery_;                   // none: nobody brought it
  std::set<MessageId> foreign_;          // KEEPs that it does not open
  std::optional<std::uint64_t> sealed_;  // none: to be counted again
  bool is_key_waived_ = false;
};

}  // namespace minqing::node
