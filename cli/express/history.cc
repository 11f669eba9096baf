#include "cli/express/history.h"

#include <algorithm>
#include <numeric>

#include "core/uuid7.h"
#include "store/reader.h"

namespace minqing::express {
namespace {

using casework::Kind;
using casework::LoopEnd;

constexpr std::size_t kExamplesMax = 40;
constexpr std::size_t kOddVerdictsMax = 10'000;

const char* code_of(Kind kind) {
  const casework::KindRow* row = casework::find_kind(kind);
  return row == nullptr ? "?" : row->code;
}

/// A second final is somebody's fault, unless the requester had given up by itself.
bool may_be_late_after(Kind first) {
  const LoopEnd end = casework::row_of(first).end;
  return end == LoopEnd::kExpired || end == LoopEnd::kWithdrawn;
}

}  // namespace

const char* to_string(Flaw flaw) {
  switch (flaw) {
    case Flaw::kLost: return "lost";
    case Flaw::kDoubled: return "doubled";
    case Flaw::kReordered: return "reordered";
    case Flaw::kUnexpected: return "unexpected";
    case Flaw::kUnfinished: return "unfinished";
  }
  return "?";
}

std::uint64_t HistoryVerdict::total() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

class History::Findings {
 public:
  void add(Flaw flaw, const std::string& what) {
    ++verdict_.counts.at(static_cast<std::size_t>(flaw));
    if (verdict_.examples.size() >= kExamplesMax) return;
    verdict_.examples.push_back(std::string{to_string(flaw)} + ": " + what);
  }
  HistoryVerdict take() { return std::move(verdict_); }

