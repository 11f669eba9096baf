#include "cli/network/directory_file.h"

namespace minqing::network {

Result<PublicKey> load_authority_public(const NetworkDir& dir) {
  return daemon::load_authority(dir.authority_public());
}

Result<LoadedDirectory> load_directory(const NetworkDir& dir) {
  ASSIGN_OR_RETURN(const PublicKey authority, load_authority_public(dir));
  return daemon::load_directory(dir.directory(), authority);
}

}  // namespace minqing::network
