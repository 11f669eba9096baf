#include "seal/signer.h"

#include <algorithm>

#include "core/check.h"
#include "core/limits.h"
#include "seal/merkle.h"

namespace minqing::seal {

Bytes root_text(const Address& signer, const KeyId& key, std::uint32_t count, const Leaf& root) {
  static constexpr std::string_view kContext{"minqing-root-v1\0", 16};
  CHECK(!signer.is_none() && signer.text().size() <= 255);
  Bytes out;
  const auto add = [&out](ByteView part) { out.insert(out.end(), part.begin(), part.end()); };
  add(as_bytes(kContext));
  out.push_back(static_cast<std::uint8_t>(signer.text().size()));
  add(as_bytes(signer.text()));
  add(key.view());
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out.push_back(static_cast<std::uint8_t>(count >> shift));
  }
  add(root.view());
  return out;
}

Signature sign_leaf(const SigningKeys& keys, const Address& signer, const Leaf& leaf) {
  return {.key = keys.id(),
          .index = 0,
          .count = 1,
          .path = {},
          .bytes = keys.sign(root_text(signer, keys.id(), 1, leaf))};
}

std::vector<Signature> sign_leaves(const SigningKeys& keys,
                                   const Address& signer,
                                   std::span<const Leaf> leaves) {
  std::vector<Signature> out;
  out.reserve(leaves.size());
  while (!leaves.empty()) {
    const auto batch = leaves.first(std::min(leaves.size(), limits::kLeavesPerRootMax));
    leaves = leaves.subspan(batch.size());
    const MerkleTree tree{batch};
    const auto count = static_cast<std::uint32_t>(batch.size());
    const SignatureBytes bytes = keys.sign(root_text(signer, keys.id(), count, tree.root()));
    for (std::uint32_t i = 0; i < count; ++i) {
      out.push_back(
          {.key = keys.id(), .index = i, .count = count, .path = tree.path(i), .bytes = bytes});
    }
  }
  return out;
}

}  // namespace minqing::seal
