#include "courier/resume_pass.h"

#include <utility>

#include "core/limits.h"

namespace minqing::courier {

std::optional<ResumePasses::Streams> ResumePasses::hear(SessionIndex session, const Receipt& word) {
  if (word.streams == 0 || word.streams > limits::kFrameItemsMax) return std::nullopt;
  const auto place = passes_.try_emplace({session, word.stream.from, word.stream.to}).first;
  Pass& pass = place->second;
  // Another number, or a stream for the second time: a new pass has begun.
  if (pass.streams != word.streams || pass.heard.contains(word.stream)) pass = {word.streams, {}};
  pass.heard.insert(word.stream);
  if (pass.heard.size() < pass.streams) return std::nullopt;
  Streams all = std::move(pass.heard);
  passes_.erase(place);
  return all;
}

void ResumePasses::session_closed(SessionIndex session) {
  std::erase_if(passes_, [&](const auto& entry) { return std::get<0>(entry.first) == session; });
}

}  // namespace minqing::courier
