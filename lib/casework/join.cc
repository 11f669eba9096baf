#include "casework/join.h"

#include <algorithm>
#include <map>
#include <set>

#include "casework/kinds_check.h"
#include "core/limits.h"

namespace minqing::casework {
namespace {

/// Half of the largest body: the rest is for addresses, numbers and encoding.
constexpr std::size_t kJoinedTextBytesMax = limits::kBodyBytesMax / 2;
constexpr const char* kCutMark = "…";

/// At most `bytes_max` bytes of `text`, cut between characters and marked as cut. The whole text
/// stays in the log of the address that joined.
std::string shortened(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + kCutMark;
}

class RiskJoin {
 public:
  void add(const LoopRecord& child) {
    if (child.final_kind != Kind::kRiskResult) {
      silent_.insert(child.peer);
      return;
    }
    heard_.insert(child.peer);
    const Content& said = child.final_content;
    std::int64_t of_others = 0;
    for (const Answer& answer : said.answers) {
      answers_[answer.from] = answer;
      of_others += answer.found;
    }
    // A joined answer carries nothing of its own, unless its author added something.
    if (said.answers.empty() || !said.text.empty() || said.found > of_others) {
      const std::int64_t own = std::max<std::int64_t>(said.found - of_others, 0);
      answers_[child.peer] = {child.peer, own, said.text};
    }
    silent_.insert(said.silent.begin(), said.silent.end());
  }

  void add_silent(const Address& address) { silent_.insert(address); }

  Content content() const {
    Content out;
    const std::size_t share = kJoinedTextBytesMax / std::max<std::size_t>(answers_.size(), 1);
    for (const auto& [from, answer] : answers_) {
      out.found += answer.found;
      out.answers.push_back({from, answer.found, shortened(answer.text, share)});
    }
    for (const Address& address : silent_) {
      if (!heard_.contains(address) && !answers_.contains(address)) out.silent.push_back(address);
    }
    return out;
  }

 private:
  std::map<Address, Answer> answers_;
  std::set<Address> heard_;
  std::set<Address> silent_;
};

Draft risk_result(const LoopRecord& parent,
                  const std::vector<LoopRecord>& children,
                  const Directory& directory) {
  RiskJoin join;
  for (const LoopRecord& child : children) {
    if (child.kind == Kind::kRiskCheck) join.add(child);
  }
  if (!parent.owner.is_agency()) {  // also those that were not asked: no node yet, or left out
    for (const AddressEntry* below : directory.children_of(parent.owner)) {
      if (below->state != EntryState::kDissolved) join.add_silent(below->address);
    }
  }
  Draft draft = speak_in(parent, Kind::kRiskResult, Author{});
  draft.body.content = join.content();
  return draft;
}

std::optional<Draft> relayed_result(const LoopRecord& parent,
                                    const std::vector<LoopRecord>& children) {
  const LoopRecord* lead = nullptr;
  for (const LoopRecord& child : children) {
    if (makes_lead(child.kind)) lead = &child;  // the last one: an earlier one was passed back
  }
  if (lead == nullptr || lead->final_kind != Kind::kResultSubmit) return std::nullopt;
  Draft draft = speak_in(parent, Kind::kResultSubmit, Author{});
  draft.body.content = lead->final_content;
  return draft;
}

}  // namespace

std::optional<Draft> join_children(CaseBook& book,
                                   const LoopRecord& parent,
                                   const Directory& directory) {
  if (parent.end_held != Side::kAnswer || parent.end != LoopEnd::kOpen) return std::nullopt;
  const std::vector<LoopRecord> children = book.children_of(parent.owner, parent.loop);
  const bool waits = std::ranges::any_of(
      children, [](const LoopRecord& child) { return child.end == LoopEnd::kOpen; });
  if (waits || children.empty()) return std::nullopt;
  if (parent.kind == Kind::kRiskCheck) {
    const bool searched = std::ranges::any_of(
        children, [](const LoopRecord& child) { return child.kind == Kind::kRiskCheck; });
    if (!searched) return std::nullopt;
    return risk_result(parent, children, directory);
  }
  if (makes_lead(parent.kind)) return relayed_result(parent, children);
  return std::nullopt;
}

}  // namespace minqing::casework
