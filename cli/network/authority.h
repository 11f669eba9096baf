// The authority: holds the key that signs directories, and issues the next version.
//
// Guarantee: versions rise by one and are never given twice; directory.bin is whole and signed at
// every moment, whatever loses power. One Authority at a time per network directory (a lock on
// authority.key; a second one waits its turn).
// Trusts: the machine it runs on. Its key is the root of all trust in the network: keep a copy of
// authority.key in a safe, and no copy on any node.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "cli/network/directory_edit.h"
#include "cli/network/directory_file.h"
#include "cli/network/layout.h"
#include "posix/file_descriptor.h"
#include "seal/keys.h"

namespace minqing::network {

using Edit = std::function<Status(Directory::Content& content)>;

class Authority {
 public:
  /// Makes authority.key (0600) and authority.pub. Errors: kConflict - there is a key already; kIo.
  static Result<Authority> create(const NetworkDir& dir, const std::string& network);
  /// Errors: kNotFound, kNotAllowed, kCorrupt (seal/key_file.h); kConflict - authority.pub is of
  /// another key.
  static Result<Authority> open(const NetworkDir& dir);

  const PublicKey& public_key() const { return keys_.public_key(); }

  /// Issues the first directory. Errors: kConflict - there is one; kInvalid - inconsistent, every
  /// fault one per line; kIo.
  Result<LoadedDirectory> issue_first(Directory::Content content,
                                      std::chrono::days validity,
                                      Instant now);
  /// Issues the next version: the one in force with `edit` applied. It is valid from now on for as
  /// long as the one before was, unless `validity` says otherwise. Errors: the edit's; those of
  /// load_directory; kInvalid; kIo. Nothing is written then.
  Result<LoadedDirectory> issue_next(const Edit& edit,
                                     Instant now,
                                     std::optional<std::chrono::days> validity = {});

 private:
  Authority(NetworkDir dir, seal::SigningKeys keys, FileDescriptor lock)
      : dir_{std::move(dir)}, keys_{std::move(keys)}, lock_{std::move(lock)} {}

  Result<LoadedDirectory> issue(Directory::Content content) const;

  NetworkDir dir_;
  seal::SigningKeys keys_;
  FileDescriptor lock_;
};

/// `network init`: key and first directory from the network's files. Goes on where an interrupted
/// one stopped. Errors: those of load_network_files; kConflict - `dir` holds a network already.
Result<LoadedDirectory> init_network(const NetworkDir& dir,
                                     const std::filesystem::path& files,
                                     Instant now);

/// `network update`: names, duties, links and categories anew from the files; enrolments stay.
Result<LoadedDirectory> update_network(const NetworkDir& dir,
                                       const std::filesystem::path& files,
                                       Instant now);

struct Enrolled {
  EnrolRequest request;
  std::filesystem::path recovery_file;  // to be taken off this machine; empty: none was needed
};

/// `enroll`, on the node's machine: makes the keys that are missing in nodes/<name>/keys.txt, a
/// recovery key for addresses that have none in the directory, and the request. The addresses are
/// checked against the directory by admit, not here.
/// Errors: those of load_directory, KeyRing, key files and make_request.
Result<Enrolled> enroll(const NetworkDir& dir, const EnrolSubject& subject, Instant now);

}  // namespace minqing::network
