#include "casework/void.h"

#include "casework/act_parts.h"
#include "casework/attention.h"
#include "casework/judge.h"
#include "core/mutant.h"

namespace minqing::casework {
namespace {

LoopId loop_of(const Entry& entry) {
  return entry.header.cls == MessageClass::kRequest ? entry.header.id : entry.body.loop;
}

/// The rows about one given-up envelope, alike but for kind and addressee.
Draft about(const Entry& voided, Kind kind, const Address& to) {
  Draft draft;
  draft.from = voided.owner;
  draft.to = to;
  draft.lane = voided.header.lane;
  draft.body.kind = kind;
  draft.body.loop = loop_of(voided);
  draft.body.case_id = voided.body.case_id;
  draft.body.request_leaf = voided.leaf;
  draft.body.content.about = voided.header.id;
  return draft;
}

bool is_given_up(const LoopRecord& loop, const Entry& in) {
  return loop.end_held == Side::kAsk && loop.end == LoopEnd::kOpen && loop.peer == in.peer &&
         loop.progress == row_of(Kind::kVoid).code;
}

std::string dissolved_words(const LoopRecord& loop, const Directory& directory) {
  std::string out = "对方已撤销 dissolved: " + directory.label(loop.peer);
  const AddressEntry* entry = directory.find(loop.peer);
  if (entry == nullptr || entry->successor.is_none()) return out + "; 无承继单位 no successor";
  return out + "; 承继单位 successor: " + directory.label(entry->successor);
}

}  // namespace

Result<std::vector<Draft>> give_up(const Entry& voided, Seq seq, const Command& command) {
  CHECK(voided.direction == courier::Direction::kOut && seq > Seq{});
  const KindRow& row = row_of(Kind::kVoidDecided);
  ASSIGN_OR_RETURN(Author author, choose_author(row, command));
  RETURN_IF_ERROR(check_content(command.content));
  if (command.content.reason.empty()) {
    return Error{Errc::kInvalid, std::string{row.code} + " needs reason: why it is given up"};
  }
  Draft decided = about(voided, Kind::kVoidDecided, voided.owner);
  decided.body.author = std::move(author);
  decided.body.content.reason = command.content.reason;
  Draft notice = about(voided, Kind::kVoid, voided.peer);
  notice.side = voided.header.side;
  notice.replaces = seq;
  if (mutated(Mutant::kVoidEndsLoopAlone)) {
    return std::vector{decided, notice, about(voided, Kind::kVoided, voided.owner)};
  }
  return std::vector{std::move(decided), std::move(notice)};
}

std::vector<Draft> give_up_dissolved(const LoopRecord& loop, const Directory& directory) {
  Draft decided = note_to_self(loop, Kind::kVoidDecided);
  decided.body.request_leaf = loop.request_leaf;
  decided.body.content.about = loop.loop;
  decided.body.content.reason = "dissolved";
  Draft voided = note_to_self(loop, Kind::kVoided);
  voided.body.content.reason = "dissolved";
  return {std::move(decided), std::move(voided),
          attention_draft(loop.owner, {.case_id = loop.case_id,
                                       .loop = loop.loop,
                                       .code = "dissolved",
                                       .about = loop.loop,
                                       .text = dissolved_words(loop, directory)})};
}

Draft void_answer(const Entry& in) {
  Draft draft;
  draft.from = in.owner;
  draft.to = in.peer;
  draft.lane = in.header.lane;
  draft.body.kind = Kind::kVoidAnswer;
  draft.body.loop = in.body.loop;
  draft.body.case_id = in.body.case_id;
  draft.body.request_leaf = in.body.request_leaf;
  draft.body.content.about = in.body.content.about;
  draft.body.content.code = in.verdict == kInVain ? kAnswerHadIt : kAnswerVoided;
  return draft;
}

std::vector<Draft> on_void_answer(CaseBook& book, const Entry& in) {
  const Content& said = in.body.content;
  if (said.code != kAnswerVoided) return {};  // it had it: everything goes on as if never voided
  if (const auto loop = book.find_loop(in.owner, said.about)) {
    if (loop->end != LoopEnd::kOpen) return {};
    if (is_given_up(*loop, in)) {
      Draft voided = note_to_self(*loop, Kind::kVoided);
      voided.body.content.about = said.about;
      return {std::move(voided)};
    }
  }
  // An answer, a reminder, a notice: its loop stands as it stood, and a person sees to it.
  Attention what{.case_id = {}, .loop = {}, .code = kAnswerVoided, .about = said.about, .text = {}};
  what.text = "已作废,对方未收到 given up, never received by " + in.peer.text();
  if (const auto loop = book.find_loop(in.owner, in.body.loop)) {
    what.loop = loop->loop;
    what.case_id = loop->case_id;
  }
  return {attention_draft(in.owner, std::move(what))};
}

void fold_void(CaseBook& book, const Entry& entry) {
  auto loop = book.find_loop(entry.owner, entry.body.content.about);
  if (!loop || loop->end_held != Side::kAsk || loop->end != LoopEnd::kOpen) return;
  if (loop->peer != entry.peer) return;
  const char* const given_up = row_of(Kind::kVoid).code;
  const bool is_out = entry.direction == courier::Direction::kOut;
  if (entry.body.kind == Kind::kVoid && is_out) {
    loop->progress = given_up;
  } else if (entry.body.kind == Kind::kVoidAnswer && !is_out &&
             entry.body.content.code == kAnswerHadIt && loop->progress == given_up) {
    loop->progress.clear();
  } else {
    return;
  }
  book.put_loop(*loop);
}

}  // namespace minqing::casework
