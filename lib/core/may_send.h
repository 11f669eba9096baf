// may_send: who may write to whom. Default deny; shared by broker (admission) and nodes (both
// ends).
#pragma once

#include "core/directory.h"

namespace minqing {

/// The answer, and the word that a refusal carries on the wire and in the log.
enum class Admission : std::uint8_t {
  kAllowed = 0,
  kUnknownAddress = 1,  // "unknown-address": `from` or `to` is not in the directory
  kNotActive = 2,       // "not-active": suspended, moving or not enrolled; mail waits
  kDissolved = 3,       // "dissolved": names a successor
  kForbiddenPair = 4,   // "forbidden-pair": no rule lets these two exchange this class
};
const char* to_string(Admission admission);

/// Pure. Allowed pairs: kin up and down the tree; an agency with the divisions of its area and
/// those above it; pairs linked by name (siblings by the superior's leave). Never to itself, never
/// class `self`. Source: design "Admission".
Admission may_send(const Directory& directory,
                   const Address& from,
                   const Address& to,
                   MessageClass cls);

}  // namespace minqing