 private:
  HistoryVerdict verdict_;
};

std::string History::StreamName::text() const {
  return from.text() + " -> " + to.text() + " " + to_string(lane) + " " + to_string(side);
}

// --- reading -------------------------------------------------------------------------------------

void History::add(const courier::LogRow& row) {
  ++figures_.rows;
  const Entry entry{row.seq, row.id, row.leaf};
  switch (row.direction) {
    case courier::Direction::kOut:
      sent_[{row.owner, row.peer, row.lane, row.side, row.life}].push_back(entry);
      break;
    case courier::Direction::kIn:
      received_[{row.peer, row.owner, row.lane, row.side, row.life}].push_back(entry);
      ++figures_.envelopes;
      break;
    case courier::Direction::kSelf: break;
  }
  const bool is_late = row.verdict == "late";
  if (is_late) ++figures_.late;
  if (row.verdict != "ok" && !is_late && odd_verdicts_.size() < kOddVerdictsMax) {
    odd_verdicts_.push_back(row.owner.text() + " pos " + std::to_string(row.pos.value) + " " +
                            format_uuid(row.id) + " has verdict " + row.verdict);
  }
  const auto kind = static_cast<Kind>(row.kind);
  const casework::KindRow* known = casework::find_kind(kind);
  if (known == nullptr) return;
  if (row.cls == MessageClass::kRequest && row.direction == courier::Direction::kOut) {
    loops_[{row.owner, row.loop}].is_asked_here = true;
    ++figures_.loops;
  }
  if (known->end != LoopEnd::kOpen && !row.loop.is_none()) {
    Loop& loop = loops_[{row.owner, row.loop}];
    if (row.verdict == "ok") loop.finals.push_back(kind);
    if (is_late) ++loop.late;
  }
  if (row.case_id.empty() || row.verdict != "ok") return;
  ++cases_[{row.owner, row.case_id}].kinds[kind];
  if (kind == Kind::kPetitionSubmit) ++figures_.cases;
}

Status History::add_store(const std::string& path) {
  ASSIGN_OR_RETURN(const auto reader, store::Reader::open(path));
  ASSIGN_OR_RETURN(const auto owners, reader->owners());
  for (const Address& owner : owners) {
    for (Pos first{1};;) {
      ASSIGN_OR_RETURN(const auto rows,
                       reader->log(owner, first, store::Bodies::kLeaveOut, limits::kPageRowsMax));
      for (const courier::LogRow& row : rows) add(row);
      if (rows.empty()) break;
      first = Pos{rows.back().pos.value + 1};
    }
  }
  return ok();
}

std::set<std::string> History::petitions() const {
  std::set<std::string> out;
  for (const auto& [key, one] : cases_) {
    if (one.kinds.contains(Kind::kPetitionSubmit)) out.insert(key.second);
  }
  return out;
}

// --- judging -------------------------------------------------------------------------------------

std::map<History::Pair, std::map<MessageId, Leaf>> History::by_pair(const Streams& streams) {
  std::map<Pair, std::map<MessageId, Leaf>> out;
  for (const auto& [name, entries] : streams) {
    for (const Entry& entry : entries) out[{name.from, name.to}].emplace(entry.id, entry.leaf);
  }
  return out;
}

void History::check_order(const Streams& streams, const char* end, Findings& findings) {
  for (const auto& [name, entries] : streams) {
    std::set<MessageId> seen;
    std::uint64_t last = 0;
    for (const Entry& entry : entries) {
      const std::string what = name.text() + " " + std::to_string(entry.seq.value) + " " +
                               format_uuid(entry.id) + " as " + end;
      if (!seen.insert(entry.id).second) findings.add(Flaw::kDoubled, what);
      if (entry.seq.value != last + 1) {
        findings.add(Flaw::kReordered, what + ", after " + std::to_string(last));
      }
      last = entry.seq.value;
    }
  }
}

void History::check_streams(Findings& findings) const {
  check_order(sent_, "sent", findings);
  check_order(received_, "received", findings);
  const auto sent = by_pair(sent_);
  const auto received = by_pair(received_);
  const auto find = [](const auto& all, const Pair& pair, const MessageId& id) -> const Leaf* {
    const auto of_pair = all.find(pair);
    if (of_pair == all.end()) return nullptr;
    const auto found = of_pair->second.find(id);
    return found == of_pair->second.end() ? nullptr : &found->second;
  };
  const auto text = [](const Pair& pair, const MessageId& id) {
    return pair.first.text() + " -> " + pair.second.text() + " " + format_uuid(id);
  };
  for (const auto& [pair, entries] : sent) {
    for (const auto& [id, leaf] : entries) {
      const Leaf* there = find(received, pair, id);
      if (there == nullptr) findings.add(Flaw::kLost, text(pair, id) + " was not received");
      if (there != nullptr && *there != leaf) {
        findings.add(Flaw::kUnexpected, text(pair, id) + " arrived as something else");
      }
    }
  }
  for (const auto& [pair, entries] : received) {
    for (const auto& [id, leaf] : entries) {
      if (find(sent, pair, id) == nullptr) {
        findings.add(Flaw::kUnexpected, text(pair, id) + " was never sent");
      }
    }
  }
  // Within a life: the same number, the same envelope.
  for (const auto& [name, entries] : received_) {
    const auto other = sent_.find(name);
    if (other == sent_.end()) continue;
    const std::size_t both = std::min(entries.size(), other->second.size());
    for (std::size_t i = 0; i < both; ++i) {
      if (entries[i].id == other->second[i].id) continue;
      findings.add(Flaw::kReordered, name.text() + " number " + std::to_string(i + 1) +
                                         " is another envelope at each end");
      break;  // what follows is shifted as well
    }
  }
  for (const std::string& what : odd_verdicts_) findings.add(Flaw::kUnexpected, what);
}

void History::check_loops(Findings& findings) const {
  for (const auto& [key, loop] : loops_) {
    if (!loop.is_asked_here) continue;
    const std::string what = "loop " + format_uuid(key.second) + " of " + key.first.text();
    if (loop.finals.empty()) {
      findings.add(Flaw::kUnfinished, what + " has no final");
      continue;
    }
    if (loop.finals.size() > 1) {
      findings.add(Flaw::kDoubled,
                   what + " has " + std::to_string(loop.finals.size()) + " finals that count");
    }
    if (loop.late > 0 && !may_be_late_after(loop.finals.front())) {
      findings.add(Flaw::kDoubled, what + " was answered again after its final");
    }
  }
}

void History::check_cases(const Expectation& expected, Findings& findings) const {
  std::set<std::string> found;
  std::uint64_t not_accepted = 0;
  for (const auto& [key, one] : cases_) {
    if (!one.kinds.contains(Kind::kPetitionSubmit)) continue;  // it takes part, no more
    const auto& [owner, case_id] = key;
    found.insert(case_id);
    if (!expected.accepted.contains(case_id) && ++not_accepted > expected.unanswered) {
      findings.add(Flaw::kUnexpected,
                   "case " + case_id + " at " + owner.text() + " was filed by nobody");
    }
    for (const Kind kind : expected.once) {
      const auto count = one.kinds.find(kind);
      const std::uint64_t times = count == one.kinds.end() ? 0 : count->second;
      if (times == 1) continue;
      findings.add(times == 0 ? Flaw::kUnfinished : Flaw::kDoubled,
                   "case " + case_id + " at " + owner.text() + " has " + code_of(kind) + " " +
                       std::to_string(times) + " times");
    }
  }
  for (const std::string& case_id : expected.accepted) {
    if (!found.contains(case_id)) findings.add(Flaw::kLost, "case " + case_id + " was accepted");
  }
}

HistoryVerdict History::check(const Expectation& expected) const {
  Findings findings;
  check_cases(expected, findings);
  check_streams(findings);
  check_loops(findings);
  return findings.take();
}

}  // namespace minqing::express
