// HeldBack: envelopes that came before their predecessors, kept a while so that a lost one costs
// one resend and not a window. Not durable: what is dropped is resent, for it was never receipted.
//
// Bounded per stream and life (envelopes and bytes; the highest number goes first) and in all.
// Item: what the caller keeps of an envelope. Hold only what opened and verified.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/limits.h"
#include "courier/stream.h"

namespace minqing::courier {

/// An incoming stream in one life of its sender.
struct InStreamKey {
  StreamKey key;
  LifeId life;
  friend auto operator<=>(const InStreamKey&, const InStreamKey&) = default;
};

struct HeldBackLimits {
  std::size_t envelopes = limits::kHeldBackEnvelopesMax;  // per stream and life
  std::size_t bytes = limits::kHeldBackBytesMax;          // per stream and life
  /// All streams together; above, what comes is dropped. However many lives a peer makes up.
  std::size_t bytes_of_all = 32 * limits::kHeldBackBytesMax;
};

enum class Held {
  kHeld,
  kAlready,  // the same envelope is there
  kFork,     // another leaf is held at this number: the first stays
  kDropped,  // no room: it was the highest, or all is full
};

template <class Item>
class HeldBack {
 public:
  explicit HeldBack(HeldBackLimits limits = {}) : limits_{limits} {}

  /// `bytes`: what keeping the item costs.
  Held hold(const InStreamKey& stream, Seq seq, const Leaf& leaf, std::size_t bytes, Item item) {
    const auto found = streams_.find(stream);
    if (found != streams_.end()) {
      const auto there = found->second.entries.find(seq);
      if (there != found->second.entries.end()) {
        return there->second.leaf == leaf ? Held::kAlready : Held::kFork;
      }
    }
    const std::size_t cost = bytes + kEntryBytes;
    if (!make_room(found, seq, cost)) return Held::kDropped;
    Stream& place = streams_[stream];
    place.entries.emplace(seq, Entry{leaf, cost, std::move(item)});
    place.bytes += cost;
    bytes_ += cost;
    ++envelopes_;
    return Held::kHeld;
  }

  /// The cursor is at `cursor` now: what follows it without a gap, in order, and no longer held.
  /// Each is classified again by the caller. What the cursor has passed is forgotten.
  std::vector<Item> release(const InStreamKey& stream, Seq cursor) {
    std::vector<Item> out;
    const auto found = streams_.find(stream);
    if (found == streams_.end()) return out;
    auto& entries = found->second.entries;
    while (!entries.empty() && entries.begin()->first <= cursor.next()) {
      if (entries.begin()->first == cursor.next()) {
        out.push_back(std::move(entries.begin()->second.item));
        cursor = cursor.next();
      }
      take_out(found->second, entries.begin());
    }
    if (entries.empty()) streams_.erase(found);
    return out;
  }

  /// For a life that is over, or a peer that is gone.
  void forget(const InStreamKey& stream) {
    const auto found = streams_.find(stream);
    if (found == streams_.end()) return;
    auto& entries = found->second.entries;
    while (!entries.empty()) take_out(found->second, entries.begin());
    streams_.erase(found);
  }

  std::size_t envelopes() const { return envelopes_; }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  static constexpr std::size_t kEntryBytes = 256;  // about what the table itself costs

  struct Entry {
    Leaf leaf;
    std::size_t cost = 0;
    Item item;
  };
  struct Stream {
    std::map<Seq, Entry> entries;
    std::size_t bytes = 0;
  };
  using Streams = std::map<InStreamKey, Stream>;

  /// Drops higher numbers of the same stream until `seq` fits; false when it can not.
  bool make_room(typename Streams::iterator found, Seq seq, std::size_t cost) {
    const auto fits = [&](std::size_t envelopes, std::size_t bytes, std::size_t bytes_of_all) {
      return envelopes < limits_.envelopes && bytes + cost <= limits_.bytes &&
             bytes_of_all + cost <= limits_.bytes_of_all;
    };
    if (found == streams_.end()) {
      if (fits(0, 0, bytes_)) return true;
      ++dropped_;
      return false;
    }
    Stream& stream = found->second;
    while (!fits(stream.entries.size(), stream.bytes, bytes_)) {
      ++dropped_;
      if (stream.entries.empty() || stream.entries.rbegin()->first < seq) {
        if (stream.entries.empty()) streams_.erase(found);
        return false;
      }
      take_out(stream, std::prev(stream.entries.end()));
    }
    return true;
  }

  void take_out(Stream& stream, typename std::map<Seq, Entry>::iterator entry) {
    CHECK(stream.bytes >= entry->second.cost && bytes_ >= entry->second.cost && envelopes_ > 0);
    stream.bytes -= entry->second.cost;
    bytes_ -= entry->second.cost;
    --envelopes_;
    stream.entries.erase(entry);
  }

  HeldBackLimits limits_;
  Streams streams_;
  std::size_t bytes_ = 0;
  std::size_t envelopes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace minqing::courier
