// A bounded map that forgets what was used longest ago.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <utility>

#include "core/check.h"

namespace minqing::seal {

/// Not thread-safe. Forgotten values are destroyed at once.
template <class Key, class Value>
class LruCache {
 public:
  explicit LruCache(std::size_t entries_max) : entries_max_{entries_max} { CHECK(entries_max > 0); }

  /// nullptr when unknown; lives until the next put.
  Value* find(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->second;
  }

  /// Puts a key that is not there yet.
  Value& put(const Key& key, Value value) {
    CHECK(!index_.contains(key));
    if (order_.size() == entries_max_) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    order_.emplace_front(key, std::move(value));
    index_.emplace(key, order_.begin());
    return order_.front().second;
  }

  std::size_t size() const { return order_.size(); }

 private:
  using Order = std::list<std::pair<Key, Value>>;
  std::size_t entries_max_;
  Order order_;  // most recently used first
  std::map<Key, typename Order::iterator> index_;
};

}  // namespace minqing::seal
