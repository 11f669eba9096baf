// minqing-agency: the daemon of partner agencies, with their adapters.
#include "nodes/agency/make_handlers.h"
#include "nodes/common/node_main.h"

int main(int argc, char** argv) {
  return minqing::node::node_main(
      {.name = "minqing-agency",
       .summary = "民情直通车:部门单位节点 (the node of partner agencies, with their adapters)"},
      minqing::agency::make_handlers, argc, argv);
}
