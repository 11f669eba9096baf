// Exit codes of every program: those of sysexits.h, so that systemd and scripts can tell a wrong
// command line from a broken disk.
#pragma once

#include "core/result.h"

namespace minqing::ops {

enum class ExitCode : int {
  kOk = 0,
  kUsage = 64,        // EX_USAGE: wrong command line
  kDataErr = 65,      // EX_DATAERR: a file's content is wrong
  kNoInput = 66,      // EX_NOINPUT: a file is missing
  kUnavailable = 69,  // EX_UNAVAILABLE: port taken, daemon not running
  kSoftware = 70,     // EX_SOFTWARE: our bug
  kIoErr = 74,        // EX_IOERR: disk state unknown
  kTempFail = 75,     // EX_TEMPFAIL: try again later
  kNoPerm = 77,       // EX_NOPERM
  kConfig = 78,       // EX_CONFIG: the configuration is wrong
};

/// What main() returns.
constexpr int to_int(ExitCode code) {
  return static_cast<int>(code);
}

/// The exit code that says of an Error what its code says to a caller.
constexpr ExitCode exit_code_of(Errc code) {
  switch (code) {
    case Errc::kInvalid: return ExitCode::kDataErr;
    case Errc::kNotFound: return ExitCode::kNoInput;
    case Errc::kNotAllowed: return ExitCode::kNoPerm;
    case Errc::kConflict: return ExitCode::kUnavailable;
    case Errc::kTooLarge: return ExitCode::kDataErr;
    case Errc::kBusy: return ExitCode::kTempFail;
    case Errc::kCorrupt: return ExitCode::kDataErr;
    case Errc::kIo: return ExitCode::kIoErr;
    case Errc::kUnavailable: return ExitCode::kUnavailable;
    case Errc::kTimeout: return ExitCode::kTempFail;
  }
  return ExitCode::kSoftware;
}

}  // namespace minqing::ops
