// Keep records <-> the messages that are sealed to a recovery key (schemas/keep.capnp).
#pragma once

#include "core/result.h"
#include "courier/keep.h"

namespace minqing::wire {

/// The caller keeps a record's rows within limits::kKeepBytesMax.
Bytes encode_keep_record(const courier::KeepRecord& record);
/// Reads no header, body or signature within. Errors: kTooLarge, kInvalid (version), kCorrupt
/// naming the field.
Result<courier::KeepRecord> decode_keep_record(ByteView bytes);

}  // namespace minqing::wire
