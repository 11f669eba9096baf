#include "cli/express/kaihua.h"

namespace minqing::express {
namespace {

/// Slow enough to be followed by eye.
constexpr Millis kAgencyDelay{150};
constexpr Millis kVillageDelay{40};

std::vector<StaffPlan> office_staff() {
  return {{.id = kWebPortal, .roles = {"CITIZEN"}},
          {.id = kClerk, .roles = {"CLERK", "DISPATCHER"}},
          {.id = kHead, .roles = {"UNIT_HEAD"}}};
}

NodePlan office(const char* name, std::vector<Address> addresses) {
  NodePlan plan;
  plan.name = name;
  plan.addresses = std::move(addresses);
  plan.staff = office_staff();
  return plan;
}

NodePlan agency(const char* name, const Address& address) {
  NodePlan plan;
  plan.name = name;
  plan.program = NodePlan::Program::kAgency;
  plan.addresses = {address};
  plan.staff = {{.id = kOfficer, .roles = {"HANDLER", "UNIT_HEAD"}}};
  plan.handlers = {{.address = "*", .kind = "demo", .stage = "agency", .delay = kAgencyDelay}};
  return plan;
}

}  // namespace

NodePlan units_plan() {
  NodePlan plan = agency("kaihua-units", kLabour);
  plan.addresses = {kLabour, kLand, kFarming, kCivil, kWater};
  plan.handlers.clear();
  return plan;
}

std::vector<NodePlan> kaihua_plans(const Directory& directory, const std::string& village_line) {
  NodePlan township = office(kTownshipNode, {kTownship});
  for (const AddressEntry* village : directory.children_of(kTownship)) {
    if (village->address == kVillage) continue;
    township.addresses.push_back(village->address);
    township.handlers.push_back({.address = village->address.text(),
                                 .kind = "demo",
                                 .stage = "agency",
                                 .delay = kVillageDelay});
  }
  NodePlan village = office(kVillageNode, {kVillage});
  village.staff.push_back({.id = kVillageAgent, .roles = {"AGENT", "CLERK", "HANDLER"}});
  village.dial = village_line;
  return {office("quzhou", {kQuzhou}),
          office(kCountyNode, {kCounty}),
          township,
          village,
          agency("kaihua-housing", kHousing),
          agency("kaihua-emergency", kEmergency),
          agency("kaihua-estate", kEstate)};
}

}  // namespace minqing::express
