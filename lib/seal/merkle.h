// Merkle trees over leaves: one signature for all that an address says in one turn.
//
// node = BLAKE2b-256(0x01 || left || right); an odd node at the end of a level goes up unchanged.
// Leaves are hashed with 0x00 first (leaf.h), so a node can never pass for a leaf.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/ids.h"

namespace minqing::seal {

/// All levels of the tree over 1 .. limits::kLeavesPerRootMax leaves; count - 1 hashes to make.
class MerkleTree {
 public:
  explicit MerkleTree(std::span<const Leaf> leaves);
  const Leaf& root() const { return levels_.back().front(); }
  /// Siblings of leaf `index` from the leaf upwards.
  std::vector<Leaf> path(std::uint32_t index) const;

 private:
  std::vector<std::vector<Leaf>> levels_;
};

/// The only length that a path of leaf `index` of `count` can have; nullopt when there is no such
/// leaf.
std::optional<std::size_t> path_length(std::uint32_t index, std::uint32_t count);

/// The root that `leaf` at `index` of `count` gives with `path`; nullopt when the path has another
/// length than path_length.
std::optional<Leaf> root_from_path(const Leaf& leaf,
                                   std::uint32_t index,
                                   std::uint32_t count,
                                   std::span<const Leaf> path);

}  // namespace minqing::seal
