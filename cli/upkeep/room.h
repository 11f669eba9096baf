// Is there room on a disk? Asked before a copy begins, so that a full disk is a sentence and not a
// failure half way. What others write meanwhile is not known: copies end cleanly on a full disk
// too.
#pragma once

#include <filesystem>
#include <initializer_list>

#include "core/result.h"

namespace minqing::cli {

/// Size of those of `names` that are there.
std::uint64_t bytes_of_files(const std::filesystem::path& directory,
                             std::initializer_list<const char*> names);

/// Errors: kBusy - less than `bytes` and a margin are free on the disk of `directory`.
Status check_room(const std::filesystem::path& directory, std::uint64_t bytes);

}  // namespace minqing::cli
