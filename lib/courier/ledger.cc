#include "courier/ledger.h"

namespace minqing::courier {

const char* to_string(Direction direction) {
  switch (direction) {
    case Direction::kIn: return "in";
    case Direction::kOut: return "out";
    case Direction::kSelf: return "self";
  }
  CHECK(false);
}

}  // namespace minqing::courier
