// The product's version; CMake defines MINQING_VERSION from project(VERSION).
#pragma once

#include <string_view>

#ifndef MINQING_VERSION
#define MINQING_VERSION "0.1.0"
#endif

namespace minqing::ops {

#ifdef MINQING_MUTANTS
inline constexpr std::string_view kVersion = MINQING_VERSION " (with mutants, only for tests)";
#else
inline constexpr std::string_view kVersion = MINQING_VERSION;
#endif

}  // namespace minqing::ops
