// CHECK: an assertion that stays on in every build. For our own bugs, never for input.
#pragma once

namespace minqing {

/// Prints `file:line: CHECK failed: expression` to stderr and aborts.
[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace minqing

#define CHECK(expression)                                       \
  do {                                                          \
    if (!(expression)) [[unlikely]]                             \
      ::minqing::check_failed(#expression, __FILE__, __LINE__); \
  } while (false)
