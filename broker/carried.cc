#include "broker/carried.h"

#include <algorithm>
#include <utility>

namespace minqing::broker {

void Carried::note(std::string_view node) {
  auto found = nodes_.find(node);
  if (found == nodes_.end()) {
    if (nodes_.size() >= kNodesMax) forget_oldest();
    found = nodes_.try_emplace(std::string{node}).first;
  }
  found->second.noted = ++last_noted_;
}

void Carried::forget_oldest() {
  const auto oldest =
      std::ranges::min_element(nodes_, {}, [](const auto& entry) { return entry.second.noted; });
  size_ -= oldest->second.receipts.size();
  nodes_.erase(oldest);
}

void Carried::keep(std::string_view node, const courier::BoxedReceipt& receipt) {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return;
  auto& receipts = found->second.receipts;
  const auto known = receipts.find(receipt.clear.stream);
  if (known != receipts.end()) {
    known->second = receipt;
    return;
  }
  if (receipts.size() >= kReceiptsPerNodeMax || size_ >= kReceiptsMax) {
    ++dropped_;
    return;
  }
  receipts.emplace(receipt.clear.stream, receipt);
  ++size_;
}

std::vector<courier::BoxedReceipt> Carried::read(std::string_view node,
                                                 std::size_t skip,
                                                 std::size_t max) const {
  std::vector<courier::BoxedReceipt> out;
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return out;
  for (const auto& [stream, receipt] : found->second.receipts) {
    if (skip > 0) {
      --skip;
      continue;
    }
    if (out.size() >= max) break;
    out.push_back(receipt);
  }
  return out;
}

std::size_t Carried::size_of(std::string_view node) const {
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? 0 : found->second.receipts.size();
}

std::vector<courier::BoxedReceipt> Carried::take(std::string_view node) {
  std::vector<courier::BoxedReceipt> out;
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return out;
  for (auto& [stream, receipt] : std::exchange(found->second.receipts, {})) {
    out.push_back(std::move(receipt));
  }
  size_ -= out.size();
  return out;
}

}  // namespace minqing::broker
