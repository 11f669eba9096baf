#include "nodes/common/scribe.h"

#include <algorithm>
#include <deque>

#include "casework/fold.h"
#include "casework/react.h"
#include "casework/sharing.h"
#include "core/may_send.h"
#include "core/mutant.h"

namespace minqing::node {
namespace {

/// A consequence of a consequence of ...: deeper than any chain of loops at one node can be.
constexpr std::size_t kConsequencesMax = 4'096;

/// May this draft be committed? A request needs an addressee that can be reached by the rules
/// today; an answer may wait for one that is suspended.
Status check_pair(const Directory& directory, const casework::Draft& draft) {
  const casework::KindRow& row = casework::row_of(draft.body.kind);
  if (row.cls == MessageClass::kSelf) return ok();
  const Admission admission = may_send(directory, draft.from, draft.to, row.cls);
  if (admission == Admission::kAllowed) return ok();
  if (admission == Admission::kNotActive && row.cls != MessageClass::kRequest) return ok();
  return Error{Errc::kNotAllowed, std::string{row.code} + " from " + directory.label(draft.from) +
                                      " to " + directory.label(draft.to) +
                                      " is refused: " + to_string(admission)};
}

}  // namespace

Scribe::Scribe(ScribePorts ports) : ports_{ports}, ids_{ports.random} {}

void Scribe::begin_turn(std::shared_ptr<const Directory> directory, Instant now) {
  directory_ = std::move(directory);
  at_ = mutated(Mutant::kLogTimeGoesBack) ? now : std::max(ports_.ledger.last_at(), now);
  stamp_ = std::max(stamp_, ports_.ledger.last_stamp());
}

TurnNotes Scribe::take_notes() {
  return std::exchange(notes_, {});
}

Result<Envelope> Scribe::prepare(const casework::Draft& given, const MessageId& id) {
  casework::Draft draft = given;
  const casework::KindRow& row = casework::row_of(draft.body.kind);
  RETURN_IF_ERROR(check_pair(*directory_, draft));
  const Origin origin{.id = id.is_none() ? ids_.make(at_) : id,
                      .stamp = stamp_ = stamp_.next(),
                      .at = at_,
                      .directory = directory_->version()};
  if (row.cls == MessageClass::kRequest) draft.body.loop = origin.id;
  ASSIGN_OR_RETURN(Envelope envelope, ports_.sealer.write(draft, origin, *directory_));
  envelope.row.seq = draft.replaces;
  return envelope;
}

casework::Entry Scribe::append(Envelope envelope) {
  courier::LogRow& row = envelope.row;
  row.versions = {.directory = directory_->version(),
                  .rules = casework::kRulesVersion,
                  .calendar = directory_->content().calendar.version};
  row.at = at_;
  if (row.direction == courier::Direction::kOut) {
    row.life = ports_.ledger.life();
    if (row.seq == Seq{}) {  // a VOID brings its number
      row.seq = ports_.ledger.next_out_seq({row.owner, row.peer, row.lane, row.side});
    }
  } else if (row.direction == courier::Direction::kSelf) {
    row.life = ports_.ledger.life();
  }
  casework::Entry entry = record(envelope);
  if (row.direction != courier::Direction::kIn && entry.body.kind != casework::Kind::kKeep) {
    notes_.own_rows.insert(row.owner);
  }
  if (row.direction == courier::Direction::kOut) notes_.out.push_back(std::move(row));
  return entry;
}

casework::Entry Scribe::append_refilled(Envelope envelope) {
  courier::RuleVersions& versions = envelope.row.versions;
  if (versions.directory == DirectoryVersion{}) {  // judged now; the keeper's rows were then
    versions = {.directory = directory_->version(),
                .rules = casework::kRulesVersion,
                .calendar = directory_->content().calendar.version};
  }
  casework::Entry entry = record(envelope);
  if (mutated(Mutant::kRefillingReacts)) follow(entry);
  return entry;
}

casework::Entry Scribe::record(Envelope& envelope) {
  courier::LogRow& row = envelope.row;
  row.pos = ports_.ledger.append(row);
  stamp_ = std::max(stamp_, row.stamp);
  casework::Entry& entry = envelope.entry;
  entry.pos = row.pos;
  entry.at = row.at;
  entry.verdict = row.verdict;
  if (mutated(Mutant::kViewNotFromLog)) entry.at += Micros{1};
  casework::fold(ports_.book, entry);
  ++notes_.appended;
  if (!entry.body.loop.is_none()) notes_.loops.emplace(entry.owner, entry.body.loop);
  if (!entry.body.case_id.is_none()) notes_.cases.emplace(entry.owner, entry.body.case_id);
  return std::move(entry);
}

void Scribe::follow(const casework::Entry& first) {
  std::deque<casework::Entry> waiting{first};
  std::size_t followed = 0;
  while (!waiting.empty()) {
    const casework::Entry entry = std::move(waiting.front());
    waiting.pop_front();
    const casework::Context context{*directory_, at_};
    std::vector<casework::Draft> drafts = casework::react(ports_.book, entry, context);
    if (tells_states_) {
      for (casework::Draft& draft : casework::share(ports_.book, entry, context)) {
        drafts.push_back(std::move(draft));
      }
    }
    for (const casework::Draft& draft : drafts) {
      CHECK(++followed <= kConsequencesMax);
      auto envelope = prepare(draft);
      if (!envelope) {
        notes_.alarms.push_back("event=consequence_refused kind=" +
                                std::string{casework::row_of(draft.body.kind).code} +
                                " from=" + draft.from.text() + " to=" + draft.to.text() +
                                " detail=\"" + envelope.error().detail + "\"");
        continue;
      }
      waiting.push_back(append(*std::move(envelope)));
    }
  }
}

Result<std::vector<casework::Entry>> Scribe::write(const std::vector<casework::Draft>& drafts,
                                                   const MessageId& first_id) {
  std::vector<Envelope> prepared;
  for (const casework::Draft& draft : drafts) {
    ASSIGN_OR_RETURN(Envelope envelope, prepare(draft, prepared.empty() ? first_id : MessageId{}));
    prepared.push_back(std::move(envelope));
  }
  std::vector<casework::Entry> entries;
  for (Envelope& envelope : prepared) entries.push_back(append(std::move(envelope)));
  for (const casework::Entry& entry : entries) follow(entry);
  return entries;
}

void Scribe::receive(Envelope arrival, const std::string& verdict) {
  arrival.row.verdict = verdict;
  arrival.entry.verdict = verdict;
  follow(append(std::move(arrival)));
}

}  // namespace minqing::node
