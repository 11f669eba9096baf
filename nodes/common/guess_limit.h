// How often a receipt code may be guessed: a few wrong ones a case, then none for a while, whether
// there is such a case or not. Soft: forgotten at a restart.
//
// Bounded: cases share a fixed number of slots, so a stranger who asks for many cases can fill none
// but slots, and takes no memory. Pure but for its state.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/time.h"

namespace minqing::node {

class GuessLimit {
 public:
  static constexpr std::uint32_t kWrongMax = 5;
  static constexpr std::chrono::minutes kPause{15};  // since the last wrong one

  /// May a code of the case that this text names be tried now?
  bool may_try(std::string_view case_id, Instant now) const;
  void was_wrong(std::string_view case_id, Instant now);
  void was_right(std::string_view case_id);

 private:
  struct Slot {
    std::uint32_t wrong = 0;
    Instant last;
  };
  static constexpr std::size_t kSlots = 4'096;
  static std::size_t slot_of(std::string_view case_id);

  std::array<Slot, kSlots> slots_{};
};

}  // namespace minqing::node
