// Start of the cryptographic library. Everything else in this folder expects it.
#pragma once

#include "core/result.h"

namespace minqing::seal {

/// Call once before any other function of this folder; again does nothing. Thread-safe.
/// Errors: kUnavailable when the system gives no randomness: the program must not start.
Status init();

}  // namespace minqing::seal
