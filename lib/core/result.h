// Result: a value, or an Error that says what the caller can do about it.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "core/check.h"

namespace minqing {

/// Sorted by what the caller can do; the same words appear in logs, replies and docs.
enum class Errc {
  kInvalid,      // the input is wrong: tell its author, do not retry
  kNotFound,     // no such thing here
  kNotAllowed,   // known, but this caller may not
  kConflict,     // contradicts what is stored (fork, id-conflict, second final)
  kTooLarge,     // above a limit
  kBusy,         // no room now: try later
  kCorrupt,      // bytes fail a checksum, signature or structure check
  kIo,           // the disk or the network failed: state unknown, the daemon must stop
  kUnavailable,  // the other side is not there
  kTimeout,
};

/// The word of a code: "invalid", "not-found", ...
const char* to_string(Errc code);

struct Error {
  Errc code = Errc::kInvalid;
  std::string detail;  // for a person: names the place and what to do next
};

/// std::expected's habits, until the compiler has it.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}      // NOLINT
  Result(Error error) : state_{std::in_place_index<1>, std::move(error)} {}  // NOLINT

  explicit operator bool() const { return state_.index() == 0; }
  bool has_value() const { return state_.index() == 0; }

  /// The error; CHECKs that there is one.
  const Error& error() const {
    CHECK(state_.index() == 1);
    return std::get<1>(state_);
  }
  T& operator*() & {
    CHECK(has_value());
    return std::get<0>(state_);
  }
  const T& operator*() const& {
    CHECK(has_value());
    return std::get<0>(state_);
  }
  T&& operator*() && {
    CHECK(has_value());
    return std::get<0>(std::move(state_));
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<std::monostate>;

/// A successful Status.
inline Status ok() {
  return std::monostate{};
}

}  // namespace minqing

#define MINQING_CONCAT_INNER(a, b) a##b
#define MINQING_CONCAT(a, b) MINQING_CONCAT_INNER(a, b)

/// Returns the error of `expression` (a Result) from the enclosing function, if it has one.
#define RETURN_IF_ERROR(expression)                         \
  do {                                                      \
    if (auto status_ = (expression); !status_) [[unlikely]] \
      return status_.error();                               \
  } while (false)

/// `ASSIGN_OR_RETURN(auto x, f());` : the value of f(), or returns its error.
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_INNER(MINQING_CONCAT(result_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_INNER(name, declaration, expression) \
  auto name = (expression);                                   \
  if (!name) [[unlikely]]                                     \
    return name.error();                                      \
  declaration = *std::move(name)
