// The network that is tortured: a city, a county, a township with its villages, and the agencies of
// county and city, played by demonstration handlers. A village's case goes up two tiers, out to one
// or more agencies, and back.
#pragma once

#include "cli/express/city.h"

namespace minqing::torture {

/// Four hosts; cases are filed at the township's villages.
express::City plan_network(const Directory& directory);

}  // namespace minqing::torture
