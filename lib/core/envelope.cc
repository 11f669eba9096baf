#include "core/envelope.h"

namespace minqing {

const char* to_string(Lane lane) {
  switch (lane) {
    case Lane::kUrgent: return "urgent";
    case Lane::kNormal: return "normal";
    case Lane::kBulk: return "bulk";
  }
  CHECK(false);
}

const char* to_string(Side side) {
  switch (side) {
    case Side::kAsk: return "ask";
    case Side::kAnswer: return "answer";
  }
  CHECK(false);
}

const char* to_string(MessageClass cls) {
  switch (cls) {
    case MessageClass::kRequest: return "request";
    case MessageClass::kProgress: return "progress";
    case MessageClass::kFinal: return "final";
    case MessageClass::kNotice: return "notice";
    case MessageClass::kSelf: return "self";
  }
  CHECK(false);
}

}  // namespace minqing
