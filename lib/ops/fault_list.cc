#include "ops/fault_list.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "ops/text_escape.h"

namespace minqing::ops {
namespace {

constexpr std::size_t kQuotedBytesMax = 80;  // enough to find it in the file

}  // namespace

std::string to_string(const Place& place) {
  std::string out;
  append_escaped(out, place.path, EscapeQuotes::kNo);
  if (place.line != 0) {
    out += ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
  }
  return out;
}

std::string quoted_text(std::string_view text) {
  std::size_t end = std::min(text.size(), kQuotedBytesMax);
  // A cut falls between characters: step back over UTF-8 continuation bytes.
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  std::string out = "\"";
  append_escaped(out, text.substr(0, end), EscapeQuotes::kYes);
  return out + (end < text.size() ? "\"..." : "\"");
}

bool is_plain_line(std::string_view text) {
  std::string escaped;
  append_escaped(escaped, text, EscapeQuotes::kNo);
  return escaped == text;
}

void FaultList::add(Place place, std::string_view what) {
  std::string line;
  append_escaped(line, what, EscapeQuotes::kNo);
  faults_.push_back({std::move(place), std::move(line)});
}

Status FaultList::status() const {
  if (faults_.empty()) return ok();
  std::map<std::string_view, std::size_t> file_order;
  std::vector<const Fault*> sorted;
  for (const Fault& fault : faults_) {
    file_order.emplace(fault.place.path, file_order.size());
    sorted.push_back(&fault);
  }
  std::ranges::stable_sort(sorted, {}, [&](const Fault* fault) {
    return std::tuple{file_order.at(fault->place.path), fault->place.line, fault->place.column};
  });
  const std::size_t shown = std::min(sorted.size(), kFaultsShownMax);
  std::string lines;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) lines += '\n';
    lines += to_string(sorted[i]->place) + ": " + sorted[i]->what;
  }
  if (shown < sorted.size()) {
    lines += "\n... and " + std::to_string(sorted.size() - shown) + " more faults";
  }
  return Error{Errc::kInvalid, lines};
}

}  // namespace minqing::ops
