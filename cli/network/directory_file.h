// A network's directory.bin, verified with its authority.pub (daemon/directory_file.h).
#pragma once

#include "cli/network/layout.h"
#include "daemon/directory_file.h"

namespace minqing::network {

using daemon::LoadedDirectory;

/// authority.pub. Errors: kNotFound, kCorrupt, saying what to do.
Result<PublicKey> load_authority_public(const NetworkDir& dir);

/// directory.bin. The expiry is the caller's to judge. Errors: kNotFound says what makes it;
/// kCorrupt - not signed by the authority, or damaged; kInvalid.
Result<LoadedDirectory> load_directory(const NetworkDir& dir);

}  // namespace minqing::network
