// judge_again: what was held for want of its loop counts once a refilling has brought the loop back
// (docs/adr/0010). Pure.
//
// The log's verdict on the arrival stays as it was written; a self row, JUDGED_AGAIN, lets it count
// from then on, so a replay gives the same state. The row says the arrival's content again; its
// in_reply_to is the arrival's id; its code is the arrival's kind, of a CLOSED_AS the end it told.
#pragma once

#include <optional>

#include "casework/desk.h"

namespace minqing::casework {

/// The row that lets `held` count. nullopt: its loop is still unknown, or it would have no effect
/// today either (it then stays on the person's list).
std::optional<Draft> judge_again(CaseBook& book, const Entry& held, const Context& context);

/// The arrival that a JUDGED_AGAIN row lets count, as fold() and react() see it; nullopt: the views
/// know no such loop.
std::optional<Entry> arrival_of(CaseBook& book, const Entry& judged_again);

}  // namespace minqing::casework
