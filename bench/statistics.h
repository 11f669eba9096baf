// Figures of several rounds: their middle and their spread.
#pragma once

#include <cstdint>
#include <vector>

namespace minqing::bench {

/// The value below which `share` of `values` lie, between neighbours by interpolation; 0 when there
/// are none.
double quantile(std::vector<double> values, double share);
inline double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}

/// ours[i] / theirs[i]: what ran in the same round is compared, so that a machine that is slow for
/// a while is slow for both. Rounds that one of them lacks, and divisions by 0, are left out.
std::vector<double> ratios(const std::vector<double>& ours, const std::vector<double>& theirs);

}  // namespace minqing::bench
