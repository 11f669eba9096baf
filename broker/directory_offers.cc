#include "broker/directory_offers.h"

namespace minqing::broker {

void DirectoryOffers::want(const SessionKey& session) {
  under_way_.erase(session);
  wanting_.insert(session);
}

void DirectoryOffers::forget(const SessionKey& session) {
  wanting_.erase(session);
  under_way_.erase(session);
}

void DirectoryOffers::forget_all() {
  wanting_.clear();
  under_way_.clear();
}

bool DirectoryOffers::on_pong(const SessionKey& session, std::uint64_t number) {
  const auto found = under_way_.find(session);
  if (found == under_way_.end() || number < found->second) return false;
  under_way_.erase(found);
  return true;
}

std::vector<SessionKey> DirectoryOffers::due() const {
  std::vector<SessionKey> out;
  for (const SessionKey& session : wanting_) {
    if (under_way_.size() + out.size() >= kOffersUnderWayMax) break;
    out.push_back(session);
  }
  return out;
}

void DirectoryOffers::sent(const SessionKey& session, std::uint64_t ping) {
  wanting_.erase(session);
  under_way_[session] = ping;
}

}  // namespace minqing::broker
