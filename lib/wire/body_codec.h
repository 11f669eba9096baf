// Body <-> its exact bytes: the sealed part of an envelope, hashed into the leaf and stored.
#pragma once

#include "casework/body.h"
#include "core/result.h"

namespace minqing::wire {

/// What encode_body makes, decode_body reads: the same checks stand before both, so that nothing is
/// committed that the other end must refuse. Errors: kInvalid or kCorrupt naming the field (texts:
/// wire/text_rule.h; `text`, `reason`, `legalBasis`, `remedies` and answers' texts may hold \n and
/// \t); kTooLarge above limits::kBodyBytesMax, kListItemsMax, kAttachmentsMax.
Result<Bytes> encode_body(const casework::Body& body);

/// Strict, but knows no kinds: an unknown kind or role (below 256) survives, and is judged by
/// casework. Texts' own lengths and closed lists too are casework's (check_content).
Result<casework::Body> decode_body(ByteView bytes);

}  // namespace minqing::wire
