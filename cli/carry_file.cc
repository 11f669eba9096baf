#include "cli/carry_file.h"

#include <nlohmann/json.hpp>

#include "daemon/carry_part.h"
#include "ops/atomic_file.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string name_of(std::size_t part, std::size_t parts) {
  return "part " + std::to_string(part + 1) + " of " + std::to_string(parts);
}

std::uint64_t number_of(const Json& answer, const char* key) {
  const auto found = answer.find(key);
  return found != answer.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}
std::string text_of(const Json& answer, const char* key) {
  const auto found = answer.find(key);
  return found != answer.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// About what a part takes in the file.
std::size_t bytes_of(const wire::CarryPart& part) {
  constexpr std::size_t kAroundFrame = 1'024;
  return part.frame.size() + kAroundFrame;
}

}  // namespace

Result<std::vector<wire::CarryPart>> load_carry_file(const std::string& path) {
  auto bytes = ops::read_file(path, wire::kCarryFileBytesMax);
  if (!bytes) return bytes.error();
  auto parts = wire::decode_carry(*bytes);
  if (!parts) return Error{parts.error().code, path + ": " + parts.error().detail};
  for (std::size_t i = 0; i < parts->size(); ++i) {
    if (const Status good = daemon::check_hash((*parts)[i]); !good) {
      return Error{good.error().code,
                   path + ": " + name_of(i, parts->size()) + ": " + good.error().detail};
    }
  }
  return parts;
}

Status save_carry_file(const std::string& path, const std::vector<wire::CarryPart>& parts) {
  ASSIGN_OR_RETURN(const Bytes bytes, wire::encode_carry(parts));
  return ops::write_file_atomically(path, ByteView{bytes}, ops::FilePrivacy::kPortable);
}

Result<CarryExport> gather_parts(const CarryCall& call, std::string after, std::size_t bytes_max) {
  CarryExport out;
  std::size_t bytes = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::string text, call({{"after", after}}));
    const Json answer = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (answer.contains("part")) {
      ASSIGN_OR_RETURN(wire::CarryPart part, daemon::part_from_hex(text_of(answer, "part")));
      const bool is_full = bytes + bytes_of(part) > bytes_max;
      if (!out.parts.empty() && (is_full || out.parts.size() >= wire::kCarryPartsMax)) {
        out.next = after;
        return out;
      }
      bytes += bytes_of(part);
      out.parts.push_back(std::move(part));
    }
    out.envelopes += number_of(answer, "envelopes");
    out.receipts += number_of(answer, "receipts");
    out.left = number_of(answer, "left");
    out.unsealed += number_of(answer, "unsealed");
    if (out.why_unsealed.empty()) out.why_unsealed = text_of(answer, "why_unsealed");
    const std::string next = text_of(answer, "next");
    if (next.empty()) return out;
    if (next == after) {
      return Error{Errc::kCorrupt, "the daemon does not come behind \"" + after +
                                       "\": is it of the same version as this program?"};
    }
    after = next;
  }
}

Result<CarryImport> hand_in_parts(const CarryCall& call,
                                  const std::vector<wire::CarryPart>& parts) {
  CarryImport out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string hex, daemon::part_to_hex(parts[i]));
    const auto text = call({{"part", hex}});
    if (!text) {
      const std::string before =
          i == 0 ? "" : "; what comes before it is taken in, and may be imported again";
      return Error{text.error().code,
                   name_of(i, parts.size()) + ": " + text.error().detail + before};
    }
    const Json answer = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    for (const auto& [key, value] : answer.items()) {
      if (value.is_number_unsigned()) out.sums[key] += value.get<std::uint64_t>();
      if (value.is_string()) out.texts.try_emplace(key, value.get<std::string>());
    }
  }
  return out;
}

}  // namespace minqing::cli
