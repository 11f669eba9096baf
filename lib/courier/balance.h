// Balance: do both ends of a stream hold the same envelopes? Compared by hashes of ranges, narrowed
// to rows.
//
// One side hashes its leaves in ranges of kBalanceRange numbers and shows the hashes; the other
// finds the ranges that differ (differing_ranges), shows the leaves of those alone, and learns the
// rows (differing_rows). So two logs of a million rows are compared by some 4,000 hashes, and one
// row that differs costs 256 leaves more.
// Up to which number: what the receiver has receipted. Beyond it mail is on its way, not missing.
// Pure; the hash is handed in. Trusts nothing of `theirs`: the worst it can do is make us look.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/envelope.h"

namespace minqing::courier {

inline constexpr std::uint64_t kBalanceRange = 256;  // numbers hashed together

/// One direction of talk in one life of its sender, as both ends name it.
struct BalanceStream {
  Address from;
  Address to;
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  LifeId life;  // the sender's
  friend auto operator<=>(const BalanceStream&, const BalanceStream&) = default;
};

struct NumberedLeaf {
  Seq seq;
  Leaf leaf;  // over the bytes that are held, so that damage shows
  friend bool operator==(const NumberedLeaf&, const NumberedLeaf&) = default;
};

using RangeDigest = FixedBytes<struct RangeDigestTag, 32>;

/// Numbers first .. first + kBalanceRange - 1; `first` is 1, 257, 513 ...
struct RangeHash {
  Seq first;
  std::uint64_t count = 0;  // rows held in it
  RangeDigest digest;       // over (seq as 8 bytes little-endian, leaf) of each, in order
  friend bool operator==(const RangeHash&, const RangeHash&) = default;
};

using RangeFunction = std::function<RangeDigest(ByteView numbered_leaves)>;

/// `leaves` rise by number. One hash a range that holds any; numbers above `up_to` are left out.
std::vector<RangeHash> range_hashes(std::span<const NumberedLeaf> leaves,
                                    Seq up_to,
                                    const RangeFunction& hash);

/// Of one range's rows; of none: the hash of no bytes.
RangeDigest range_digest(std::span<const NumberedLeaf> leaves, const RangeFunction& hash);

/// First numbers of the ranges that differ, in order: another hash or count, or held by one side
/// alone, or named twice.
std::vector<Seq> differing_ranges(std::span<const RangeHash> mine,
                                  std::span<const RangeHash> theirs);

enum class RowDifference {
  kMissingHere,   // they hold it
  kMissingThere,  // only we hold it
  kOther,         // both hold one, with other content
};
const char* to_string(RowDifference difference);  // "missing-here", ...

struct DifferingRow {
  Seq seq;
  RowDifference difference = RowDifference::kOther;
  Leaf mine;    // none: missing here
  Leaf theirs;  // none: missing there
  friend bool operator==(const DifferingRow&, const DifferingRow&) = default;
};

/// Rows of one range, or of any two lists that rise by number.
std::vector<DifferingRow> differing_rows(std::span<const NumberedLeaf> mine,
                                         std::span<const NumberedLeaf> theirs);

}  // namespace minqing::courier
