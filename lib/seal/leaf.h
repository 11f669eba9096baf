// The leaf: an envelope's hash everywhere, the same in both logs (docs/adr/0002).
#pragma once

#include "core/ids.h"

namespace minqing::seal {

/// BLAKE2b-256(0x00 || u32le(header length) || header || salt || body), over the bytes that travel,
/// never over a re-encoding.
Leaf leaf_of(ByteView header, const Salt& salt, ByteView body);

}  // namespace minqing::seal
