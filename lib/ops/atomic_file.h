// Files that are whole or not there at all.
//
// write_file_atomically: after success the new content is on disk under `path`, whatever loses
// power next; before success the old content stays. Temporary file beside it, fsync, rename, fsync
// of the directory. A file left over by a crash is named `<path>.tmp.<random>` and may be deleted.
// Trusts: the file system's rename. Cost: two fsyncs.
#pragma once

#include <cstddef>
#include <string>

#include "core/ids.h"
#include "core/result.h"

namespace minqing::ops {

enum class FilePrivacy {
  kPublic,    // 0644
  kPrivate,   // 0600: keys and anything about persons
  kPortable,  // 0600 where the file system has modes; that of a stick often has none
};

/// Errors: kNotFound (no such directory), kNotAllowed, kBusy (disk full), kIo: the old content, if
/// any, is untouched. kIo with "fsync of the directory": the new name may not survive a power cut.
Status write_file_atomically(const std::string& path, ByteView content, FilePrivacy privacy);
Status write_file_atomically(const std::string& path,
                             std::string_view content,
                             FilePrivacy privacy);

/// The whole of a regular file of at most `bytes_max` bytes.
/// Errors: kNotFound, kNotAllowed, kTooLarge, kInvalid (a directory, a device), kIo.
Result<Bytes> read_file(const std::string& path, std::size_t bytes_max);
Result<std::string> read_text_file(const std::string& path, std::size_t bytes_max);

}  // namespace minqing::ops
