// Bringing to disk what others have written: files of a copy, names of a directory.
#pragma once

#include <string>

#include "core/result.h"

namespace minqing::ops {

/// fsync of a file's content. Errors: kNotFound, kNotAllowed; kIo - "fsync of ...".
Status sync_file(const std::string& path);

/// fsync of a directory: names made, renamed or removed in it survive a power cut. Errors as above.
Status sync_directory(const std::string& path);

/// The directory that holds `path`: "." when it names none.
std::string directory_of(const std::string& path);

}  // namespace minqing::ops
