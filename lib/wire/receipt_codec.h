// Receipt <-> the bytes that are boxed for the sender (seal/box.h, purpose kReceipt).
#pragma once

#include "core/result.h"
#include "courier/frame.h"

namespace minqing::wire {

Bytes encode_receipt(const courier::Receipt& receipt);

/// Strict. The caller compares it with the clear copy, and believes only a box made with a key of
/// `stream.to`. Errors: kInvalid (version), kCorrupt naming the field.
Result<courier::Receipt> decode_receipt(ByteView bytes);

}  // namespace minqing::wire
