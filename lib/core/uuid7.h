// UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then version, variant and random
// bits.
#pragma once

#include <string>

#include "core/ids.h"
#include "core/random.h"
#include "core/time.h"

namespace minqing {

/// Makes time-ordered ids. Within one maker ids rise strictly, even when the clock stands still or
/// goes back: then the last id's 74-bit tail is counted up.
class Uuid7Maker {
 public:
  explicit Uuid7Maker(Random& random) : random_{random} {}
  MessageId make(Instant now);

 private:
  Random& random_;
  MessageId last_;
};

/// "018f3c2e-....": the canonical text form.
std::string format_uuid(const MessageId& id);
/// Reads the canonical form or 32 plain hexadecimal digits.
std::optional<MessageId> parse_uuid(std::string_view text);
/// True when the version and variant bits are those of a UUIDv7.
bool is_uuid7(const MessageId& id);

}  // namespace minqing
