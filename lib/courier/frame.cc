#include "courier/frame.h"

namespace minqing::courier {

const char* to_string(RefusalCode code) {
  switch (code) {
    case RefusalCode::kUnknownAddress: return "unknown-address";
    case RefusalCode::kNotActive: return "not-active";
    case RefusalCode::kDissolved: return "dissolved";
    case RefusalCode::kForbiddenPair: return "forbidden-pair";
    case RefusalCode::kNotYours: return "not-yours";
    case RefusalCode::kTooLarge: return "too-large";
    case RefusalCode::kBadEnvelope: return "bad-envelope";
    case RefusalCode::kQuota: return "quota";
    case RefusalCode::kLevelRed: return "level-red";
    case RefusalCode::kLevelAmber: return "level-amber";
    case RefusalCode::kOverCredit: return "over-credit";
    case RefusalCode::kRevoked: return "revoked";
    case RefusalCode::kBadFrame: return "bad-frame";
    case RefusalCode::kSessionLimit: return "session-limit";
  }
  return "unknown-code";  // a newer broker's: read from the wire
}

bool is_passing(RefusalCode code) {
  switch (code) {
    case RefusalCode::kQuota:
    case RefusalCode::kLevelRed:
    case RefusalCode::kLevelAmber:
    case RefusalCode::kOverCredit:
    case RefusalCode::kNotActive:
    case RefusalCode::kUnknownAddress:  // a directory on its way may know it
    case RefusalCode::kSessionLimit: return true;
    case RefusalCode::kDissolved:
    case RefusalCode::kForbiddenPair:
    case RefusalCode::kNotYours:
    case RefusalCode::kTooLarge:
    case RefusalCode::kBadEnvelope:
    case RefusalCode::kRevoked:
    case RefusalCode::kBadFrame: return false;
  }
  return false;
}

}  // namespace minqing::courier
