// Faults in files that people write, collected so that an administrator mends them in one go.
//
// One fault is one line, "config/broker.toml:14:12: retry.delay_min must be 10..60000
// (milliseconds)". Texts are escaped: a fault never spans two lines, whatever it quotes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace minqing::ops {

inline constexpr std::size_t kFaultsShownMax = 100;  // the rest is only counted

/// A place in a text file. Line and column count from 1, columns in characters; 0 = the whole file.
struct Place {
  std::string path;
  std::size_t line = 0;
  std::size_t column = 0;
};
std::string to_string(const Place& place);  // "config/broker.toml:14:12"

/// `text` between double quotes, escaped and cut: for quoting what a file says in a fault.
std::string quoted_text(std::string_view text);

/// True for UTF-8 without control characters and line separators: fit for one line of anything.
bool is_plain_line(std::string_view text);

class FaultList {
 public:
  void add(Place place, std::string_view what);
  bool any() const { return !faults_.empty(); }

  /// Orders what was added by line and column; the order of files is that of their first fault.
  /// Errors: kInvalid with every fault, one per line, at most kFaultsShownMax and then a count.
  Status status() const;

 private:
  struct Fault {
    Place place;
    std::string what;
  };
  std::vector<Fault> faults_;
};

}  // namespace minqing::ops
