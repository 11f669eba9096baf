#include "core/uuid7.h"

#include <algorithm>

namespace minqing {
namespace {

void put_time(MessageId& id, std::uint64_t millis) {
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(millis >> (8U * (5U - i)));
  }
}

std::uint64_t time_of(const MessageId& id) {
  std::uint64_t millis = 0;
  for (std::size_t i = 0; i < 6; ++i) millis = (millis << 8U) | id.bytes[i];
  return millis;
}

void put_version(MessageId& id) {
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x70U);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
}

/// Adds one to the random tail (bytes 9..15); a carry past it is 2^56 ids within a millisecond.
void count_up(MessageId& id) {
  for (std::size_t i = 16; i-- > 9;) {
    if (++id.bytes[i] != 0) return;
  }
  put_time(id, time_of(id) + 1);
}

}  // namespace

MessageId Uuid7Maker::make(Instant now) {
  const auto millis = static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_micros(now) / 1000));
  if (!last_.is_none() && millis <= time_of(last_)) {
    count_up(last_);
    return last_;
  }
  MessageId id = random_bytes<MessageId>(random_);
  put_time(id, millis);
  put_version(id);
  last_ = id;
  return id;
}

std::string format_uuid(const MessageId& id) {
  std::string text = id.hex();
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

std::optional<MessageId> parse_uuid(std::string_view text) {
  std::string plain;
  if (text.size() == 36) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash != (text[i] == '-')) return std::nullopt;
      if (!dash) plain.push_back(text[i]);
    }
  } else {
    plain = text;
  }
  return MessageId::parse(plain);
}

bool is_uuid7(const MessageId& id) {
  return (id.bytes[6] & 0xF0U) == 0x70U && (id.bytes[8] & 0xC0U) == 0x80U;
}

}  // namespace minqing
