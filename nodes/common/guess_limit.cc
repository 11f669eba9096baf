#include "nodes/common/guess_limit.h"

#include <functional>

namespace minqing::node {

std::size_t GuessLimit::slot_of(std::string_view case_id) {
  return std::hash<std::string_view>{}(case_id) % kSlots;
}

bool GuessLimit::may_try(std::string_view case_id, Instant now) const {
  const Slot& slot = slots_[slot_of(case_id)];
  return slot.wrong < kWrongMax || now - slot.last >= kPause;
}

void GuessLimit::was_wrong(std::string_view case_id, Instant now) {
  Slot& slot = slots_[slot_of(case_id)];
  if (now - slot.last >= kPause) slot.wrong = 0;
  ++slot.wrong;
  slot.last = now;
}

void GuessLimit::was_right(std::string_view case_id) {
  slots_[slot_of(case_id)] = {};
}

}  // namespace minqing::node
