#include "wire/message_io.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include "core/limits.h"

namespace minqing::wire {
namespace {

constexpr std::int64_t kMicrosMax = 253'402'300'799'999'999;  // 9999-12-31T23:59:59.999999Z

std::string unknown_value(std::uint16_t value) {
  return "unknown value " + std::to_string(value);
}

/// One line of `text`: kj's descriptions carry several.
std::string first_line(std::string_view text) {
  return std::string{text.substr(0, text.find('\n'))};
}

}  // namespace

const char* to_string(MessageType type) {
  switch (type) {
    case MessageType::kHeader: return "header";
    case MessageType::kSealedEnvelope: return "sealed envelope";
    case MessageType::kBoxContent: return "box content";
    case MessageType::kSignature: return "signature";
    case MessageType::kBody: return "body";
    case MessageType::kReceipt: return "receipt";
    case MessageType::kFrame: return "frame";
    case MessageType::kDirectory: return "directory";
    case MessageType::kSignedDirectory: return "signed directory";
    case MessageType::kRefillAsk: return "refill ask";
    case MessageType::kRefillPage: return "refill page";
    case MessageType::kKeepRecord: return "keep record";
    case MessageType::kCarryFile: return "carry file";
  }
  CHECK(false);
}

Bytes flatten(capnp::MessageBuilder& message) {
  const kj::Array<capnp::word> words = capnp::messageToFlatArray(message);
  const auto bytes = words.asBytes();
  return {bytes.begin(), bytes.end()};
}

Status guarded(std::string_view what, const std::function<Status()>& read) {
  try {
    return read();
  } catch (const kj::Exception& e) {
    return Error{Errc::kCorrupt, std::string{what} + ": " + first_line(e.getDescription().cStr())};
  } catch (const std::exception& e) {
    return Error{Errc::kCorrupt, std::string{what} + ": " + first_line(e.what())};
  }
}

Status read_message(ByteView bytes,
                    std::string_view what,
                    std::size_t bytes_max,
                    const std::function<Status(capnp::MessageReader&)>& read) {
  const std::string name{what};
  if (bytes.size() > bytes_max) {
    return Error{Errc::kTooLarge, name + ": " + std::to_string(bytes.size()) + " bytes, at most " +
                                      std::to_string(bytes_max)};
  }
  if (bytes.empty() || bytes.size() % sizeof(capnp::word) != 0) {
    return Error{Errc::kCorrupt, name + ": " + std::to_string(bytes.size()) +
                                     " bytes are no whole number of words; it is cut short"};
  }
  const std::size_t count = bytes.size() / sizeof(capnp::word);
  return guarded(what, [&]() -> Status {
    // What comes from a socket or lies within another message need not be aligned.
    kj::Array<capnp::word> copy;
    kj::ArrayPtr<const capnp::word> words;
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(std::uint64_t) == 0) {
      words = {reinterpret_cast<const capnp::word*>(bytes.data()), count};
    } else {
      copy = kj::heapArray<capnp::word>(count);
      std::copy(bytes.begin(), bytes.end(), copy.asBytes().begin());
      words = copy;
    }
    capnp::ReaderOptions options;
    // Twice: a codec may look at a field again, but many pointers to one place must not multiply.
    options.traversalLimitInWords = 2 * count + 64;
    options.nestingLimit = limits::kNestingMax;
    capnp::FlatArrayMessageReader message{words, options};
    if (message.getEnd() != words.end()) {
      return Error{Errc::kCorrupt, name + ": it does not use all of its bytes"};
    }
    return read(message);
  });
}

Status check_type(MessageType expected, std::uint16_t type, std::uint16_t version) {
  const std::string name = to_string(expected);
  if (type != static_cast<std::uint16_t>(expected)) {
    return Error{Errc::kCorrupt,
                 name + ": it is no " + name + " (type " + std::to_string(type) + ")"};
  }
  if (version != kFormatVersion) {
    return Error{Errc::kInvalid, name + ": version " + std::to_string(version) +
                                     ", this program reads version " +
                                     std::to_string(kFormatVersion) + "; update the program"};
  }
  return ok();
}

Error bad_field(std::string_view field, std::string_view why) {
  return {Errc::kCorrupt, std::string{field} + ": " + std::string{why}};
}

Result<std::string> text_of(ByteView view,
                            TextRule rule,
                            std::string_view field,
                            std::size_t bytes_max) {
  RETURN_IF_ERROR(check_text(as_text(view), rule, field, bytes_max));
  return std::string{as_text(view)};
}

Result<Address> address_of(ByteView view, std::string_view field) {
  auto address = Address::parse(as_text(view));
  if (!address) {
    // The words of the parse error repeat the text, which may hold anything.
    return bad_field(field, clean_text(address.error().detail, limits::kWireDetailBytesMax));
  }
  return address;
}

Result<Address> optional_address_of(ByteView view, std::string_view field) {
  if (view.empty()) return Address{};
  return address_of(view, field);
}

Result<Lane> lane_of(std::uint16_t value) {
  if (value >= kLanes) return bad_field("lane", unknown_value(value));
  return static_cast<Lane>(value);
}
Result<Side> side_of(std::uint16_t value) {
  if (value >= kSides) return bad_field("side", unknown_value(value));
  return static_cast<Side>(value);
}
Result<MessageClass> class_of(std::uint16_t value) {
  if (value > static_cast<std::uint16_t>(MessageClass::kSelf)) {
    return bad_field("class", unknown_value(value));
  }
  return static_cast<MessageClass>(value);
}

Result<Instant> instant_of(std::int64_t micros, std::string_view field) {
  if (micros < 0 || micros > kMicrosMax) return bad_field(field, "a time out of range");
  return from_micros(micros);
}

Status check_items(std::size_t items, std::string_view field, std::size_t items_max) {
  if (items > items_max) {
    return Error{Errc::kTooLarge, std::string{field} + ": " + std::to_string(items) +
                                      " items, at most " + std::to_string(items_max)};
  }
  return ok();
}

}  // namespace minqing::wire
