#include "casework/judge.h"

#include <algorithm>
#include <array>
#include <set>

#include "casework/exclusion.h"
#include "casework/keep.h"
#include "casework/sharing.h"
#include "casework/void.h"
#include "core/limits.h"
#include "core/may_send.h"
#include "core/mutant.h"

namespace minqing::casework {
namespace {

constexpr const char* kOk = "ok";
constexpr const char* kLate = "late";
constexpr const char* kUnknownLoop = "held:unknown-loop";
constexpr const char* kUnknownKind = "quarantined:unknown-kind";
constexpr const char* kLocalKind = "quarantined:local-kind";
constexpr const char* kClassMismatch = "quarantined:class-mismatch";
constexpr const char* kForbiddenPair = "quarantined:forbidden-pair";
constexpr const char* kRoleNotAllowed = "quarantined:role-not-allowed";
constexpr const char* kBadContent = "quarantined:bad-content";
constexpr const char* kBadLoop = "quarantined:bad-loop";
constexpr const char* kDuplicate = "quarantined:duplicate-request";
constexpr const char* kNoCase = "quarantined:no-case";
constexpr const char* kCaseMismatch = "quarantined:case-mismatch";
constexpr const char* kExcluded = "quarantined:excluded";
constexpr const char* kNotAnswerer = "quarantined:not-the-answerer";
constexpr const char* kNotRequester = "quarantined:not-the-requester";
constexpr const char* kNotOwner = "quarantined:not-the-owner";
constexpr const char* kNotAnswering = "quarantined:kind-not-answering";
constexpr const char* kLeafMismatch = "quarantined:leaf-mismatch";
constexpr const char* kLaneMismatch = "quarantined:lane-mismatch";

constexpr std::array kVerdicts{
    VerdictRow{kOk, "有效", "Took effect."},
    VerdictRow{kLate, "闭环已结束,不再生效",
               "Speaks in a loop that had ended; the first final counts."},
    VerdictRow{kInVain, "作废落空,原件已收到",
               "A VOID of an envelope that had arrived: nothing changed, and its sender is told."},
    VerdictRow{kUnknownLoop, "找不到对应的请求,暂存待查",
               "Speaks in a loop this address does not know: held and shown, until the store is "
               "refilled."},
    VerdictRow{kUnreadable, "内容无法解读", "Signed by its sender, but its body cannot be read."},
    VerdictRow{kUnknownKind, "无法识别的文种",
               "Its kind is not in this node's table: the sender runs a newer version."},
    VerdictRow{kLocalKind, "本地文种不得外发", "A local act must not travel."},
    VerdictRow{kClassMismatch, "信头与文种不符",
               "Class or side in the header are not those of its kind."},
    VerdictRow{kForbiddenPair, "无往来权限", "The directory lets these two exchange nothing."},
    VerdictRow{kRoleNotAllowed, "作者角色无此权限", "Its author's role may not write this kind."},
    VerdictRow{kBadContent, "内容不符合规定",
               "A field is missing, too long, outside its closed list, or not of this kind."},
    VerdictRow{kBadLoop, "闭环编号有误",
               "Its loop or the request it answers does not fit: a request names its own id."},
    VerdictRow{kDuplicate, "重复的请求", "A request with this id is already here."},
    VerdictRow{kNoCase, "缺少案件编号", "A request of the casework names no case."},
    VerdictRow{kCaseMismatch, "案件编号与请求不符", "It names another case than its request."},
    VerdictRow{kExcluded, "检举控告不得送达被反映单位",
               "An accusation came to an address that must not learn of it."},
    VerdictRow{kNotAnswerer, "并非被请求方的答复",
               "Answers a request that was sent to somebody else."},
    VerdictRow{kNotRequester, "并非请求方",
               "Speaks as the requester of a loop that another address opened."},
    VerdictRow{kNotOwner, "并非案件归属方",
               "Tells the state of a case whose owner it is not, nor one that asked, nor above the "
               "owner."},
    VerdictRow{kNotAnswering, "答非所问", "Its kind does not answer the kind of the request."},
    VerdictRow{kLeafMismatch, "所答复的请求与原件不一致",
               "Answers other bytes than the request that was sent."},
    VerdictRow{kLaneMismatch, "通道不一致", "Travels in another lane than its request."},
};

/// The required fields are there, and nothing that this kind does not carry.
bool is_content_right(const KindRow& row, const Content& content) {
  if (!check_content(content)) return false;
  std::set<std::string_view> carried(row.allowed.begin(), row.allowed.end());
  for (const char* name : row.required) {
    if (!is_set(content, *find_field(name))) return false;
    carried.insert(name);
  }
  return std::ranges::all_of(fields(), [&](const FieldRow& field) {
    return carried.contains(field.name) || !is_set(content, field);
  });
}

bool is_author_right(const KindRow& row, const Author& author) {
  if (author.staff.size() > limits::kStaffIdBytesMax) return false;
  if (row.roles.empty()) return author.role == Role::kSystem;
  return std::ranges::find(row.roles, author.role) != row.roles.end();
}

/// What is known here of the matter counts too: leaving out a nature opens no door.
bool is_barred(CaseBook& book, const Entry& in, const Directory& directory) {
  const Content& said = in.body.content;
  bool accuses = is_accusation(directory, said.category, said.nature);
  std::vector<Address> respondents = said.respondents;
  if (const auto known = book.find_case(in.owner, in.body.case_id)) {
    accuses = accuses || is_accusation(directory, known->category, known->nature);
    respondents.insert(respondents.end(), known->respondents.begin(), known->respondents.end());
  }
  return accuses && !may_take_accusation(directory, respondents, in.owner);
}

std::string judge_request(CaseBook& book, const Entry& in, const Context& context) {
  if (in.body.loop != in.header.id || !in.body.in_reply_to.is_none()) return kBadLoop;
  if (in.body.kind != Kind::kProbe && in.body.case_id.is_none()) return kNoCase;
  if (book.find_loop(in.owner, in.header.id)) return kDuplicate;
  if (is_barred(book, in, context.directory)) return kExcluded;
  return kOk;
}

std::string judge_reply(CaseBook& book, const Entry& in, const KindRow& row) {
  const auto loop = book.find_loop(in.owner, in.body.loop);
  if (!loop) return kUnknownLoop;
  const bool is_answer = row.side == Side::kAnswer;
  const Side our_end = is_answer ? Side::kAsk : Side::kAnswer;
  if (loop->end_held != our_end || loop->peer != in.peer) {
    return is_answer ? kNotAnswerer : kNotRequester;
  }
  if (in.body.in_reply_to != loop->loop) return kBadLoop;
  if (in.body.case_id != loop->case_id) return kCaseMismatch;
  if (std::ranges::find(row.answers, loop->kind) == row.answers.end()) return kNotAnswering;
  if (in.body.request_leaf != loop->request_leaf && !mutated(Mutant::kOtherQuestionAnswered)) {
    return kLeafMismatch;
  }
  if (in.header.lane != loop->lane) return kLaneMismatch;
  return loop->end == LoopEnd::kOpen || mutated(Mutant::kFinalTwice) ? kOk : kLate;
}

std::string judge_notice(CaseBook& book, const Entry& in, const Directory& directory) {
  if (in.body.kind == Kind::kKeep) {
    if (!may_keep(directory, in.peer, in.owner)) return kForbiddenPair;
    const bool is_outside = in.body.loop.is_none() && in.body.case_id.is_none();
    return is_outside && read_keep(in.body.content.padding) ? kOk : kBadContent;
  }
  if (in.body.kind == Kind::kCaseState) {
    if (!is_case_state_whole(in)) return kBadContent;
    return is_case_state_believed(book, in) || mutated(Mutant::kStrangersTell) ? kOk : kNotOwner;
  }
  if (in.body.kind == Kind::kVoid) return in.body.request_leaf.is_none() ? kBadContent : kOk;
  if (in.body.kind == Kind::kVoidAnswer) {
    const std::string& code = in.body.content.code;
    return code == kAnswerVoided || code == kAnswerHadIt ? kOk : kBadContent;
  }
  if (in.body.kind != Kind::kClosedAs) return kOk;
  const auto loop = book.find_loop(in.owner, in.body.loop);
  if (!loop) return kUnknownLoop;
  if (loop->end_held != Side::kAnswer || loop->peer != in.peer) return kNotRequester;
  const auto end = parse_loop_end(in.body.content.code);
  return !end || *end == LoopEnd::kOpen ? kBadContent : kOk;
}

}  // namespace

std::span<const VerdictRow> verdicts() {
  return kVerdicts;
}

bool is_held(std::string_view verdict) {
  return verdict.starts_with("held:");
}

bool is_quarantined(std::string_view verdict) {
  return verdict.starts_with("quarantined:");
}

std::string_view verdict_code(std::string_view verdict) {
  const std::size_t colon = verdict.find(':');
  return colon == std::string_view::npos ? std::string_view{} : verdict.substr(colon + 1);
}

std::string judge(CaseBook& book, const Entry& incoming, const Context& context) {
  CHECK(incoming.direction == courier::Direction::kIn);
  const KindRow* row = find_kind(incoming.body.kind);
  if (row == nullptr) return kUnknownKind;
  if (row->cls == MessageClass::kSelf) return kLocalKind;
  // A VOID travels on the side of what it voids.
  const bool is_side_right = incoming.header.side == row->side || row->kind == Kind::kVoid;
  if (incoming.header.cls != row->cls || !is_side_right) return kClassMismatch;
  if (may_send(context.directory, incoming.peer, incoming.owner, row->cls) ==
      Admission::kForbiddenPair) {
    return kForbiddenPair;
  }
  if (!is_author_right(*row, incoming.body.author)) return kRoleNotAllowed;
  if (!is_content_right(*row, incoming.body.content) ||
      incoming.body.attachments.size() > limits::kAttachmentsMax) {
    return kBadContent;
  }
  switch (row->cls) {
    case MessageClass::kRequest: return judge_request(book, incoming, context);
    case MessageClass::kProgress:
    case MessageClass::kFinal: return judge_reply(book, incoming, *row);
    case MessageClass::kNotice: return judge_notice(book, incoming, context.directory);
    case MessageClass::kSelf: return kLocalKind;
  }
  CHECK(false);
}

}  // namespace minqing::casework
