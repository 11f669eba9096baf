// Signing: an address's word over the leaves it made in one turn.
#pragma once

#include <span>
#include <vector>

#include "core/envelope.h"
#include "seal/keys.h"

namespace minqing::seal {

/// What is signed: "minqing-root-v1" || 0x00 || u8(length) || address || key id || u32le(count) ||
/// root.
Bytes root_text(const Address& signer, const KeyId& key, std::uint32_t count, const Leaf& root);

/// One leaf alone: the root is the leaf. About 40 us.
Signature sign_leaf(const SigningKeys& keys, const Address& signer, const Leaf& leaf);

/// One signature for all `leaves`, in their order; more than limits::kLeavesPerRootMax are put
/// under several roots. Empty in, empty out.
std::vector<Signature> sign_leaves(const SigningKeys& keys,
                                   const Address& signer,
                                   std::span<const Leaf> leaves);

}  // namespace minqing::seal
