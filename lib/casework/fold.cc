#include "casework/fold.h"

#include <algorithm>

#include "casework/attention.h"
#include "casework/fold_parts.h"
#include "casework/judge_again.h"
#include "casework/keep.h"
#include "casework/kinds_check.h"
#include "casework/offer.h"
#include "casework/ruling.h"
#include "casework/running_clocks.h"
#include "casework/sharing.h"
#include "casework/void.h"
#include "core/mutant.h"

namespace minqing::casework {
namespace {

/// About delivery, not the matter: no act on the case, even when it names one.
bool is_beside_cases(Kind kind) {
  return kind == Kind::kAttention || kind == Kind::kAttended || kind == Kind::kVoidDecided;
}

/// The clock of a loop; steps before `from` are past.
void arm_timers(CaseBook& book, const LoopRecord& loop, Instant from) {
  if (loop.reply_by == Instant{} || mutated(Mutant::kTimersNotArmed)) return;
  const Micros term = loop.reply_by - loop.opened_at;
  // Nobody reads reminders of a probe, nor of a request that is due at once.
  const auto arm_reminder = [&](const char* step, Instant at) {
    const Instant told_at = when_to_remind(loop, at);
    if (told_at >= from && told_at < loop.reply_by)
      book.arm({loop.owner, loop.loop, step, told_at});
  };
  if (term > Micros{0} && loop.kind != Kind::kProbe) {
    arm_reminder(kStepRemind50, loop.opened_at + term / 2);
    arm_reminder(kStepRemind80, loop.opened_at + term * 4 / 5);
  }
  book.arm({loop.owner, loop.loop, kStepDue, loop.reply_by});
}

/// EXTENSION_DECISION: reply-by moves, once; of its reminders those that are still to come.
void extend(CaseBook& book, LoopRecord& loop, const Entry& entry) {
  const Content& content = entry.body.content;
  if (content.decision != "APPROVED") return;
  if (loop.extended_days != 0 && !mutated(Mutant::kExtendedTwice)) return;
  if (loop.reply_by == Instant{} || content.days < 1) return;
  loop.extended_days = content.days;
  loop.reply_by += std::chrono::days{content.days};  // no summer time in Asia/Shanghai since 1991
  loop.is_overdue = loop.reply_by <= entry.at;
  if (loop.end_held == Side::kAsk) {
    book.disarm(loop.owner, loop.loop);
    arm_timers(book, loop, entry.at);
  }
}

/// SUPPLEMENT_REQUEST: a case waits for material at most 15 days (domain model §6.4, row 11).
void arm_wait(CaseBook& book, const LoopRecord& loop, const Entry& entry) {
  book.arm({loop.owner, loop.loop, kStepWaitOver, when_to_remind(loop, entry.at + kWaitMax)});
}

struct Ending {
  LoopEnd end;
  MessageId final_id;
  Kind final_kind;
  Content content;
};

void end_loop(CaseBook& book, LoopRecord loop, Ending ending, const Entry& entry) {
  loop.end = ending.end;
  loop.final_id = ending.final_id;
  loop.final_kind = ending.final_kind;
  loop.final_content = std::move(ending.content);
  if (loop.ended_at == Instant{}) loop.ended_at = entry.at;
  book.put_loop(loop);
  book.disarm(loop.owner, loop.loop);
}

CaseRecord case_told_by(const Entry& request) {
  CaseRecord record;
  record.owner = request.owner;
  record.case_id = request.body.case_id;
  record.part = Part::kOwner;
  record.case_owner = request.owner;  // presumed: others may know better (sharing.h)
  record.state = CaseState::kRegistered;
  record.created_at = request.at;
  learn(record, request.body.content);
  return record;
}

void fold_request(CaseBook& book, const Entry& entry, const KindRow& row) {
  const bool is_out = entry.direction == courier::Direction::kOut;
  LoopRecord loop;
  loop.owner = entry.owner;
  loop.loop = entry.header.id;
  loop.end_held = is_out ? Side::kAsk : Side::kAnswer;
  loop.peer = entry.peer;
  loop.case_id = entry.body.case_id;
  loop.kind = row.kind;
  loop.lane = entry.header.lane;
  loop.request_leaf = entry.leaf;
  if (is_out) loop.parent = entry.body.relay_of;
  loop.opened_at = entry.at;
  loop.reply_by = entry.body.reply_by;
  book.put_loop(loop);
  if (is_out) arm_timers(book, loop, loop.opened_at);
  if (entry.body.case_id.is_none()) return;

  auto record = book.find_case(entry.owner, entry.body.case_id);
  if (is_out) {
    // Only in a refilled log whose own rows are lost: the case as far as the request tells it.
    if (!record) record = case_told_by(entry);
    if (record->part == Part::kOwner && makes_lead(row.kind)) {
      record->lead = is_offer(entry.body.content) ? Address{} : entry.peer;
    }
    if (record->part == Part::kOwner && row.kind == Kind::kJurisdictionRequest) {
      record->lead = first_signer(book, *record).value_or(record->lead);  // until the ruling
    }
    advance(*record, row);
  } else if (!record) {
    record.emplace();
    record->owner = entry.owner;
    record->case_id = entry.body.case_id;
    record->part = Part::kParticipant;
    record->created_at = entry.at;
  }
  if (record->part != Part::kOwner && !is_out) {
    record->part = Part::kParticipant;  // who only followed it takes part now
    learn(*record, entry.body.content);
    record->state = CaseState::kHandling;
  }
  touch(*record, entry);
  book.put_case(*record);
}

/// What a reply does to the case of the one who folds it.
void fold_case_of_reply(CaseBook& book,
                        const Entry& entry,
                        const KindRow& row,
                        const LoopRecord& loop) {
  auto record = book.find_case(entry.owner, loop.case_id);
  if (!record) return;
  const bool of_lead_request = loop.end_held == Side::kAsk && row.side == Side::kAnswer &&
                               makes_lead(loop.kind) && record->part == Part::kOwner;
  if (of_lead_request) settle_lead(book, *record, loop, row);
  const bool from_lead = of_lead_request && speaks_as_lead(book, *record, loop);
  const bool to_lead = loop.end_held == Side::kAsk && row.kind == Kind::kSupplement &&
                       makes_lead(loop.kind) && loop.peer == record->lead;
  if (record->part == Part::kOwner && (from_lead || to_lead)) {
    advance(*record, row);
    if (row.kind == Kind::kSupplementRequest && record->state == CaseState::kWaiting) {
      arm_wait(book, loop, entry);
    }
  }
  if (of_lead_request && row.kind == Kind::kObjection) ++record->returns;
  settle_participant(book, *record);
  touch(*record, entry);
  book.put_case(*record);
}

void fold_reply(CaseBook& book, const Entry& entry, const KindRow& row) {
  auto loop = book.find_loop(entry.owner, entry.body.loop);
  if (!loop || (loop->end != LoopEnd::kOpen && !mutated(Mutant::kFinalTwice))) return;
  if (row.cls == MessageClass::kFinal) {
    const LoopEnd end = end_of(row.kind, entry.body.content);
    end_loop(book, *loop, {end, entry.header.id, row.kind, entry.body.content}, entry);
  } else if (row.side == Side::kAnswer) {
    loop->progress = row.code;
    if (row.kind == Kind::kExtensionDecision) extend(book, *loop, entry);
    book.put_loop(*loop);
  } else if (row.kind == Kind::kSupplement && loop->end_held == Side::kAsk) {
    book.disarm(TimerRecord{entry.owner, loop->loop, kStepWaitOver, Instant{}});
  } else if (row.kind == Kind::kRemind && loop->end_held == Side::kAsk) {
    // Its clock has fired, also where the record of that is lost (a refilled log).
    book.disarm(TimerRecord{entry.owner, loop->loop, entry.body.content.code, Instant{}});
    if (entry.body.content.code.starts_with(kStepOverdue)) {
      book.disarm(TimerRecord{entry.owner, loop->loop, kStepDue, Instant{}});
      loop->is_overdue = true;
      book.put_loop(*loop);
    }
  }
  if (!loop->case_id.is_none()) fold_case_of_reply(book, entry, row, *loop);
}

void fold_closed_as(CaseBook& book, const Entry& entry) {
  const auto loop = book.find_loop(entry.owner, entry.body.loop);
  const auto end = parse_loop_end(entry.body.content.code);
  if (!loop || !end || loop->end_held != Side::kAnswer) return;
  const MessageId counted = entry.body.content.about;
  if (counted == loop->final_id) return;  // our own final: both ends agree already
  const Kind kind = *end == LoopEnd::kExpired ? Kind::kExpired : Kind::kNone;
  end_loop(book, *loop, {*end, counted, kind, Content{}}, entry);
  if (auto record = book.find_case(entry.owner, loop->case_id)) {
    settle_participant(book, *record);
    touch(*record, entry);
    book.put_case(*record);
  }
}

/// In a refilled log the clock's own record of an end may be lost, and only what was told of it is
/// there: the loop ended then, whatever came too late for it. Otherwise it has ended so already.
void fold_own_closed_as(CaseBook& book, const Entry& entry) {
  const auto loop = book.find_loop(entry.owner, entry.body.loop);
  const auto end = parse_loop_end(entry.body.content.code);
  if (!loop || end != LoopEnd::kExpired || loop->end == LoopEnd::kExpired) return;
  if (loop->end_held != Side::kAsk) return;
  end_loop(book, *loop, {*end, entry.body.content.about, Kind::kExpired, Content{}}, entry);
}

void fold_notice(CaseBook& book, const Entry& entry, const KindRow& row) {
  if (entry.direction == courier::Direction::kOut && row.kind == Kind::kClosedAs) {
    return fold_own_closed_as(book, entry);
  }
  if (row.kind == Kind::kVoid || row.kind == Kind::kVoidAnswer) return fold_void(book, entry);
  if (row.kind == Kind::kKeep) return fold_keep(book, entry);
  if (row.kind == Kind::kCaseState) return fold_case_state(book, entry);
  if (entry.direction != courier::Direction::kIn) return;
  if (row.kind == Kind::kClosedAs) return fold_closed_as(book, entry);
  if (row.kind != Kind::kUndeliverable) return;
  auto loop = book.find_loop(entry.owner, entry.body.content.about);
  if (loop && loop->end_held == Side::kAsk && loop->end == LoopEnd::kOpen) {
    loop->progress = row.code;  // a person must act: the request was not taken
    book.put_loop(*loop);
  }
}

/// Nothing came: the unit goes on with what it has.
void end_wait(CaseBook& book, const LoopRecord& loop, const Entry& entry) {
  auto record = book.find_case(entry.owner, loop.case_id);
  if (!record || record->part != Part::kOwner || record->state != CaseState::kWaiting) return;
  record->state = CaseState::kWorking;
  touch(*record, entry);
  book.put_case(*record);
}

void fold_timer_fired(CaseBook& book, const Entry& entry) {
  const std::string& step = entry.body.content.code;
  book.disarm(TimerRecord{entry.owner, entry.body.loop, step, Instant{}});
  auto loop = book.find_loop(entry.owner, entry.body.loop);
  if (!loop || loop->end != LoopEnd::kOpen) return;
  if (step == kStepWaitOver) return end_wait(book, *loop, entry);
  const char* next = step_after(step);
  if (next != nullptr && entry.body.reply_by != Instant{}) {
    book.arm({entry.owner, entry.body.loop, next, entry.body.reply_by});
  }
  if (step != kStepDue) return;
  loop->is_overdue = true;
  book.put_loop(*loop);
}

/// EXPIRED, VOIDED: the requester itself ends its loop.
void fold_own_end(CaseBook& book, const Entry& entry, const KindRow& row) {
  const auto loop = book.find_loop(entry.owner, entry.body.loop);
  if (!loop || loop->end != LoopEnd::kOpen) return;
  end_loop(book, *loop, {row.end, entry.header.id, row.kind, entry.body.content}, entry);
  if (row.to == CaseState::kNone || !makes_lead(loop->kind)) return;
  auto record = book.find_case(entry.owner, loop->case_id);
  if (!record || !speaks_as_lead(book, *record, *loop)) return;
  advance(*record, row);
  touch(*record, entry);
  book.put_case(*record);
}

void fold_self(CaseBook& book, const Entry& entry, const KindRow& row) {
  if (row.kind == Kind::kPetitionSubmit) return fold_submit(book, entry, row);
  if (row.kind == Kind::kTimerFired) return fold_timer_fired(book, entry);
  if (row.kind == Kind::kJudgedAgain) {
    if (const auto arrival = arrival_of(book, entry)) fold(book, *arrival);
    return;
  }
  if (is_beside_cases(row.kind)) return;
  if (row.end != LoopEnd::kOpen) return fold_own_end(book, entry, row);
  auto record = book.find_case(entry.owner, entry.body.case_id);
  if (!record) return;
  if (record->part == Part::kOwner) fold_owner_act(*record, entry.body.content, row.kind);
  advance(*record, row);
  touch(*record, entry);
  book.put_case(*record);
}

}  // namespace

void touch(CaseRecord& record, const Entry& entry) {
  record.updated_at = entry.at;
  record.last_pos = entry.pos;
}

void advance(CaseRecord& record, const KindRow& row) {
  if (record.part != Part::kOwner || row.to == CaseState::kNone) return;
  if (std::ranges::find(row.from, record.state) != row.from.end()) record.state = row.to;
}

void settle_participant(CaseBook& book, CaseRecord& record) {
  if (record.part != Part::kParticipant) return;
  const auto owes = [](const LoopRecord& loop) {
    return loop.end_held == Side::kAnswer && loop.end == LoopEnd::kOpen;
  };
  record.state = std::ranges::any_of(book.loops_of_case(record.owner, record.case_id), owes)
                     ? CaseState::kHandling
                     : CaseState::kHandled;
}

void learn(CaseRecord& record, const Content& content) {
  fill_empty(record.title, content.title);
  fill_empty(record.text, content.text);
  fill_empty(record.category, content.category);
  fill_empty(record.area, content.area);
  fill_empty(record.channel, content.channel);
  fill_empty(record.nature, content.nature);
  fill_empty(record.urgency, content.urgency);
  fill_empty(record.confidentiality, content.confidentiality);
  if (record.respondents.empty()) record.respondents = content.respondents;
}

LoopEnd end_of(Kind final_kind, const Content& content) {
  if (final_kind == Kind::kResultSubmit && content.solved == "NOT") return LoopEnd::kUnresolved;
  return row_of(final_kind).end;
}

void fold(CaseBook& book, const Entry& entry) {
  fold_attention(book, entry);
  if (entry.verdict != "ok") return;
  const KindRow* row = find_kind(entry.body.kind);
  if (row == nullptr) return;
  switch (row->cls) {
    case MessageClass::kRequest: fold_request(book, entry, *row); break;
    case MessageClass::kProgress:
    case MessageClass::kFinal: fold_reply(book, entry, *row); break;
    case MessageClass::kNotice: fold_notice(book, entry, *row); break;
    case MessageClass::kSelf: fold_self(book, entry, *row); break;
  }
  fold_clocks(book, entry);
}

}  // namespace minqing::casework
