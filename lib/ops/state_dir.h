// A daemon's state directory, held by one process at a time.
//
// Guarantee: while a StateDir lives, no other process has one on the same directory (flock on its
// file `lock`; the kernel releases it when the process dies, however it dies). The file holds the
// pid for people and is never deleted: deleting a lock file is a race.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "posix/file_descriptor.h"

namespace minqing::ops {

class StateDir {
 public:
  /// Creates `path` (0700, parents 0755) unless it is there; an existing one keeps its mode.
  /// Errors, each one sentence: kUnavailable - locked by pid N; kNotAllowed - not writable;
  /// kInvalid - not a directory; kIo.
  static Result<StateDir> open(const std::string& path);

  const std::string& path() const { return path_; }
  /// The path of `name` in it.
  std::string file(std::string_view name) const;

 private:
  StateDir(std::string path, FileDescriptor lock);
  std::string path_;
  FileDescriptor lock_;
};

}  // namespace minqing::ops
