// The hash of the chain over one owner's log (store/chain.h says what is chained).
#pragma once

#include "core/ids.h"

namespace minqing::seal {

/// BLAKE2b-256(previous || row).
ChainHash chain_hash(const ChainHash& previous, ByteView row);

}  // namespace minqing::seal
