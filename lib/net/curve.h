// CURVE transport keys: who a node is on the wire.
#pragma once

#include "core/ids.h"
#include "core/result.h"

namespace minqing::net {

/// Raw 32-byte keys, not Z85. The secret never leaves its machine.
struct CurveKeys {
  PublicKey public_key;
  SecretKey secret_key;
};

/// A new pair from libzmq's own random source.
CurveKeys make_curve_keys();

/// The public half of `secret`; any 32 bytes are a secret key.
PublicKey curve_public_key(const SecretKey& secret);

}  // namespace minqing::net
