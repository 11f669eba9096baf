#include "casework/offer.h"

#include <algorithm>

#include "casework/kinds_check.h"
#include "core/mutant.h"

namespace minqing::casework {
namespace {

bool accepts(Kind said) {
  return said == Kind::kAcceptNotice || said == Kind::kResultSubmit;
}

/// The other open requests of the case to lead it, by its owner.
std::vector<LoopRecord> other_offers(CaseBook& book, const LoopRecord& loop) {
  std::vector<LoopRecord> out = book.loops_of_case(loop.owner, loop.case_id);
  std::erase_if(out, [&](const LoopRecord& other) {
    return other.loop == loop.loop || other.end_held != Side::kAsk || !makes_lead(other.kind) ||
           other.end != LoopEnd::kOpen || !other.parent.is_none();
  });
  return out;
}

}  // namespace

bool is_offer(const Content& request) {
  return request.join == "ANY";
}

void settle_lead(CaseBook& book, CaseRecord& record, const LoopRecord& loop, const KindRow& said) {
  if (!record.lead.is_none()) return;
  const bool is_only_one = said.cls == MessageClass::kProgress && other_offers(book, loop).empty();
  if (accepts(said.kind) || is_only_one) record.lead = loop.peer;
}

bool speaks_as_lead(CaseBook& book, const CaseRecord& record, const LoopRecord& loop) {
  if (!record.lead.is_none()) return record.lead == loop.peer;
  return other_offers(book, loop).empty();
}

std::vector<Draft> withdraw_offers(CaseBook& book, const LoopRecord& accepted, Kind said) {
  if (accepted.end_held != Side::kAsk || !makes_lead(accepted.kind) || !accepts(said)) return {};
  const auto record = book.find_case(accepted.owner, accepted.case_id);
  if (!record || record->part != Part::kOwner || record->lead != accepted.peer) return {};
  std::vector<Draft> out;
  if (mutated(Mutant::kOthersKeepTheOffer)) return out;
  for (const LoopRecord& other : other_offers(book, accepted)) {
    out.push_back(speak_in(other, Kind::kWithdraw, Author{}));
    out.back().body.content.reason = "已由其他单位受理 another unit has accepted it";
  }
  return out;
}

}  // namespace minqing::casework
