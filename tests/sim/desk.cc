#include "tests/sim/desk.h"

#include <algorithm>

namespace minqing::sim {
namespace {

using casework::Kind;
using casework::LoopEnd;
using std::chrono::milliseconds;
using std::chrono::seconds;

}  // namespace

Desk::Desk(Address at,
           std::shared_ptr<const Directory> directory,
           std::uint64_t seed,
           History& history,
           FaultTally& tally)
    : at_{std::move(at)},
      directory_{std::move(directory)},
      random_{seed},
      ids_{random_},
      history_{history},
      tally_{tally} {}

void Desk::show(const node::TurnNotes& notes) {
  for (const auto& [owner, loop] : notes.loops) {
    if (owner != at_) continue;
    loops_.insert(loop);
    shown_loops_.insert(loop);
  }
  for (const auto& [owner, case_id] : notes.cases) {
    if (owner != at_) continue;
    cases_.insert(case_id);
    shown_cases_.insert(case_id);
  }
}

void Desk::recall() {
  loops_ = shown_loops_;
  cases_ = shown_cases_;
}

std::string Desk::words(const char* what) {
  return std::string{what} + " " + kPlaintextMark + " " + at_.text() + " " +
         std::to_string(++written_);
}

node::Command Desk::say(Kind kind, const CaseId& case_id, const LoopId& loop) {
  node::Command command;
  command.act.kind = kind;
  command.act.at = at_;
  command.act.case_id = case_id;
  command.act.loop = loop;
  command.act.staff = "desk";
  command.act.roles = casework::row_of(kind).roles;
  std::erase(command.act.roles, casework::Role::kSystem);
  return command;
}

// --- asking and answers --------------------------------------------------------------------------

std::optional<node::Command> Desk::ask(casework::CaseBook& book, Instant now) {
  // After a start the node's clock may be another: nobody waits for an hour because of that.
  next_at_ = std::min(next_at_, now + seconds{10});
  if (now < next_at_) return std::nullopt;
  if (!pending_) {
    pending_ = think(book, now);
    is_in_doubt_ = false;
    if (!pending_) {
      next_at_ = now + random_.between(milliseconds{300}, seconds{3});
      return std::nullopt;
    }
    pending_->id = ids_.make(now);
  }
  ++history_.commands;
  return pending_;
}

void Desk::on_answer(const Status& answer, Instant now) {
  CHECK(pending_.has_value());
  next_at_ = now + random_.between(milliseconds{50}, milliseconds{1'500});
  if (answer && is_in_doubt_) ++history_.repeated;
  if (!answer && answer.error().code == Errc::kBusy) {
    next_at_ = now + random_.between(seconds{1}, seconds{3});  // its store is being refilled
    return;
  }
  const Accepted word{at_, pending_->id, pending_->act.kind, is_in_doubt_};
  if (answer && !is_in_doubt_ && random_.chance(20)) {
    is_in_doubt_ = true;  // this answer got lost on its way
    tally_.met(Fault::kAnswerLost);
    return;
  }
  (answer ? history_.accepted : history_.refused).push_back(word);
  pending_.reset();
}

void Desk::on_no_answer(Instant now) {
  if (!pending_) return;
  tally_.met(Fault::kAnswerLost);
  is_in_doubt_ = true;
  next_at_ = now + random_.between(milliseconds{100}, seconds{2});
}

// --- what people do ------------------------------------------------------------------------------

Desk::Asked Desk::think(casework::CaseBook& book, Instant now) {
  if (sometimes(150)) {
    if (auto command = submit(now)) return command;
  }
  if (sometimes(15)) return probe();
  if (auto command = attend(book)) return command;
  // Something that is open, chosen by chance: begin somewhere and go round.
  const std::vector<LoopId> loops(loops_.begin(), loops_.end());
  const std::vector<CaseId> cases(cases_.begin(), cases_.end());
  const std::size_t all = loops.size() + cases.size();
  const std::size_t first = all == 0 ? 0 : random_.below(all);
  for (std::size_t i = 0; i < all; ++i) {
    const std::size_t at = (first + i) % all;
    auto command = at < loops.size() ? on_loop(book, loops[at], now)
                                     : on_case(book, cases[at - loops.size()], now);
    if (command) return command;
  }
  return std::nullopt;
}

/// The person's list first: what follows from an entry is what the pages show as open.
Desk::Asked Desk::attend(casework::CaseBook& book) {
  const auto open = book.open_attention(at_, 1);
  if (open.empty()) return std::nullopt;
  node::Command command = say(Kind::kAttended, {});
  command.act.content.about = open.front().id;
  command.act.content.text = words("已核对");
  return command;
}

Instant Desk::some_reply_by(Instant now) {
  return random_.chance(500) ? now + random_.between(seconds{3}, seconds{60}) : Instant{};
}

// --- the end -------------------------------------------------------------------------------------

bool Desk::is_done(casework::CaseBook& book) const {
  return !pending_ && book.open_attention(at_, 1).empty() && open_things(book).empty();
}

std::string Desk::open_things(casework::CaseBook& book) const {
  std::string out;
  for (const LoopId& id : loops_) {
    const auto loop = book.find_loop(at_, id);
    // Nobody but the machine answers a probe: it is answered where it arrives, or its clock ends
    // it.
    if (!loop || loop->end != LoopEnd::kOpen || loop->kind == Kind::kProbe) continue;
    out += at_.text() + (loop->end_held == Side::kAsk ? " waits for " : " owes ") +
           loop->peer.text() + " " + casework::row_of(loop->kind).code + " " + format_uuid(id) +
           (loop->reply_by == Instant{} ? "" : " by " + format_instant(loop->reply_by)) + "\n";
  }
  for (const CaseId& id : cases_) {
    const auto record = book.find_case(at_, id);
    if (!record || record->part != casework::Part::kOwner || is_end_state(record->state)) continue;
    out += at_.text() + " has case " + id.text() + " " + to_string(record->state) + "\n";
  }
  for (const casework::AttentionRecord& entry : book.open_attention(at_, 10)) {
    out += at_.text() + " has on its list " + entry.code + "\n";
  }
  if (pending_) {
    out += at_.text() + " has no answer to " + casework::row_of(pending_->act.kind).code + "\n";
  }
  return out;
}

}  // namespace minqing::sim
