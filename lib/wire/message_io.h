// Flat Cap'n Proto messages, read strictly. Used by the codecs of this folder only: outside it
// nothing knows of Cap'n Proto, and no kj::Exception gets past guarded().
#pragma once

#include <functional>
#include <string_view>

#include <capnp/blob.h>

#include "core/envelope.h"
#include "core/result.h"
#include "wire/text_rule.h"

namespace capnp {
class MessageBuilder;
class MessageReader;
}  // namespace capnp

namespace minqing::wire {

// The first field of every stand-alone message (schemas/envelope.capnp). They never change.
enum class MessageType : std::uint16_t {
  kHeader = 0xe101,
  kSealedEnvelope = 0xe102,
  kBoxContent = 0xe103,
  kSignature = 0xe104,
  kBody = 0xe105,
  kReceipt = 0xe106,
  kFrame = 0xe107,
  kDirectory = 0xe108,
  kSignedDirectory = 0xe109,
  kRefillAsk = 0xe10a,
  kRefillPage = 0xe10b,
  kCarryFile = 0xe10d,
  kKeepRecord = 0xe10e,
};
const char* to_string(MessageType type);  // "header", "sealed envelope", ...

inline constexpr std::uint16_t kFormatVersion = 1;  // of every message type so far

Bytes flatten(capnp::MessageBuilder& message);

/// Reads `bytes`, aligned or not, as exactly one flat message and hands it to `read`.
/// Errors: kTooLarge above `bytes_max`; kCorrupt; what `read` says.
Status read_message(ByteView bytes,
                    std::string_view what,
                    std::size_t bytes_max,
                    const std::function<Status(capnp::MessageReader&)>& read);

/// Runs `read`; a kj::Exception out of it becomes kCorrupt.
Status guarded(std::string_view what, const std::function<Status()>& read);

/// Errors: kCorrupt for another type, kInvalid for another version.
Status check_type(MessageType expected, std::uint16_t type, std::uint16_t version);

// --- fields --------------------------------------------------------------------------------------
Error bad_field(std::string_view field, std::string_view why);

/// Of a capnp Data or Text reader.
template <class Reader>
ByteView view_of(const Reader& reader) {
  return as_bytes({reinterpret_cast<const char*>(reader.begin()), reader.size()});
}

inline Bytes copy_of(capnp::Data::Reader reader) {
  return {reader.begin(), reader.end()};
}
/// Lends the bytes; they must outlive the reader.
inline capnp::Data::Reader to_data(ByteView bytes) {
  return {bytes.data(), bytes.size()};
}
/// For init of a list, whose size capnp counts in 32 bits.
inline unsigned count_of(std::size_t size) {
  return static_cast<unsigned>(size);
}

/// Exactly as many bytes as T has, not all zero.
template <class T>
Result<T> fixed(ByteView view, std::string_view field) {
  const auto value = T::from(view);
  if (!value) {
    return bad_field(field,
                     std::to_string(view.size()) + " bytes instead of " + std::to_string(T::kSize));
  }
  if (value->is_none()) return bad_field(field, "all zero");
  return *value;
}
/// As `fixed`, or empty for none.
template <class T>
Result<T> optional_fixed(ByteView view, std::string_view field) {
  if (view.empty()) return T{};
  return fixed<T>(view, field);
}
/// Empty for none: the other half of optional_fixed.
template <class T>
ByteView view_or_empty(const T& value) {
  return value.is_none() ? ByteView{} : value.view();
}

/// A row of n values of T without gaps; at most `items_max`.
template <class T>
Result<std::vector<T>> fixed_list(ByteView view, std::string_view field, std::size_t items_max) {
  if (view.size() % T::kSize != 0) return bad_field(field, "cut in the middle of an item");
  if (view.size() / T::kSize > items_max) return bad_field(field, "too many items");
  std::vector<T> out;
  out.reserve(view.size() / T::kSize);
  for (; !view.empty(); view = view.subspan(T::kSize)) {
    const Result<T> item = fixed<T>(view.first(T::kSize), field);
    if (!item) return item.error();
    out.push_back(*item);
  }
  return out;
}
template <class T>
Bytes join(const std::vector<T>& items) {
  Bytes out;
  out.reserve(items.size() * T::kSize);
  for (const T& item : items) out.insert(out.end(), item.bytes.begin(), item.bytes.end());
  return out;
}

/// Reads a text field after checking it.
Result<std::string> text_of(ByteView view,
                            TextRule rule,
                            std::string_view field,
                            std::size_t bytes_max);
Result<Address> address_of(ByteView view, std::string_view field);
Result<Address> optional_address_of(ByteView view, std::string_view field);

Result<Lane> lane_of(std::uint16_t value);
Result<Side> side_of(std::uint16_t value);
Result<MessageClass> class_of(std::uint16_t value);
/// From 1970 (0 = none) to the end of 9999.
Result<Instant> instant_of(std::int64_t micros, std::string_view field);
/// Errors: kTooLarge.
Status check_items(std::size_t items, std::string_view field, std::size_t items_max);

}  // namespace minqing::wire
