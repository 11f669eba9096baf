#include "nodes/common/intake.h"

#include <algorithm>

#include "casework/judge.h"
#include "core/limits.h"
#include "core/may_send.h"
#include "core/mutant.h"
#include "core/uuid7.h"
#include "nodes/common/give_up.h"

namespace minqing::node {
namespace {

using courier::Arrival;

std::size_t weight(const Envelope& envelope) {
  return envelope.row.body.size() + envelope.row.header.size() + envelope.row.signature.size();
}

/// A stream whose arrivals do not open is told so at most once in this time.
constexpr Millis kCannotOpenInterval{1'000};

}  // namespace

Intake::Intake(ScribePorts ports, Scribe& scribe, courier::ReceiptBook& receipts)
    : ports_{ports}, scribe_{scribe}, receipts_{receipts} {}

void Intake::on_envelope(courier::SealedEnvelope arrival, Instant now) {
  const Header& header = arrival.header;
  if (!ports_.sealer.hosts(header.to, scribe_.directory())) {
    ++counters_.not_hosted;
    return;
  }
  const Admission admission = may_send(scribe_.directory(), header.from, header.to, header.cls);
  const bool may_change =
      (header.directory > scribe_.directory().version() || admission == Admission::kNotActive) &&
      !mutated(Mutant::kOldDirectoryJudges);
  if (admission != Admission::kAllowed && may_change) {
    ++counters_.waiting_for_directory;  // its mail waits: no receipt, the sender comes again
    return;
  }
  auto opened = ports_.sealer.open(arrival, scribe_.directory());
  if (!opened) {
    if (mutated(Mutant::kJunkReceipted)) {
      const courier::StreamKey key{header.to, header.from, header.lane, header.side};
      receipts_.advanced(key, arrival.transport.life, arrival.transport.seq, Leaf{});
      return;
    }
    answer_cannot_open(arrival, now);
    return;
  }
  const courier::InStreamKey stream{key_of(opened->row), opened->row.life};
  if (place(*std::move(opened)) == Placed::kMoved) release_held(stream);
}

void Intake::release_held(const courier::InStreamKey& stream) {
  const auto cursor = ports_.ledger.cursor(stream.key, stream.life);
  for (Envelope& envelope : held_.release(stream, cursor.value_or(Seq{}))) {
    if (place(std::move(envelope)) == Placed::kStayed) return;  // the rest is sent again
  }
}

void Intake::answer_cannot_open(const courier::SealedEnvelope& arrival, Instant now) {
  ++counters_.cannot_open;
  const Header& header = arrival.header;
  const courier::StreamName stream{header.from, header.to, header.lane, header.side,
                                   arrival.transport.life};
  if (cannot_open_after_.size() > limits::kFrameItemsMax) cannot_open_after_.clear();
  Instant& next = cannot_open_after_[stream];
  if (now < next) return;
  next = now + kCannotOpenInterval;
  replies_.cannot_opens.push_back({.stream = stream,
                                   .seq = arrival.transport.seq,
                                   .my_keys = ports_.sealer.sealing_keys(header.to),
                                   .directory = scribe_.directory().version()});
}

Intake::Placed Intake::place(Envelope envelope) {
  const courier::LogRow& row = envelope.row;
  const courier::StreamKey key = key_of(row);
  const auto cursor = ports_.ledger.cursor(key, row.life);
  const auto known = ports_.ledger.find(row.owner, courier::Direction::kIn, row.peer, row.id);
  const Arrival arrival = courier::classify(cursor, Transport{row.life, row.seq}, row.id, row.leaf,
                                            known ? std::optional{known->leaf} : std::nullopt);
  const bool is_next = arrival == Arrival::kNew || arrival == Arrival::kKnownInNewLife;
  if (is_next && !follows_ours(envelope)) {
    place_fork(std::move(envelope));
    return Placed::kStayed;
  }
  switch (arrival) {
    case Arrival::kNew: return take_new(std::move(envelope));
    case Arrival::kKnownInNewLife:
      if (mutated(Mutant::kKnownInNewLifeAgain)) return take_new(std::move(envelope));
      accept(row);
      ++counters_.known_in_new_life;
      return Placed::kMoved;
    case Arrival::kRepeat:
      ++counters_.repeats;
      if (!mutated(Mutant::kRepeatUnanswered)) receipts_.repeated(key, row.life);
      return Placed::kStayed;
    case Arrival::kEarly:
      receipts_.repeated(key, row.life);  // "the next one is missing here"
      hold_back(std::move(envelope));
      return Placed::kStayed;
    case Arrival::kFork: place_fork(std::move(envelope)); return Placed::kStayed;
    case Arrival::kIdConflict:
      ++counters_.id_conflicts;
      replies_.alarms.push_back("event=id_conflict from=" + row.peer.text() +
                                " to=" + row.owner.text() + " id=" + format_uuid(row.id));
      return Placed::kStayed;
  }
  CHECK(false);
}

/// Did its sender send before it what we have before it? Else the stream goes on in two ways.
bool Intake::follows_ours(const Envelope& envelope) {
  const courier::LogRow& row = envelope.row;
  if (envelope.prior.is_none() || mutated(Mutant::kPriorIgnored)) return true;
  const courier::StreamKey key = key_of(row);
  const auto word = receipts_.find(key, row.life);
  if (word && word->leaf == envelope.prior) return true;
  // Where a VOID came in vain there are two.
  const auto rows =
      ports_.ledger.rows_at(courier::Direction::kIn, key, row.life, Seq{row.seq.value - 1});
  return std::ranges::find(rows, envelope.prior, &courier::LogRow::leaf) != rows.end();
}

void Intake::hold_back(Envelope envelope) {
  const courier::InStreamKey stream{key_of(envelope.row), envelope.row.life};
  const Seq seq = envelope.row.seq;
  const Leaf leaf = envelope.row.leaf;
  const std::size_t bytes = weight(envelope);
  switch (held_.hold(stream, seq, leaf, bytes, std::move(envelope))) {
    case courier::Held::kHeld: ++counters_.held_back; return;
    case courier::Held::kAlready: ++counters_.repeats; return;
    case courier::Held::kDropped: ++counters_.dropped_early; return;
    case courier::Held::kFork:
      // Nothing is committed at this number yet: forget both, and let the sender make up its mind.
      ++counters_.forks;
      held_.forget(stream);
      replies_.alarms.push_back("event=fork_held from=" + stream.key.peer.text() + " to=" +
                                stream.key.owner.text() + " seq=" + std::to_string(seq.value));
      return;
  }
}

void Intake::accept(const courier::LogRow& row) {
  const courier::StreamKey key = key_of(row);
  ports_.ledger.advance(key, row.life, row.seq, row.leaf);
  receipts_.advanced(key, row.life, row.seq, row.leaf);
}

Intake::Placed Intake::take_new(Envelope envelope) {
  const courier::LogRow& row = envelope.row;
  std::string verdict = verdict_on(envelope);
  if (casework::is_held(verdict) && ports_.refill != nullptr) {
    if (lacked_.size() > limits::kFrameItemsMax) lacked_.clear();
    if (lacked_.emplace(row.owner, row.loop).second) {
      ++counters_.waiting_for_loop;
      is_lacking_ = true;
      return Placed::kStayed;
    }
  }
  accept(row);
  ++counters_.accepted;
  if (verdict == "ok" && is_void(row) && held_of(ports_.ledger, envelope) == Held::kHadIt) {
    verdict = casework::kInVain;
  }
  if (casework::is_quarantined(verdict)) ++counters_.quarantined;
  scribe_.receive(std::move(envelope), verdict);
  return Placed::kMoved;
}

std::string Intake::verdict_on(const Envelope& envelope) {
  if (envelope.row.verdict != "ok") return envelope.row.verdict;
  return casework::judge(ports_.book, envelope.entry,
                         casework::Context{scribe_.directory(), scribe_.at()});
}

void Intake::place_fork(Envelope envelope) {
  const courier::LogRow& row = envelope.row;
  const courier::StreamKey key = key_of(row);
  const LifeId life = row.life;
  if (is_voided(ports_.ledger, ports_.sealer, row)) {
    ++counters_.repeats;
    receipts_.repeated(key, life);
    return;
  }
  const bool is_in_vain = is_void(row) && verdict_on(envelope) == "ok" &&
                          held_of(ports_.ledger, envelope) == Held::kHadIt;
  if (!is_in_vain) return answer_fork(row);
  ++counters_.accepted;
  receipts_.repeated(key, life);
  scribe_.receive(std::move(envelope), casework::kInVain);
}

void Intake::answer_fork(const courier::LogRow& row) {
  ++counters_.forks;
  replies_.alarms.push_back("event=fork from=" + row.peer.text() + " to=" + row.owner.text() +
                            " seq=" + std::to_string(row.seq.value) + " id=" + format_uuid(row.id));
  // The cursor tells as much as the number itself: the sender compares its own row there.
  const auto word = receipts_.find(key_of(row), row.life);
  if (!word || word->leaf.is_none()) return;
  replies_.forks.push_back({.stream = courier::name_of_incoming(key_of(row), row.life),
                            .seq = word->cursor,
                            .held = word->leaf});
}

}  // namespace minqing::node
