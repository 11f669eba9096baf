// City: the small city that is simulated: its directory, who hosts what, and everybody's keys, all
// made from the seed.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/directory.h"
#include "seal/key_ring.h"
#include "tests/sim/seeded_random.h"

namespace minqing::sim {

inline const Address kCity = Address::of("3308");
inline const Address kCounty = Address::of("330824");
inline const Address kTown = Address::of("330824115");
inline const Address kVillage1 = Address::of("330824115201");
inline const Address kVillage2 = Address::of("330824115202");
inline const Address kHousing = Address::of("housing@330824");
inline const Address kEmergency = Address::of("emergency@330824");
inline const Address kDiscipline = Address::of("discipline@330824");
inline const Address kCityDiscipline = Address::of("discipline@3308");

inline constexpr const char* kAccusedCategory = "1206";  // sealed: for the discipline channel only

struct CityNode {
  std::string name;
  std::vector<Address> addresses;
};

class City {
 public:
  City(Instant start, SeededRandom& random);

  /// Some addresses are hosted together, by divisions' machines as they are.
  const std::vector<CityNode>& nodes() const { return nodes_; }
  const std::shared_ptr<const Directory>& directory() const { return directory_; }
  /// The keys of `node` alone.
  const seal::KeyRing& ring_of(const CityNode& node) const { return rings_.at(node.name); }

 private:
  void add(
      const Address& address, const char* name, OrgKind kind, Instant start, SeededRandom& random);

  std::vector<CityNode> nodes_;
  std::map<std::string, seal::KeyRing> rings_;
  Directory::Content content_;
  std::shared_ptr<const Directory> directory_;
};

}  // namespace minqing::sim
