#include "seal/merkle.h"

#include <array>

#include "core/check.h"
#include "core/limits.h"
#include "seal/hash.h"

namespace minqing::seal {
namespace {

Leaf node_of(const Leaf& left, const Leaf& right) {
  static constexpr std::array<std::uint8_t, 1> kNode{0x01};
  return Leaf{hash({kNode, left.view(), right.view()})};
}

/// True when position `index` of a level of `count` has nobody beside it.
bool is_alone(std::size_t index, std::size_t count) {
  return index % 2 == 0 && index + 1 == count;
}

}  // namespace

MerkleTree::MerkleTree(std::span<const Leaf> leaves) {
  CHECK(!leaves.empty() && leaves.size() <= limits::kLeavesPerRootMax);
  levels_.emplace_back(leaves.begin(), leaves.end());
  while (levels_.back().size() > 1) {
    const std::vector<Leaf>& below = levels_.back();
    std::vector<Leaf> level;
    level.reserve((below.size() + 1) / 2);
    for (std::size_t i = 0; i < below.size(); i += 2) {
      level.push_back(is_alone(i, below.size()) ? below[i] : node_of(below[i], below[i + 1]));
    }
    levels_.push_back(std::move(level));
  }
}

std::vector<Leaf> MerkleTree::path(std::uint32_t index) const {
  CHECK(index < levels_.front().size());
  std::vector<Leaf> out;
  std::size_t at = index;
  for (const std::vector<Leaf>& level : levels_) {
    if (level.size() > 1 && !is_alone(at, level.size())) out.push_back(level[at ^ 1U]);
    at /= 2;
  }
  return out;
}

std::optional<std::size_t> path_length(std::uint32_t index, std::uint32_t count) {
  if (index >= count || count > limits::kLeavesPerRootMax) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t at = index, width = count; width > 1; at /= 2, width = (width + 1) / 2) {
    if (!is_alone(at, width)) ++length;
  }
  return length;
}

std::optional<Leaf> root_from_path(const Leaf& leaf,
                                   std::uint32_t index,
                                   std::uint32_t count,
                                   std::span<const Leaf> path) {
  if (path_length(index, count) != path.size()) return std::nullopt;
  Leaf node = leaf;
  std::size_t used = 0;
  for (std::size_t at = index, width = count; width > 1; at /= 2, width = (width + 1) / 2) {
    if (is_alone(at, width)) continue;
    const Leaf& sibling = path[used++];
    node = at % 2 == 0 ? node_of(node, sibling) : node_of(sibling, node);
  }
  return node;
}

}  // namespace minqing::seal
