#include "broker/sessions.h"

#include <algorithm>

#include "core/check.h"

namespace minqing::broker {

void UnderWay::on_credit(const courier::Credit& credit) {
  Count& count = counts_.at(courier::precedence(credit.lane, credit.side));
  if (count.window == 0) count.window = credit.bytes_total;
  count.granted = std::max(count.granted, credit.bytes_total);
}

void UnderWay::on_sent(Lane lane, Side side, std::size_t bytes) {
  counts_.at(courier::precedence(lane, side)).sent += bytes;
}

std::uint64_t UnderWay::bytes() const {
  std::uint64_t sum = 0;
  for (const Count& count : counts_) {
    const std::uint64_t consumed = count.granted - count.window;
    if (count.sent > consumed) sum += count.sent - consumed;
  }
  return sum;
}

Session* Sessions::find(const SessionKey& key) {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &found->second;
}

const Session* Sessions::current_of(std::string_view node) const {
  const auto found = by_node_.find(node);
  return found == by_node_.end() ? nullptr : &by_key_.at(found->second.rbegin()->second);
}

Session* Sessions::current_of(std::string_view node) {
  const auto found = by_node_.find(node);
  return found == by_node_.end() ? nullptr : &by_key_.at(found->second.rbegin()->second);
}

Session* Sessions::note_asked(const SessionKey& key, std::string_view node, Instant now) {
  if (!has_room()) return nullptr;
  Session& session = by_key_[key];
  session.key = key;
  session.state = kHello;
  session.node = node;
  session.since = now;
  session.last_heard = now;
  return &session;
}

Session& Sessions::open(const SessionKey& key, std::string_view node, Instant now) {
  close(key);
  last_number_ = last_number_.next();
  Session& session = by_key_[key];
  session.key = key;
  session.state = kLive;
  session.number = last_number_;
  session.node = node;
  session.since = now;
  session.last_heard = now;
  session.last_ping = now;
  by_node_[session.node].emplace(session.number, key);
  ++live_count_;
  return session;
}

void Sessions::close(const SessionKey& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  const Session& session = found->second;
  if (session.state == kLive) {
    const auto node = by_node_.find(session.node);
    CHECK(node != by_node_.end());
    CHECK(node->second.erase(session.number) == 1);
    if (node->second.empty()) by_node_.erase(node);
    --live_count_;
  }
  by_key_.erase(found);
}

const Session* Sessions::surplus_of(std::string_view node) const {
  const auto found = by_node_.find(node);
  if (found == by_node_.end() || found->second.size() <= kSessionsPerNodeMax) return nullptr;
  return &by_key_.at(found->second.begin()->second);
}

}  // namespace minqing::broker
