// Daemons' answers as people read them: Chinese first, aligned, local times, never an identity.
//
// Answers are JSON text, so that no header of ours needs a JSON library. What a field holds is said
// by its Form; a field that the answer lacks is shown as "-".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/directory.h"

namespace minqing::cli {

enum class Form {
  kText,       // as it is, escaped
  kCount,      // a number, right-aligned
  kTime,       // "2026-11-24 16:05:09"
  kState,      // case state: "办理中 WORKING"
  kLoopEnd,    // "已办复 resolved"
  kKind,       // "派单 DISPATCH"
  kLoopSide,   // end_held: "请求方 ask", "承办方 answer"
  kAddress,    // "开化县(330824)" when a directory is at hand
  kAddresses,  // a list of them, or of words
  kFlag,       // "是 yes", ""
  kMillis,     // a duration
  kDirectory,  // {version, expires_at}: "3, 到期 expires 2027-02-22 08:00:00"
};

struct Field {
  const char* key;    // of the JSON object
  const char* title;  // "状态 state"
  Form form = Form::kText;
};

/// Known names of addresses; nullptr = codes only. Not owned.
struct Names {
  const Directory* directory = nullptr;
};

/// A table of the objects in list `key` of `answer`; `none` when it is empty.
std::string show_list(std::string_view answer,
                      std::string_view key,
                      std::span<const Field> fields,
                      const Names& names,
                      std::string_view none);

/// "标题 title: ..." lines of the object `key` of `answer` (empty: the answer itself); fields that
/// are absent or empty are left out.
std::string show_record(std::string_view answer,
                        std::string_view key,
                        std::span<const Field> fields,
                        const Names& names);

/// "name=value" of the object of numbers `key`, zeros left out, a few a line.
std::string show_counters(std::string_view answer, std::string_view key);

/// "more: --after X" when the answer has a `next`; else empty.
std::string show_next(std::string_view answer);

/// A text or number of `answer`; empty when it is absent.
std::string value_of(std::string_view answer, std::string_view key);
/// The object or list at `key`, as JSON text; "null" when it is absent.
std::string part_of(std::string_view answer, std::string_view key);

/// The answer as indented JSON for --json, without anything that points to a person.
std::string show_json(std::string_view answer);

/// An API time as people read it; "-" for none. Anything else stays as it is.
std::string local_time(std::string_view rfc3339);
std::string local_time(Instant at);

}  // namespace minqing::cli
