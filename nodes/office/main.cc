// minqing-node: the daemon of offices: city, county, township, village.
#include "nodes/agency/make_handlers.h"
#include "nodes/common/node_main.h"

int main(int argc, char** argv) {
  return minqing::node::node_main(
      {.name = "minqing-node",
       .summary =
           "民情直通车:各级办公节点 (the node of a city, county, township or village office)"},
      minqing::agency::make_handlers, argc, argv);
}
