// Desk: the people at one address, scripted by the seed. They look at what their pages show (the
// loops and cases that committed turns touched) and act on it by commands with ids; who gets no
// answer asks again with the same id, as a client does.
//
// Two moods: at work, with second thoughts, objections, withdrawals and searches; and finishing,
// when everybody only brings to its end what is open.
//
// desk.cc            asking, and what is looked at first; what is open still
// desk_owner.cc      what an owner does with its case, from filing to closing
// desk_answerer.cc   what is said in a loop: by who was asked, and by who asked
// desk_buttons.cc    all else that a page offers, by chance: each kind a person may write
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "casework/content.h"
#include "core/directory.h"
#include "core/uuid7.h"
#include "nodes/common/brain.h"
#include "tests/sim/faults.h"
#include "tests/sim/seeded_random.h"

namespace minqing::sim {

/// Stands in every text that people write: no broker may ever hold it readable.
inline constexpr const char* kPlaintextMark = "plaintext-of-the-simulation";

enum class Mood { kWorking, kFinishing };

/// What was asked for, and how it ended: the checks compare it with the logs.
struct Accepted {
  Address at;
  MessageId id;
  casework::Kind kind;
  bool was_in_doubt = false;  // asked before, and no answer came
};
struct Accusation {
  CaseId case_id;
  std::vector<Address> respondents;
};
struct History {
  std::vector<Accepted> accepted;
  std::vector<Accepted> refused;
  std::vector<Accusation> accusations;
  std::uint64_t commands = 0;
  std::uint64_t repeated = 0;
};

class Desk {
 public:
  Desk(Address at,
       std::shared_ptr<const Directory> directory,
       std::uint64_t seed,
       History& history,
       FaultTally& tally);

  const Address& at() const { return at_; }
  void set_mood(Mood mood) { mood_ = mood; }
  /// Pages show these from now on.
  void show(const node::TurnNotes& notes);
  /// Its node's store was set back: all that was ever shown may be open again.
  void recall();

  /// What is asked in this turn; at most one command. Looks at the views.
  std::optional<node::Command> ask(casework::CaseBook& book, Instant now);
  /// The turn is committed, and the client has its answer.
  void on_answer(const Status& answer, Instant now);
  /// The node died in the turn.
  void on_no_answer(Instant now);
  std::optional<Instant> next_at() const { return next_at_; }
  /// When the node's clock is another after a start.
  void wake(Instant now) { next_at_ = now; }

  /// Nothing is asked and not answered, and the pages show nothing open.
  bool is_done(casework::CaseBook& book) const;
  /// What is open still, in words.
  std::string open_things(casework::CaseBook& book) const;

 private:
  using Kind = casework::Kind;
  using Asked = std::optional<node::Command>;

  Asked think(casework::CaseBook& book, Instant now);
  Asked attend(casework::CaseBook& book);
  node::Command say(Kind kind, const CaseId& case_id, const LoopId& loop = {});
  std::string words(const char* what);
  /// A quick answer is wanted, so that clocks fire within the simulation; or the usual one.
  Instant some_reply_by(Instant now);
  bool sometimes(std::uint64_t per_mille) {
    return mood_ == Mood::kWorking && random_.chance(per_mille);
  }

  // desk_owner.cc
  Asked submit(Instant now);
  Asked on_case(casework::CaseBook& book, const CaseId& id, Instant now);
  Asked on_owned(casework::CaseBook& book, const casework::CaseRecord& record, Instant now);
  Asked on_returned(casework::CaseBook& book, const casework::CaseRecord& record, Instant now);
  Asked on_replied(casework::CaseBook& book, const casework::CaseRecord& record, Instant now);
  node::Command pass_on(const casework::CaseRecord& record, Instant now);
  node::Command opinion(const casework::CaseRecord& record);
  Kind some_dispatch();

  // desk_answerer.cc
  Asked on_loop(casework::CaseBook& book, const LoopId& id, Instant now);
  Asked on_asked(casework::CaseBook& book, const casework::LoopRecord& loop, Instant now);
  Asked on_asking(casework::CaseBook& book, const casework::LoopRecord& loop, Instant now);
  Asked handle(const casework::LoopRecord& loop, Instant now);
  Asked relay(const casework::LoopRecord& loop, Instant now);
  node::Command rule(const casework::LoopRecord& loop);
  node::Command search(const CaseId& case_id, const LoopId& parent, Instant now);

  // desk_buttons.cc
  /// One of all kinds that may be written now; none where nothing fits.
  Asked press_a_button(casework::CaseBook& book, const CaseId& case_id, Instant now);
  bool is_offered(casework::CaseBook& book, const CaseId& case_id, Kind kind, Instant now) const;
  bool fill_in(casework::CaseBook& book, node::Command& command, Instant now);
  std::string some_word(const casework::FieldRow& field, Kind kind);
  std::optional<CaseId> some_other_case(const node::Command& command);
  /// That may be asked for something.
  Address some_peer();
  node::Command probe();

  Address at_;
  std::shared_ptr<const Directory> directory_;
  SeededRandom random_;
  Uuid7Maker ids_;
  History& history_;
  FaultTally& tally_;
  Mood mood_ = Mood::kWorking;
  std::set<LoopId> loops_;  // that may be open
  std::set<CaseId> cases_;  // likewise
  std::set<LoopId> shown_loops_;
  std::set<CaseId> shown_cases_;
  std::optional<node::Command> pending_;
  bool is_in_doubt_ = false;  // asked before, and no answer came
  Instant next_at_;
  std::uint64_t written_ = 0;
  std::size_t filed_ = 0;
};

}  // namespace minqing::sim
