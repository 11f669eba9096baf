#include "core/result.h"

namespace minqing {

const char* to_string(Errc code) {
  switch (code) {
    case Errc::kInvalid: return "invalid";
    case Errc::kNotFound: return "not-found";
    case Errc::kNotAllowed: return "not-allowed";
    case Errc::kConflict: return "conflict";
    case Errc::kTooLarge: return "too-large";
    case Errc::kBusy: return "busy";
    case Errc::kCorrupt: return "corrupt";
    case Errc::kIo: return "io";
    case Errc::kUnavailable: return "unavailable";
    case Errc::kTimeout: return "timeout";
  }
  CHECK(false);
}

}  // namespace minqing
