// The whole city as a network: one host for the city itself and one for each county, which host
// every division below them and their agencies, all played by demonstration handlers.
#pragma once

#include <vector>

#include "cli/express/live_network.h"
#include "core/directory.h"

namespace minqing::express {

/// Files cases in the villages' name.
inline constexpr const char* kCityAgent = "agent";

struct City {
  std::vector<NodePlan> hosts;
  std::size_t divisions = 0;
  std::size_t agencies = 0;
  struct Village {
    Address address;
    std::string host;
  };
  std::vector<Village> villages;
};

City plan_city(const Directory& directory);

}  // namespace minqing::express
