#include "casework/escalation.h"

#include <algorithm>

#include "casework/attention.h"
#include "core/may_send.h"
#include "core/uuid7.h"

namespace minqing::casework {
namespace {

/// On the list: a loop is long overdue, and no report could be made of it.
constexpr const char* kOverdue = "overdue";

bool is_escalated(CaseBook& book, const LoopRecord& loop) {
  return std::ranges::any_of(open_children(book, loop),
                             [](const LoopRecord& child) { return child.kind == Kind::kEscalate; });
}

bool is_open_and_overdue(const LoopRecord& loop) {
  return loop.end_held == Side::kAsk && loop.end == LoopEnd::kOpen && loop.is_overdue;
}

}  // namespace

Result<LoopRecord> overdue_loop(const Work& work, const CaseRecord& record) {
  const Directory& directory = work.context.directory;
  std::vector<LoopRecord> loops = work.book.loops_of_case(record.owner, record.case_id);
  std::erase_if(loops, [&](const LoopRecord& loop) {
    const bool other = !work.command.loop.is_none() && loop.loop != work.command.loop;
    return !is_open_and_overdue(loop) || other;
  });
  if (loops.empty()) {
    return Error{Errc::kNotAllowed, "nothing that was asked for case " + record.case_id.text() +
                                        " is overdue: REMIND comes first"};
  }
  const auto free = std::ranges::find_if(
      loops, [&](const LoopRecord& loop) { return !is_escalated(work.book, loop); });
  if (free == loops.end()) {
    return Error{Errc::kConflict, "reported already: " + describe(directory, loops)};
  }
  return *free;
}

bool has_overdue(CaseBook& book, const CaseRecord& record) {
  return std::ranges::any_of(book.loops_of_case(record.owner, record.case_id), is_open_and_overdue);
}

std::optional<Address> escalated_to(const Directory& directory, const LoopRecord& overdue) {
  for (auto above = overdue.owner.superior(); above; above = above->superior()) {
    const bool is_over_both = is_above(*above, overdue.peer);
    const bool is_open =
        may_send(directory, overdue.owner, *above, MessageClass::kRequest) == Admission::kAllowed;
    if (is_over_both && is_open) return above;
  }
  return std::nullopt;
}

std::vector<Draft> escalate(CaseBook& book, const LoopRecord& overdue, const Context& context) {
  Command command;
  command.kind = Kind::kEscalate;
  command.at = overdue.owner;
  command.case_id = overdue.case_id;
  command.loop = overdue.loop;
  command.roles = {Role::kSystem};
  command.content.reason = "逾期未复 overdue: " + describe(context.directory, overdue) +
                           ", reply by " + format_instant(overdue.reply_by);
  auto drafts = act(book, command, context);
  if (drafts) return *std::move(drafts);
  return {attention_draft(overdue.owner,
                          {.case_id = overdue.case_id,
                           .loop = overdue.loop,
                           .code = kOverdue,
                           .about = overdue.loop,
                           .text = command.content.reason + "; " + drafts.error().detail})};
}

bool is_report_up(Kind request) {
  return request == Kind::kEscalate || request == Kind::kUrgentReport;
}

}  // namespace minqing::casework
