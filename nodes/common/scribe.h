// Scribe: writes a turn's rows. Appends drafts and verified arrivals to the log, folds each into
// the views, and follows what the machine says because of it (joins, relays, notices) until nothing
// more follows. Pure but for its ports; belongs to one turn's transaction.
//
// Guarantee: a row and all its consequences are appended in one transaction, or none is.
#pragma once

#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "core/directory.h"
#include "core/uuid7.h"
#include "courier/keep.h"
#include "nodes/common/sealer.h"

namespace minqing::node {

/// The identity vault, as keeping sees it.
class IdentityShelf {
 public:
  IdentityShelf() = default;
  virtual ~IdentityShelf() = default;
  IdentityShelf(const IdentityShelf&) = delete;
  IdentityShelf& operator=(const IdentityShelf&) = delete;

  /// nullopt: there is none, or it cannot be read.
  virtual std::optional<Bytes> find(const std::string& ref) = 0;
  /// On disk when it returns ok; ok too when the reference is there already. Errors: kInvalid (no
  /// reference), kTooLarge, kIo.
  virtual Status put(const std::string& ref, ByteView identity, Instant now) = 0;
};

struct ScribePorts {
  courier::Ledger& ledger;
  casework::CaseBook& book;
  Sealer& sealer;
  Random& random;
  courier::RefillBook* refill = nullptr;  // none: a store that is never set back
  courier::KeepBook* keeps = nullptr;     // none: nothing is kept elsewhere
  IdentityShelf* identities = nullptr;    // none: no vault here
};

/// What one turn changed; the departure and the handlers read it after the commit.
struct TurnNotes {
  std::vector<courier::LogRow> out;            // in order of appending
  std::set<std::pair<Address, LoopId>> loops;  // touched
  std::set<std::pair<Address, CaseId>> cases;  // touched
  std::vector<std::string> alarms;             // key=value sentences for the log
  std::size_t appended = 0;
  std::set<Address> own_rows;  // who has a new self or out row, KEEPs aside
};

class Scribe {
 public:
  explicit Scribe(ScribePorts ports);

  /// False while a store is refilled, when nothing is sent: the next change of a case tells it.
  void tell_states(bool tells) { tells_states_ = tells; }
  void begin_turn(std::shared_ptr<const Directory> directory, Instant now);
  /// The notes so far, and a fresh start.
  TurnNotes take_notes();
  const TurnNotes& notes() const { return notes_; }

  /// Appends all `drafts` and their consequences, or nothing. Returns the entries of the drafts
  /// themselves. `first_id`: the first draft's id, when its author chose it; none = a fresh one.
  /// Errors: kNotAllowed (may_send), kTooLarge, kInvalid, naming the draft's addressee.
  Result<std::vector<casework::Entry>> write(const std::vector<casework::Draft>& drafts,
                                             const MessageId& first_id = {});

  /// Appends a verified arrival with its verdict, and its consequences.
  void receive(Envelope arrival, const std::string& verdict);

  /// Appends a row that a peer or the keeper gave back: its verdict and log time are set, and it
  /// causes nothing.
  casework::Entry append_refilled(Envelope envelope);

  /// An own row of a former life has a number of the present one: it is to be sent like a new one.
  void note_carried(courier::LogRow row) { notes_.out.push_back(std::move(row)); }

  /// Log time of this turn: max(last row's, now).
  Instant at() const { return at_; }
  const Directory& directory() const { return *directory_; }

 private:
  Result<Envelope> prepare(const casework::Draft& draft, const MessageId& id = {});
  casework::Entry append(Envelope envelope);
  /// The row has its place, verdict and log time: into the log and the views.
  casework::Entry record(Envelope& envelope);
  void follow(const casework::Entry& entry);

  ScribePorts ports_;
  Uuid7Maker ids_;
  std::shared_ptr<const Directory> directory_;
  Instant at_;
  Stamp stamp_;
  TurnNotes notes_;
  bool tells_states_ = true;
};

}  // namespace minqing::node
