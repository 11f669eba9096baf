// Sharing (互通共享): the state of a case goes from its owner to every tier above it and to the
// units that handle or assist, by CASE_STATE, without identity and without the petitioner's words.
// Each notice takes one step: a division passes what comes from below to its superior, a unit what
// it is told to those it asked in turn. An accusation is told only to units that were asked in it.
// Pure.
//
// Source: design §7 "One owner"; seed article (互联互通); domain model §6.4.
#pragma once

#include <string>
#include <vector>

#include "casework/desk.h"

namespace minqing::casework {

/// After any row: what the owner must tell, or what a notice that arrived says to others here. A
/// change is told to all; who is asked to take part later, also in turn, is told how it stands.
std::vector<Draft> share(CaseBook& book, const Entry& appended, const Context& context);

/// Is it a state of a case that an address other than `in.owner` owns?
bool is_case_state_whole(const Entry& in);

/// May this CASE_STATE be believed? A case is told of by its owner, by a unit that asked us in it,
/// or from below; always in the name of the same owner, and never about a case that is owned here.
bool is_case_state_believed(CaseBook& book, const Entry& in);

/// The part of fold() that keeps what was told.
void fold_case_state(CaseBook& book, const Entry& entry);

}  // namespace minqing::casework
