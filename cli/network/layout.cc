#include "cli/network/layout.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <sys/stat.h>

#include "core/limits.h"
#include "ops/fault_list.h"
#include "ops/system_error.h"

namespace minqing::network {
namespace {

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

Status check_node_name(std::string_view name) {
  const bool fits = !name.empty() && name.size() <= limits::kNodeNameBytesMax &&
                    is_lower_or_digit(name.front()) && std::ranges::all_of(name, [](char c) {
                      return is_lower_or_digit(c) || c == '.' || c == '-';
                    });
  if (fits) return ok();
  return Error{Errc::kInvalid, "node name " + ops::quoted_text(name) +
                                   " must be 1 to 64 of a-z 0-9 . - and begin with a letter or "
                                   "digit, like \"kaihua\""};
}

Status make_state_dir(const std::filesystem::path& path) {
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) return ops::system_error(error.value(), "cannot make " + path.parent_path().string());
  if (::mkdir(path.c_str(), 0700) == 0) return ok();
  if (errno != EEXIST) return ops::system_error(errno, "cannot make " + path.string());
  if (!std::filesystem::is_directory(path, error)) {
    return Error{Errc::kInvalid, path.string() + " is there, but is no directory: move it away"};
  }
  return ok();
}

}  // namespace minqing::network
