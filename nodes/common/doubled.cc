#include "nodes/common/doubled.h"

#include "core/limits.h"

namespace minqing::node {

using courier::Direction;
using courier::InStream;

void Doubled::find(const Directory& directory) {
  received_.clear();
  due_.clear();
  sent_.clear();
  if (ports_.refill == nullptr || !ports_.refill->has_former_lives()) return;
  for (const AddressEntry& entry : directory.content().addresses) {
    const Address& owner = entry.address;
    if (!ports_.sealer.hosts(owner, directory)) continue;
    for (InStream& held : ports_.ledger.doubled(owner, Direction::kIn, limits::kDoubledToldMax)) {
      received_[{owner, held.key.peer}].push_back(std::move(held));
    }
    for (const InStream& held :
         ports_.ledger.doubled(owner, Direction::kOut, limits::kDoubledToldMax)) {
      sent_[{owner, held.key.peer}] = {};
    }
  }
}

void Doubled::say(const Address& owner, const Address& peer) {
  const Talk talk{owner, peer};
  if (received_.contains(talk)) due_.insert(talk);
}

void Doubled::say_all() {
  for (const auto& [talk, held] : received_) due_.insert(talk);
}

std::vector<courier::Fork> Doubled::take() {
  std::vector<courier::Fork> out;
  for (const Talk& talk : due_) {
    for (const InStream& held : received_.at(talk)) {
      out.push_back({.stream = courier::name_of_incoming(held.key, held.life),
                     .seq = held.cursor,
                     .held = held.leaf,
                     .word = {}});
    }
  }
  due_.clear();
  return out;
}

bool Doubled::is_other_life(const Address& owner, const Address& peer, const LifeId& life) {
  const auto known = sent_.find({owner, peer});
  if (known == sent_.end() || known->second == life) return false;
  known->second = life;
  return true;
}

}  // namespace minqing::node
