// The cast of the three stories: who hosts what in Kaihua county, and who works there.
#pragma once

#include <vector>

#include "cli/express/live_network.h"
#include "core/directory.h"

namespace minqing::express {

inline const Address kQuzhou = Address::of("3308");           // 衢州市
inline const Address kCounty = Address::of("330824");         // 开化县
inline const Address kTownship = Address::of("330824115");    // 华埠镇
inline const Address kVillage = Address::of("330824115201");  // 毛力坑村: people, no demo handler
inline const Address kHousing = Address::of("housing@330824");
inline const Address kEmergency = Address::of("emergency@330824");
inline const Address kEstate = Address::of("estate@330824");

// Agencies whose people act by hand in the scenarios (cli/express/scenarios).
inline const Address kLabour = Address::of("human-resources@330824");
inline const Address kLand = Address::of("natural-resources@330824");
inline const Address kFarming = Address::of("agriculture@330824");
inline const Address kCivil = Address::of("civil-affairs@330824");
inline const Address kWater = Address::of("water@330824");

inline constexpr const char* kCountyNode = "kaihua";
inline constexpr const char* kTownshipNode = "huabu";
inline constexpr const char* kVillageNode = "maolikeng";

// Staff: the same ids at every office.
inline constexpr const char* kWebPortal = "web-portal";  // files for citizens
inline constexpr const char* kClerk = "clerk-li";
inline constexpr const char* kHead = "head-wang";
inline constexpr const char* kVillageAgent = "agent-xu";  // files for villagers (代办)
inline constexpr const char* kOfficer = "officer-chen";   // at every agency

/// Seven nodes beside the broker: city, county, township (with all its villages but one), that
/// village, and three agencies. `village_line`: where the village dials.
std::vector<NodePlan> kaihua_plans(const Directory& directory, const std::string& village_line);
/// One node more, for all agencies that act by hand.
NodePlan units_plan();

}  // namespace minqing::express
