#include "ops/system_error.h"

#include <cerrno>
#include <system_error>

namespace minqing::ops {
namespace {

Errc code_of(int number) {
  switch (number) {
    case ENOENT: return Errc::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS: return Errc::kNotAllowed;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case EAGAIN: return Errc::kBusy;
    case EINVAL:
    case ENAMETOOLONG:
    case ELOOP:
    case EISDIR:
    case ENOTDIR: return Errc::kInvalid;
    case EFBIG: return Errc::kTooLarge;
    default: return Errc::kIo;
  }
}

}  // namespace

std::string system_message(int number) {
  return std::generic_category().message(number);
}

Error system_error(int number, std::string_view what) {
  std::string detail{what};
  detail += ": ";
  detail += system_message(number);
  return Error{code_of(number), std::move(detail)};
}

}  // namespace minqing::ops
