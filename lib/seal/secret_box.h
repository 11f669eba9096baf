// Secret boxes: what one store hides from whoever copies its disk (the identity vault).
// XSalsa20-Poly1305 under a key of its own per context, derived from the key file's.
#pragma once

#include <string_view>

#include "core/random.h"
#include "core/result.h"
#include "seal/keys.h"

namespace minqing::seal {

/// Nonce and authentication tag.
inline constexpr std::size_t kSecretBoxOverheadBytes = 24 + 16;

/// Thread-safe as far as its Random is.
class SecretBoxes {
 public:
  SecretBoxes(Secret key, Random& nonces) : key_{std::move(key)}, nonces_{nonces} {}

  /// Nonce first. `context` names the place the box belongs to (a vault row's reference): the box
  /// opens nowhere else.
  Bytes seal(std::string_view context, ByteView content) const;
  /// Errors: kCorrupt when the key, the context or a bit is another one.
  Result<Bytes> open(std::string_view context, ByteView box) const;

 private:
  Secret key_;
  Random& nonces_;
};

}  // namespace minqing::seal
