// The local API's verb `refill`: how far this store has been refilled by its neighbours, and a
// person's word that it is enough.
#pragma once

#include <string>

#include "nodes/common/refill.h"

namespace minqing::node {

std::string refill_json(const RefillProgress& progress, const RefillCounters& counters);

}  // namespace minqing::node
