#include "courier/refill.h"

#include "core/check.h"

namespace minqing::courier {

const char* to_string(RefillPhase phase) {
  switch (phase) {
    case RefillPhase::kDone: return "done";
    case RefillPhase::kGathering: return "gathering";
    case RefillPhase::kApplying: return "applying";
  }
  CHECK(false);
}

}  // namespace minqing::courier
