// The local API's verb `refill`: how far this store has been refilled by its neighbours, and a
// person's word that it is enough; and the verb `balance`: the comparison with all peers.
#pragma once

#include <string>

#include "nodes/common/balance.h"
#include "nodes/common/refill.h"

namespace minqing::node {

std::string refill_json(const RefillProgress& progress, const RefillCounters& counters);
std::string balance_json(const BalanceProgress& progress, const BalanceCounters& counters);

}  // namespace minqing::node
