// A county and an agency, of which one is refilled by the other.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "county_and_housing.h"

namespace minqing::testing {

class RefillingNodes : public CountyAndHousing {
 protected:
  void SetUp() override {
    post_.connect(county_);
    post_.connect(housing_);
  }
  /// Everybody but the other of the two is away for good: a person says so, once both have asked.
  void refill(PaperNode& node) {
    post_.connect(node);
    post_.pass(std::chrono::seconds{3});
    ASSERT_TRUE(node.brain->refill().is_refilling()) << "it waits for those that are away";
    post_.turn(node, [&] { ASSERT_TRUE(node.brain->go_on()); });
    post_.pass(std::chrono::seconds{3});
    ASSERT_FALSE(node.brain->refill().is_refilling());
  }
  std::vector<courier::LogRow> rows(PaperNode& node) {
    node.store->begin();
    std::vector<courier::LogRow> out;
    for (const Address& peer : {kCounty, kHousing}) {
      for (const auto& row :
           node.store->ledger().load_talk(node.address, peer, {}, 1'000'000, 1ULL << 30U).rows) {
        out.push_back(row);
      }
    }
    node.store->rollback();
    return out;
  }
  std::vector<std::string> ids(PaperNode& node) {
    std::vector<std::string> out;
    for (const courier::LogRow& row : rows(node)) out.push_back(row.id.hex() + row.leaf.hex());
    std::ranges::sort(out);
    return out;
  }
};

}  // namespace minqing::testing
