#include "cli/torture/network.h"

#include "cli/express/kaihua.h"

namespace minqing::torture {
namespace {

using express::NodePlan;

NodePlan host(const char* name) {
  NodePlan plan;
  plan.name = name;
  plan.staff = {{.id = express::kCityAgent, .roles = {"AGENT"}}};
  plan.handlers = {{.address = "*", .kind = "demo", .stage = "office"}};
  return plan;
}

}  // namespace

express::City plan_network(const Directory& directory) {
  NodePlan city = host("quzhou");
  NodePlan county = host("kaihua");
  NodePlan township = host("huabu");
  NodePlan agencies = host("agencies");
  city.addresses = {express::kQuzhou};
  county.addresses = {express::kCounty};
  township.addresses = {express::kTownship};
  express::City out;
  for (const AddressEntry* village : directory.children_of(express::kTownship)) {
    township.addresses.push_back(village->address);
    out.villages.push_back({village->address, township.name});
  }
  for (const AddressEntry& entry : directory.content().addresses) {
    if (!entry.address.is_agency()) continue;
    ++out.agencies;
    if (entry.address.division() == express::kQuzhou.division()) {
      city.addresses.push_back(entry.address);
    } else if (entry.address.division() == express::kCounty.division()) {
      agencies.addresses.push_back(entry.address);
    } else {
      --out.agencies;
    }
  }
  out.divisions = 3 + out.villages.size();
  out.hosts = {std::move(city), std::move(county), std::move(township), std::move(agencies)};
  return out;
}

}  // namespace minqing::torture
