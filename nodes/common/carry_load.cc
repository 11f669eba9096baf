#include "nodes/common/carry_load.h"

#include <charconv>
#include <limits>
#include <vector>

namespace minqing::node {
namespace {

constexpr std::string_view kReceipt = "receipt";
constexpr std::string_view kEnvelope = "envelope";

std::string text_of(std::string_view word, const courier::StreamKey& key, const std::string& end) {
  return std::string{word} + "/" + key.owner.text() + "/" + key.peer.text() + "/" +
         std::to_string(static_cast<unsigned>(key.lane)) + "/" +
         std::to_string(static_cast<unsigned>(key.side)) + "/" + end;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t end = text.find('/');
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

/// A whole number below `bound`.
std::optional<std::uint64_t> number_of(std::string_view text, std::uint64_t bound) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number >= bound) {
    return std::nullopt;
  }
  return number;
}

Error no_place(std::string_view text) {
  return {Errc::kInvalid,
          "\"" + std::string{text} +
              "\" is no place in an export: hand back the `next` of the former one"};
}

}  // namespace

std::string to_text(const CarryPlace& place) {
  if (const auto* receipt = std::get_if<CarriedReceipt>(&place)) {
    return text_of(kReceipt, receipt->stream.key, receipt->stream.life.hex());
  }
  if (const auto* envelope = std::get_if<CarriedEnvelope>(&place)) {
    return text_of(kEnvelope, envelope->stream, std::to_string(envelope->seq.value));
  }
  return "";
}

Result<CarryPlace> parse_carry_place(std::string_view text) {
  if (text.empty()) return CarryPlace{};
  const auto words = split(text);
  if (words.size() != 6) return no_place(text);
  const auto owner = Address::parse(words[1]);
  const auto peer = Address::parse(words[2]);
  const auto lane = number_of(words[3], kLanes);
  const auto side = number_of(words[4], kSides);
  if (!owner || !peer || !lane || !side) return no_place(text);
  const courier::StreamKey key{*owner, *peer, static_cast<Lane>(*lane), static_cast<Side>(*side)};
  if (words[0] == kReceipt) {
    const auto life = LifeId::parse(words[5]);
    if (!life) return no_place(text);
    return CarryPlace{CarriedReceipt{{key, *life}}};
  }
  const auto seq = number_of(words[5], std::numeric_limits<std::uint64_t>::max());
  if (words[0] != kEnvelope || !seq) return no_place(text);
  return CarryPlace{CarriedEnvelope{key, {*seq}}};
}

}  // namespace minqing::node
