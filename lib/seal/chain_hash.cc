#include "seal/chain_hash.h"

#include "seal/hash.h"

namespace minqing::seal {

ChainHash chain_hash(const ChainHash& previous, ByteView row) {
  return ChainHash{hash({previous.view(), row})};
}

}  // namespace minqing::seal
