#include "courier/balance.h"

#include <map>

namespace minqing::courier {
namespace {

Seq range_of(Seq seq) {
  return {(seq.value - 1) / kBalanceRange * kBalanceRange + 1};
}

void add_numbered(Bytes& to, const NumberedLeaf& numbered) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    to.push_back(static_cast<std::uint8_t>(numbered.seq.value >> shift));
  }
  to.insert(to.end(), numbered.leaf.bytes.begin(), numbered.leaf.bytes.end());
}

}  // namespace

const char* to_string(RowDifference difference) {
  switch (difference) {
    case RowDifference::kMissingHere: return "missing-here";
    case RowDifference::kMissingThere: return "missing-there";
    case RowDifference::kOther: return "other";
  }
  return "?";
}

RangeDigest range_digest(std::span<const NumberedLeaf> leaves, const RangeFunction& hash) {
  CHECK(hash);
  Bytes bytes;
  for (const NumberedLeaf& leaf : leaves) add_numbered(bytes, leaf);
  return hash(bytes);
}

std::vector<RangeHash> range_hashes(std::span<const NumberedLeaf> leaves,
                                    Seq up_to,
                                    const RangeFunction& hash) {
  CHECK(hash);
  std::vector<RangeHash> ranges;
  Bytes bytes;
  for (std::size_t i = 0; i < leaves.size();) {
    CHECK(leaves[i].seq.value > 0);
    if (leaves[i].seq > up_to) break;
    RangeHash range;
    range.first = range_of(leaves[i].seq);
    bytes.clear();
    for (; i < leaves.size() && leaves[i].seq <= up_to && range_of(leaves[i].seq) == range.first;
         ++i) {
      CHECK(i == 0 || leaves[i - 1].seq < leaves[i].seq);
      add_numbered(bytes, leaves[i]);
      ++range.count;
    }
    range.digest = hash(bytes);
    ranges.push_back(range);
  }
  return ranges;
}

std::vector<Seq> differing_ranges(std::span<const RangeHash> mine,
                                  std::span<const RangeHash> theirs) {
  // Equal once on either side, or it differs: also when a peer names a range twice.
  struct Sides {
    const RangeHash* mine = nullptr;
    const RangeHash* theirs = nullptr;
    bool is_twice = false;
  };
  std::map<Seq, Sides> by_first;
  for (const RangeHash& range : mine) {
    Sides& sides = by_first[range.first];
    sides.is_twice = sides.is_twice || sides.mine != nullptr;
    sides.mine = &range;
  }
  for (const RangeHash& range : theirs) {
    Sides& sides = by_first[range.first];
    sides.is_twice = sides.is_twice || sides.theirs != nullptr;
    sides.theirs = &range;
  }
  std::vector<Seq> differing;
  for (const auto& [first, sides] : by_first) {
    const bool is_same = !sides.is_twice && sides.mine != nullptr && sides.theirs != nullptr &&
                         *sides.mine == *sides.theirs;
    if (!is_same) differing.push_back(first);
  }
  return differing;
}

std::vector<DifferingRow> differing_rows(std::span<const NumberedLeaf> mine,
                                         std::span<const NumberedLeaf> theirs) {
  std::vector<DifferingRow> rows;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < mine.size() || j < theirs.size()) {
    if (j == theirs.size() || (i < mine.size() && mine[i].seq < theirs[j].seq)) {
      rows.push_back({mine[i].seq, RowDifference::kMissingThere, mine[i].leaf, {}});
      ++i;
    } else if (i == mine.size() || theirs[j].seq < mine[i].seq) {
      rows.push_back({theirs[j].seq, RowDifference::kMissingHere, {}, theirs[j].leaf});
      ++j;
    } else {
      if (mine[i].leaf != theirs[j].leaf) {
        rows.push_back({mine[i].seq, RowDifference::kOther, mine[i].leaf, theirs[j].leaf});
      }
      ++i;
      ++j;
    }
  }
  return rows;
}

}  // namespace minqing::courier
