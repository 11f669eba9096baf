// One call to a daemon's local socket (docs/LOCAL_API.md).
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace minqing::cli {

/// `request`: one JSON object with its "verb". Returns the answer, a JSON object with "ok": true.
/// Errors: the daemon's own, with its code; kUnavailable - it does not run, with what to do;
/// kInvalid - the path is longer than a socket's may be; kTimeout; kCorrupt.
Result<std::string> call_daemon(const std::string& socket,
                                std::string_view request,
                                Millis timeout);

}  // namespace minqing::cli
