// A case closes by itself when the time to ask for a review is over, as a person may close it then
// (domain model §6.4, row 21: "auto or office"; 条例 art. 35). Who says nothing is counted nowhere
// as satisfied. Pure.
//
// Not by itself: what the petitioner calls not or only partly solved, what waits for others, and
// what an opinion supports without a word that it was carried out (条例 art. 32). Of these the
// owner's people are told once, by an ATTENTION row "clock:REVIEW_APPLY", and decide.
#pragma once

#include <vector>

#include "casework/desk.h"

namespace minqing::casework {

/// CLOSE, or the word that a person must decide, for cases whose time to ask for a review is over:
/// at most `limit` rows; as many: there may be more.
std::vector<Draft> close_lapsed(CaseBook& book, const Context& context, std::size_t limit);

}  // namespace minqing::casework
