// minqing-bench-node: minqing-node with one more handler, which makes the load of the benchmarks.
// Started by minqing-bench alone.
#include <cstdlib>

#include "bench/load_handler.h"
#include "nodes/common/node_main.h"

namespace minqing::bench {
namespace {

Result<std::string> variable(const char* name) {
  const char* text = std::getenv(name);
  if (text != nullptr) return std::string{text};
  return Error{Errc::kInvalid,
               std::string{"this program is started by minqing-bench: "} + name + " is not set"};
}

Result<std::vector<node::HandlerSet::Binding>> make_handlers(const node::NodeConfig&) {
  ASSIGN_OR_RETURN(const std::string board_path, variable(kLoadBoardVariable));
  ASSIGN_OR_RETURN(const std::string from_text, variable(kLoadFromVariable));
  ASSIGN_OR_RETURN(const std::string to_text, variable(kLoadToVariable));
  ASSIGN_OR_RETURN(const Address from, Address::parse(from_text));
  ASSIGN_OR_RETURN(const Address to, Address::parse(to_text));
  ASSIGN_OR_RETURN(auto board, SharedFile<LoadBoard>::open(board_path));
  std::vector<node::HandlerSet::Binding> out;
  out.push_back({from, std::make_unique<LoadHandler>(std::move(board), from, to)});
  return out;
}

}  // namespace
}  // namespace minqing::bench

int main(int argc, char** argv) {
  return minqing::node::node_main(
      {.name = "minqing-bench-node",
       .summary = "民情直通车:性能测试节点 (a node that makes the load of the benchmarks)"},
      minqing::bench::make_handlers, argc, argv);
}
