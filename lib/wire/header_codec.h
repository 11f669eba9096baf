// Header <-> its exact bytes: what is hashed into the leaf and stored in the log.
#pragma once

#include "core/envelope.h"
#include "core/result.h"

namespace minqing::wire {

/// The same values give the same bytes; nevertheless bytes once made are kept, never made again.
Bytes encode_header(const Header& header);

/// Strict. Errors: kInvalid for a version or suite this program does not know; kTooLarge when
/// body_bytes is above limits::kBodyBytesMax; kCorrupt naming the field. `from` == `to` exactly for
/// class self.
Result<Header> decode_header(ByteView bytes);

}  // namespace minqing::wire
