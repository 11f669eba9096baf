// minqing revoke: cuts a node off, at its next message.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/announce.h"
#include "cli/network/authority.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

struct RevokeArgs {
  Target target;
  std::string node;
  network::RevokeScope scope = network::RevokeScope::kNodeAndKeys;
};

Outcome revoke(const RevokeArgs& args, Console& console) {
  ASSIGN_OR_RETURN(auto authority, network::Authority::open(network_dir(args.target, console)));
  const Instant now = console.clock.now();
  const auto edit = [&](Directory::Content& content) {
    return network::revoke_node(content, args.node, args.scope, now);
  };
  ASSIGN_OR_RETURN(const auto loaded, authority.issue_next(edit, now));
  console.out << "已吊销节点 (revoked node) " << args.node << ": "
              << loaded.directory.hosted_by(args.node).size()
              << " 个单位须重新入网 (addresses must be enrolled anew)\n";
  return announce(loaded, args.target, console);
}

}  // namespace

void add_revoke(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<RevokeArgs>();
  CLI::App* verb = app.add_subcommand("revoke", "吊销节点 (cut a node off, e.g. a stolen machine)");
  add_dir_option(*verb, args->target);
  verb->add_option("node", args->node, "节点名 (the node's name)")->type_name("NODE")->required();
  verb->add_flag_callback(
      "--keep-address-keys", [args] { args->scope = network::RevokeScope::kTransportOnly; },
      "只吊销传输密钥,单位密钥未泄露时用 (only its transport key leaked: addresses keep theirs)");
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return revoke(*args, console); };
  });
}

}  // namespace minqing::cli
