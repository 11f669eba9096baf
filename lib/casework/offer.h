// An offer: the lead of a case is offered to several units at once (join=ANY); who accepts first
// has it, and the others are asked to stop (design §7: any-of). Only the owner of a case offers.
// While nobody has accepted, the case has no lead, and one that declines changes nothing for the
// others; the last one that does sends the case back to its owner. Pure; internal to fold.cc,
// act_request.cc and react.cc.
#pragma once

#include <vector>

#include "casework/act_parts.h"

namespace minqing::casework {

/// Is this request one of several, of which one will lead?
bool is_offer(const Content& request);

/// What `said`, a word of `loop`'s answerer, makes of it: the lead, when it accepts the offer or is
/// the only one left. `record`: the owner's.
void settle_lead(CaseBook& book, CaseRecord& record, const LoopRecord& loop, const KindRow& said);

/// Is `loop`'s answerer the lead, or the last one of an offer that nobody has accepted?
bool speaks_as_lead(CaseBook& book, const CaseRecord& record, const LoopRecord& loop);

/// After a word of `accepted`'s answerer: the others that the lead was offered to are asked to
/// stop.
std::vector<Draft> withdraw_offers(CaseBook& book, const LoopRecord& accepted, Kind said);

}  // namespace minqing::casework
