// Wire bytes as text for people: what `minqing decode FILE` prints.
#pragma once

#include <optional>
#include <string>

#include "core/ids.h"
#include "core/result.h"
#include "wire/message_io.h"

namespace minqing::wire {

/// What the message says it is: its first field (schemas/envelope.capnp). nullopt: none of ours.
/// Says nothing of the rest.
std::optional<MessageType> type_of(ByteView bytes);

/// JSON text of any stand-alone message; read as strictly as by the daemons. Boxes stay closed:
/// only their size is shown. Errors: kInvalid when it is no message of ours; what its codec says.
Result<std::string> describe(ByteView bytes);

}  // namespace minqing::wire
