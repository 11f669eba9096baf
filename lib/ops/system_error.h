// errno as an Error: the code says what the caller can do, the detail names the place.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace minqing::ops {

/// The system's words for `number` ("No such file or directory"). Thread-safe.
std::string system_message(int number);

/// `what` names the act and the place: "cannot open config/broker.toml".
Error system_error(int number, std::string_view what);

}  // namespace minqing::ops
