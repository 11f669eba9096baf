// Frame <-> the bytes of one ZeroMQ frame (schemas/frame.capnp).
#pragma once

#include <vector>

#include "core/result.h"
#include "courier/frame.h"

namespace minqing::wire {

/// What one receipt or resume takes in a frame at most: with the longest addresses.
inline constexpr std::size_t kBoxedReceiptBytesMax = 576;

struct DecodedFrame {
  courier::Frame frame;
  /// One for each list item that could not be read: it is left out of `frame`, the others are not.
  std::vector<Error> bad_items;
};

/// Texts for people are cleaned and cut (wire/text_rule.h), so that none of them stops a frame. The
/// caller cuts batches: at most limits::kFrameItemsMax items a list, and kMessageBytesMax bytes.
Bytes encode_frame(const courier::Frame& frame);

/// Errors (the whole frame): kTooLarge, kInvalid (version), kCorrupt. Unknown refusal codes
/// survive. The envelopes' bytes are copied out, whatever their alignment.
Result<DecodedFrame> decode_frame(ByteView bytes);

}  // namespace minqing::wire
