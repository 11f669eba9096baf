#include "seal/init.h"

#include <sodium.h>

namespace minqing::seal {

Status init() {
  if (sodium_init() < 0) {
    return Error{Errc::kUnavailable,
                 "libsodium cannot start (no system randomness?): check that /dev/urandom or "
                 "getrandom() works here"};
  }
  return ok();
}

}  // namespace minqing::seal
