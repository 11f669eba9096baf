#include "tests/sim/city.h"

#include <algorithm>

#include "core/check.h"
#include "seal/init.h"

namespace minqing::sim {

City::City(Instant start, SeededRandom& random)
    : nodes_{{"city", {kCity, kCityDiscipline}},
             {"county", {kCounty, kDiscipline}},
             {"town", {kTown, kVillage2}},
             {"village", {kVillage1}},
             {"housing", {kHousing}},
             {"emergency", {kEmergency}}} {
  CHECK(seal::init());
  content_.network = "simulated";
  content_.version = {3};
  content_.expires_at = start + std::chrono::days{300};
  for (const CityNode& node : nodes_) {
    NodeEntry entry;
    entry.name = node.name;
    entry.transport = random_bytes<PublicKey>(random);
    content_.nodes.push_back(entry);
    rings_[node.name];
  }
  add(kCity, "衢州市", OrgKind::kPartyGovernment, start, random);
  add(kCityDiscipline, "市纪委", OrgKind::kDiscipline, start, random);
  add(kCounty, "开化县", OrgKind::kPartyGovernment, start, random);
  add(kDiscipline, "县纪委", OrgKind::kDiscipline, start, random);
  add(kTown, "池淮镇", OrgKind::kTownshipOffice, start, random);
  add(kVillage1, "一村", OrgKind::kVillageCommittee, start, random);
  add(kVillage2, "二村", OrgKind::kVillageCommittee, start, random);
  add(kHousing, "县住建局", OrgKind::kPartyGovernment, start, random);
  add(kEmergency, "县应急局", OrgKind::kPartyGovernment, start, random);

  Duty housing;
  housing.category = "0101";
  housing.area = kCounty.text();
  housing.lead = kHousing;
  housing.assists = {kEmergency};
  content_.duties.push_back(housing);
  content_.categories = {{"01", "城乡建设与住房", "housing", false},
                         {"0101", "物业管理", "property", false},
                         {"0201", "道路桥涵", "roads", false},
                         {kAccusedCategory, "违纪违法举报", "misconduct", true}};
  auto made = Directory::make(content_);
  CHECK(made.has_value());
  directory_ = std::make_shared<const Directory>(*std::move(made));
}

void City::add(
    const Address& address, const char* name, OrgKind kind, Instant start, SeededRandom& random) {
  const auto host = std::ranges::find_if(nodes_, [&](const CityNode& node) {
    return std::ranges::find(node.addresses, address) != node.addresses.end();
  });
  CHECK(host != nodes_.end());
  seal::KeyRing& ring = rings_.at(host->name);
  ring.add(address, random_bytes<SecretKey>(random), random_bytes<SecretKey>(random));
  const seal::AddressKeys& pair = ring.of(address).front();

  AddressEntry entry;
  entry.address = address;
  entry.name_zh = name;
  entry.name_en = address.text();
  entry.kind = kind;
  entry.node = host->name;
  entry.signing.push_back({pair.signing_id, pair.signing_public, EntryState::kActive, start});
  entry.sealing.push_back({pair.sealing_id, pair.sealing_public, EntryState::kActive, start});
  content_.addresses.push_back(entry);
}

}  // namespace minqing::sim
