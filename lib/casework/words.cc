// The words of the small enums: log word = column word = JSON word = document word.
#include <algorithm>
#include <array>

#include "casework/case_book.h"
#include "casework/kinds.h"
#include "core/check.h"

namespace minqing::casework {
namespace {

template <class Enum>
struct Word {
  Enum value;
  const char* word;
  const char* zh;
};

constexpr std::array kRoles{
    Word<Role>{Role::kSystem, "SYSTEM", "系统"},
    Word<Role>{Role::kCitizen, "CITIZEN", "信访人"},
    Word<Role>{Role::kAgent, "AGENT", "代办员"},
    Word<Role>{Role::kClerk, "CLERK", "登记员"},
    Word<Role>{Role::kDispatcher, "DISPATCHER", "分派员"},
    Word<Role>{Role::kHandler, "HANDLER", "承办人"},
    Word<Role>{Role::kUnitHead, "UNIT_HEAD", "单位负责人"},
    Word<Role>{Role::kSupervisor, "SUPERVISOR", "督查员"},
    Word<Role>{Role::kAdmin, "ADMIN", "管理员"},
    Word<Role>{Role::kPartner, "PARTNER", "接入方"},
};

constexpr std::array kStates{
    Word<CaseState>{CaseState::kNone, "NONE", "无"},
    Word<CaseState>{CaseState::kReceived, "RECEIVED", "已收件"},
    Word<CaseState>{CaseState::kRegistered, "REGISTERED", "已登记"},
    Word<CaseState>{CaseState::kDispatched, "DISPATCHED", "已转送(交办)"},
    Word<CaseState>{CaseState::kObjected, "OBJECTED", "异议中"},
    Word<CaseState>{CaseState::kAccepted, "ACCEPTED", "已受理"},
    Word<CaseState>{CaseState::kWorking, "WORKING", "办理中"},
    Word<CaseState>{CaseState::kWaiting, "WAITING", "待补充"},
    Word<CaseState>{CaseState::kResultCheck, "RESULT_CHECK", "审核中"},
    Word<CaseState>{CaseState::kReplied, "REPLIED", "已答复(待评价)"},
    Word<CaseState>{CaseState::kInReview, "IN_REVIEW", "复查中"},
    Word<CaseState>{CaseState::kInRecheck, "IN_RECHECK", "复核中"},
    Word<CaseState>{CaseState::kClosed, "CLOSED", "已办结"},
    Word<CaseState>{CaseState::kFinal, "FINAL", "终结"},
    Word<CaseState>{CaseState::kDiverted, "DIVERTED", "已导入法定途径"},
    Word<CaseState>{CaseState::kNotAccepted, "NOT_ACCEPTED", "不予受理"},
    Word<CaseState>{CaseState::kMerged, "MERGED", "已并案"},
    Word<CaseState>{CaseState::kWithdrawn, "WITHDRAWN", "已撤回"},
    Word<CaseState>{CaseState::kHandling, "HANDLING", "承办中"},
    Word<CaseState>{CaseState::kHandled, "HANDLED", "已办复"},
};

constexpr std::array kEnds{
    Word<LoopEnd>{LoopEnd::kOpen, "open", "办理中"},
    Word<LoopEnd>{LoopEnd::kResolved, "resolved", "已办复"},
    Word<LoopEnd>{LoopEnd::kUnresolved, "unresolved", "未化解"},
    Word<LoopEnd>{LoopEnd::kRefused, "refused", "不予受理"},
    Word<LoopEnd>{LoopEnd::kReturned, "returned", "已退回"},
    Word<LoopEnd>{LoopEnd::kWithdrawn, "withdrawn", "已撤回"},
    Word<LoopEnd>{LoopEnd::kExpired, "expired", "逾期未复"},
};

template <class Table, class Enum>
const auto& entry_of(const Table& table, Enum value) {
  const auto found =
      std::ranges::find_if(table, [&](const auto& row) { return row.value == value; });
  CHECK(found != table.end());
  return *found;
}

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::array<Word<Enum>, N>& table, std::string_view word) {
  for (const Word<Enum>& row : table) {
    if (row.word == word) return row.value;
  }
  return std::nullopt;
}

}  // namespace

const char* to_string(Role role) {
  return entry_of(kRoles, role).word;
}
const char* role_zh(Role role) {
  return entry_of(kRoles, role).zh;
}
std::optional<Role> parse_role(std::string_view word) {
  return parse(kRoles, word);
}

const char* to_string(CaseState state) {
  return entry_of(kStates, state).word;
}
const char* state_zh(CaseState state) {
  return entry_of(kStates, state).zh;
}
std::optional<CaseState> parse_case_state(std::string_view word) {
  return parse(kStates, word);
}

bool is_end_state(CaseState state) {
  switch (state) {
    case CaseState::kClosed:
    case CaseState::kFinal:
    case CaseState::kDiverted:
    case CaseState::kNotAccepted:
    case CaseState::kMerged:
    case CaseState::kWithdrawn: return true;
    case CaseState::kNone:
    case CaseState::kReceived:
    case CaseState::kRegistered:
    case CaseState::kDispatched:
    case CaseState::kObjected:
    case CaseState::kAccepted:
    case CaseState::kWorking:
    case CaseState::kWaiting:
    case CaseState::kResultCheck:
    case CaseState::kReplied:
    case CaseState::kInReview:
    case CaseState::kInRecheck:
    case CaseState::kHandling:
    case CaseState::kHandled: return false;
  }
  CHECK(false);
}

const char* to_string(LoopEnd end) {
  return entry_of(kEnds, end).word;
}
const char* loop_end_zh(LoopEnd end) {
  return entry_of(kEnds, end).zh;
}
std::optional<LoopEnd> parse_loop_end(std::string_view word) {
  return parse(kEnds, word);
}

const char* to_string(Part part) {
  switch (part) {
    case Part::kOwner: return "owner";
    case Part::kParticipant: return "participant";
    case Part::kFollower: return "follower";
  }
  CHECK(false);
}

}  // namespace minqing::casework
