#include "courier/commit_times.h"

#include <algorithm>
#include <chrono>

namespace minqing::courier {

void CommitTimes::committed(Seq seq, Instant at) {
  if (!marks_.empty() && at - marks_.back().at <= grain_) return;
  marks_.push_back({seq, at});
  if (marks_.size() <= kMarksMax) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < marks_.size(); i += 2) marks_[kept++] = marks_[i];
  marks_.resize(kept);
  grain_ = std::max<Micros>(std::chrono::milliseconds{100}, grain_ * 2);
}

void CommitTimes::receipted_to(Seq receipted, Seq last) {
  if (receipted >= last) {
    marks_.clear();
    grain_ = Micros{0};
    return;
  }
  const auto first_needed = std::find_if(
      marks_.begin(), marks_.end(), [&](const Mark& mark) { return mark.seq > receipted.next(); });
  if (first_needed == marks_.begin()) return;
  marks_.erase(marks_.begin(), first_needed - 1);
}

void CommitTimes::reopened(Seq first, Instant at) {
  if (!marks_.empty() && marks_.front().seq <= first) return;
  if (marks_.empty()) {
    marks_.push_back({first, at});
  } else {
    marks_.front() = {first, std::min(at, marks_.front().at)};
  }
}

std::optional<Instant> CommitTimes::oldest() const {
  if (marks_.empty()) return std::nullopt;
  return marks_.front().at;
}

}  // namespace minqing::courier
