// Carried: nodes whose mail comes and goes by hand, and what their addressees answered meanwhile.
//
// A receipt for a node that is offline is normally dropped: the next session says it again. A node
// that never has a session would never hear one. So the newest receipt of each stream is kept for
// nodes that were carried, until the node has a session or is carried to. Memory only: what is lost
// with the broker costs one more way of the same envelopes.
// Bounds: kNodesMax nodes (the one noted longest ago is forgotten), kReceiptsPerNodeMax and
// kReceiptsMax receipts; above, a new stream's receipt is dropped and counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "courier/frame.h"

namespace minqing::broker {

class Carried {
 public:
  static constexpr std::size_t kNodesMax = 1'024;
  static constexpr std::size_t kReceiptsPerNodeMax = 4'096;
  static constexpr std::size_t kReceiptsMax = 65'536;

  /// `node` is carried from now on.
  void note(std::string_view node);
  bool is_noted(std::string_view node) const { return nodes_.contains(node); }
  /// Keeps it when `node`, the host of its stream's sender, is carried; it takes the place of an
  /// older one.
  void keep(std::string_view node, const courier::BoxedReceipt& receipt);
  /// What is kept for `node`, in stream order, behind the first `skip` of them; at most `max`.
  std::vector<courier::BoxedReceipt> read(std::string_view node,
                                          std::size_t skip,
                                          std::size_t max) const;
  std::size_t size_of(std::string_view node) const;
  /// The same, and forgotten here: the node has a session.
  std::vector<courier::BoxedReceipt> take(std::string_view node);

  std::size_t size() const { return size_; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Node {
    std::uint64_t noted = 0;  // rises
    std::map<courier::StreamName, courier::BoxedReceipt> receipts;
  };
  void forget_oldest();

  std::map<std::string, Node, std::less<>> nodes_;
  std::uint64_t last_noted_ = 0;
  std::size_t size_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace minqing::broker
