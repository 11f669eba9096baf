// CommitTimes: since when the oldest un-receipted envelope of a stream has been waiting.
//
// Keeps a bounded number of (seq, committed-at) marks, thinned as they grow. Guarantee: the answer
// is never later than the truth, so an age made from it is never too small; it may be too old by
// the distance between two marks.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace minqing::courier {

class CommitTimes {
 public:
  static constexpr std::size_t kMarksMax = 32;

  /// Numbers and instants that do not fall.
  void committed(Seq seq, Instant at);
  /// The peer has everything up to `receipted`, of `last` committed.
  void receipted_to(Seq receipted, Seq last);
  /// The peer went back: `first` is un-receipted again, and has been since `at` at the latest.
  void reopened(Seq first, Instant at);
  std::optional<Instant> oldest() const;

 private:
  struct Mark {
    Seq seq;
    Instant at;
  };
  std::vector<Mark> marks_;
  Micros grain_{0};
};

}  // namespace minqing::courier
