#include "cli/express/city.h"

#include <map>

namespace minqing::express {
namespace {

constexpr std::size_t kCityDigits = 4;
constexpr std::size_t kCountyDigits = 6;

/// "host-3308", "host-330824": of the division's county, or of the city itself.
std::string host_of(const Address& address) {
  const std::string division{address.division()};
  return "host-" + division.substr(0, division.size() <= kCityDigits ? kCityDigits : kCountyDigits);
}

NodePlan host(const std::string& name) {
  NodePlan plan;
  plan.name = name;
  plan.staff = {{.id = kCityAgent, .roles = {"AGENT"}}};
  plan.handlers = {{.address = "*", .kind = "demo", .stage = "office"}};
  return plan;
}

}  // namespace

City plan_city(const Directory& directory) {
  City out;
  std::map<std::string, NodePlan> hosts;
  for (const AddressEntry& entry : directory.content().addresses) {
    const std::string name = host_of(entry.address);
    const auto [plan, is_new] = hosts.try_emplace(name, NodePlan{});
    if (is_new) plan->second = host(name);
    plan->second.addresses.push_back(entry.address);
    if (entry.address.is_agency()) {
      ++out.agencies;
      continue;
    }
    ++out.divisions;
    if (entry.address.tier() == Tier::kVillage) out.villages.push_back({entry.address, name});
  }
  for (auto& [name, plan] : hosts) out.hosts.push_back(std::move(plan));
  return out;
}

}  // namespace minqing::express
