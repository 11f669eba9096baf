// Configuration files of the daemons, as an administrator would write them.
#pragma once

#include <string>

#include "cli/express/live_network.h"

namespace minqing::express {

/// node.toml of a node in nodes/<name>/ of a network directory.
std::string node_file(const NodePlan& plan,
                      const std::string& endpoint,
                      const std::string& broker_key,
                      const std::string& log_level);

/// broker.toml in broker/ of a network directory.
std::string broker_file(const std::string& endpoint, const std::string& log_level);

}  // namespace minqing::express
