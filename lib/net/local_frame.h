// Internal to lib/net: what both ends of a local socket share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <sys/un.h>

#include "core/result.h"

namespace minqing::net {

inline constexpr std::size_t kLocalPrefixBytes = 4;

/// Errors: kInvalid - empty, longer than the kernel takes, or with a NUL.
Result<sockaddr_un> local_address(const std::string& path);

/// The length prefix and the text. Errors: kInvalid - empty; kTooLarge.
Result<std::string> local_frame(std::string_view text);

/// The length that a prefix announces; nullopt when no message has it.
std::optional<std::size_t> local_length(std::string_view prefix);

}  // namespace minqing::net
