// Refill asks and pages <-> the messages in their boxes (schemas/refill.capnp).
#pragma once

#include "core/result.h"
#include "courier/refill.h"

namespace minqing::wire {

Bytes encode_refill_ask(const courier::RefillAsk& ask);
/// Errors: kTooLarge, kInvalid (version), kCorrupt naming the field.
Result<courier::RefillAsk> decode_refill_ask(ByteView bytes);

/// The caller keeps a page's rows within limits::kRefillPageBytes.
Bytes encode_refill_page(const courier::RefillPage& page);
/// Reads no header, body or signature within. Errors: as above.
Result<courier::RefillPage> decode_refill_page(ByteView bytes);

}  // namespace minqing::wire
