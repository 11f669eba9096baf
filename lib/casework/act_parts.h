// The parts of act.cc, shared between its files and void.cc; nobody else includes this.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "casework/act.h"

namespace minqing::casework {

/// One command being worked on.
struct Work {
  CaseBook& book;
  const Command& command;
  const Context& context;
  const KindRow& row;
  Author author;
};

// act_case.cc: the owner's local acts
Result<std::vector<Draft>> act_on_case(const Work& work);
/// Conditions beyond the state: open loops, the citizen's evaluation or the end of the time for it.
Status check_guards(
    CaseBook& book, const CaseRecord& record, Kind kind, Instant now, const Directory* names);
// act_request.cc
Result<std::vector<Draft>> act_request(const Work& work);
// act_reply.cc
Result<std::vector<Draft>> act_reply(const Work& work);

// act.cc
/// The first of the author's roles that may write `row`. Errors: kNotAllowed, kInvalid (no name).
Result<Author> choose_author(const KindRow& row, const Command& command);
/// The case as `at` sees it. Errors: kInvalid - none named; kNotFound - not known here.
Result<CaseRecord> need_case(const Work& work);
/// Errors: kNotAllowed, naming the state, those that would do, and what is allowed now.
Status check_state(const Work& work, const CaseRecord& record);
/// "; allowed now: ..."
std::string allowed_sentence(const Work& work, const Address& at, const CaseId& case_id);
bool is_listed(const std::vector<Kind>& list, Kind kind);
/// The loops of the case at `at` that `row` may speak in, and are open.
std::vector<LoopRecord> loops_for(CaseBook& book,
                                  const Address& at,
                                  const CaseId& case_id,
                                  const KindRow& row);
std::vector<LoopRecord> open_asks(CaseBook& book, const CaseRecord& record);
/// "an accusation ...: take it to 纪委(discipline@330824)".
Error exclusion_error(const Work& work,
                      const std::vector<Address>& respondents,
                      const Address& place);

}  // namespace minqing::casework
