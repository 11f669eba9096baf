// judge: the verdict on a verified envelope, before it is appended. Pure; writes nothing.
//
// Trusts: signature, seal and leaf are verified; the envelope is no repeat; its directory is not
// newer than `context.directory` (else the caller waits for the newer one: "not allowed" is judged
// only with a directory at least as new as the sender's).
// Guarantee: only an envelope with verdict "ok" has an effect (casework/fold.h). All others are
// appended and receipted too, so a stream never stops at one; a person sees them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "casework/desk.h"

namespace minqing::casework {

/// The verdict on a verified envelope whose body cannot be read; the opener gives it.
inline constexpr const char* kUnreadable = "quarantined:unreadable";
/// The verdict on a VOID whose envelope is here already; given by who keeps the log, not by judge.
inline constexpr const char* kInVain = "in-vain";

/// One row per verdict; the documents print this table.
struct VerdictRow {
  const char* verdict;  // "quarantined:leaf-mismatch"
  const char* zh;
  const char* en;
};
std::span<const VerdictRow> verdicts();

/// True for "held:...": of no effect until a refilled store knows what it speaks of.
bool is_held(std::string_view verdict);
/// True for "quarantined:...".
bool is_quarantined(std::string_view verdict);
/// The part after the colon; empty when there is none.
std::string_view verdict_code(std::string_view verdict);

std::string judge(CaseBook& book, const Entry& incoming, const Context& context);

}  // namespace minqing::casework
