// What is said in a loop that exists: answers, and the requester's reminders.
#include <algorithm>

#include "casework/ruling.h"
#include "core/uuid7.h"

namespace minqing::casework {
namespace {

std::string fits(const KindRow& row) {
  std::string out;
  for (const Kind kind : row.answers) {
    out += (out.empty() ? "" : ", ") + std::string{row_of(kind).code};
  }
  return out;
}

Result<LoopRecord> named_loop(const Work& work) {
  const Command& command = work.command;
  auto loop = work.book.find_loop(command.at, command.loop);
  const std::string name = "loop " + format_uuid(command.loop);
  if (!loop) {
    return Error{Errc::kNotFound, work.context.directory.label(command.at) + " knows no " + name};
  }
  if (!command.case_id.is_none() && loop->case_id != command.case_id) {
    return Error{Errc::kInvalid, name + " belongs to case " + loop->case_id.text()};
  }
  if (loop->end_held != work.row.side) {
    return Error{Errc::kNotAllowed,
                 name + " was " +
                     (loop->end_held == Side::kAsk ? "opened here: only its answerer says "
                                                   : "asked of us: only its requester says ") +
                     work.row.code};
  }
  if (!is_listed(work.row.answers, loop->kind)) {
    return Error{Errc::kNotAllowed, name + " is a " + row_of(loop->kind).code + ": " +
                                        work.row.code + " only speaks to " + fits(work.row)};
  }
  if (loop->end != LoopEnd::kOpen) {
    return Error{Errc::kConflict, name + " has ended: " + to_string(loop->end) + " " +
                                      loop_end_zh(loop->end) + " at " +
                                      format_instant(loop->ended_at)};
  }
  return *std::move(loop);
}

Result<LoopRecord> only_loop(const Work& work) {
  ASSIGN_OR_RETURN(const CaseRecord record, need_case(work));
  std::vector<LoopRecord> loops = loops_for(work.book, record.owner, record.case_id, work.row);
  if (loops.size() == 1) return std::move(loops.front());
  if (loops.empty()) {
    return Error{Errc::kNotAllowed,
                 std::string{work.row.code} + " needs an open " + fits(work.row) + " of case " +
                     record.case_id.text() + " at " + work.context.directory.label(record.owner) +
                     ", and there is none" + allowed_sentence(work, record.owner, record.case_id)};
  }
  return Error{Errc::kConflict, "several loops fit, name one with --loop: " +
                                    describe(work.context.directory, loops)};
}

/// Once, by at most 30 days (the field's limit), with its reason (条例 art. 34).
Status check_extension(const Work& work, const LoopRecord& loop) {
  const Content& content = work.command.content;
  if (content.decision == "REFUSED") {
    if (content.days == 0) return ok();
    return Error{Errc::kInvalid, "EXTENSION_DECISION: days are for decision=APPROVED"};
  }
  if (content.decision.empty()) return ok();  // named as missing
  if (content.days < 1) {
    return Error{Errc::kInvalid, "EXTENSION_DECISION: decision=APPROVED needs days, 1 to 30"};
  }
  if (loop.extended_days == 0) return ok();
  return Error{Errc::kNotAllowed,
               "extended already by " + std::to_string(loop.extended_days) +
                   " days: a matter is extended once (条例 art. 34); answer it, or decide "
                   "decision=REFUSED"};
}

Status check_reply(const Work& work, const LoopRecord& loop) {
  const Directory& directory = work.context.directory;
  if (work.row.cls == MessageClass::kFinal) {
    if (const auto open = open_children(work.book, loop); !open.empty()) {
      return Error{Errc::kNotAllowed,
                   std::string{work.row.code} + " waits for what was asked of others for it: " +
                       describe(directory, open) + "; REMIND them, or WITHDRAW them first"};
    }
  }
  if (work.row.kind == Kind::kExtensionDecision) return check_extension(work, loop);
  if (work.row.kind == Kind::kSign && !loop.progress.empty()) {
    return Error{Errc::kConflict, "signed for already: " + describe(directory, loop)};
  }
  if (work.row.kind == Kind::kJurisdictionRuling) return check_jurisdiction_ruling(work, loop);
  if (work.row.kind != Kind::kObjection) return ok();
  for (const LoopRecord& other : work.book.loops_of_case(loop.owner, loop.case_id)) {
    if (other.end_held == Side::kAnswer && other.final_kind == Kind::kObjection) {
      return Error{Errc::kNotAllowed, "a unit objects once to a case (条例 art. 23), and " +
                                          directory.label(loop.owner) + " has at " +
                                          format_instant(other.ended_at) +
                                          "; handle it, or decline with REJECT_NOTICE"};
    }
  }
  return ok();
}

}  // namespace

Result<std::vector<Draft>> act_reply(const Work& work) {
  ASSIGN_OR_RETURN(const LoopRecord loop,
                   work.command.loop.is_none() ? only_loop(work) : named_loop(work));
  RETURN_IF_ERROR(check_reply(work, loop));
  Draft draft = speak_in(loop, work.row.kind, work.author);
  draft.body.content = work.command.content;
  return std::vector{draft};
}

}  // namespace minqing::casework
