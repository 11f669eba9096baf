// minqing enroll: makes a node's keys on its own machine, and the request to be admitted.
#include <memory>
#include <ostream>
#include <set>

#include <CLI/CLI.hpp>

#include "cli/announce.h"
#include "cli/input.h"
#include "cli/network/authority.h"
#include "cli/verb.h"
#include "ops/atomic_file.h"

namespace minqing::cli {
namespace {

struct EnrollArgs {
  Target target;
  std::string node;
  std::vector<std::string> hosts;
  std::vector<std::string> trees;
  std::vector<std::string> agency_trees;
  bool is_admit = false;
};

enum class TreePart { kDivisions, kAgencies };

/// All of one sort at or under `code` that no other node hosts.
Status add_tree(const Directory& directory,
                const EnrollArgs& args,
                const std::string& code,
                TreePart part,
                std::set<Address>& out) {
  const auto top = Address::parse(code);
  if (!top || top->is_agency() || directory.find(*top) == nullptr) {
    return Error{Errc::kInvalid,
                 code +
                     " is no division of this network: --host-tree and --host-agencies take a "
                     "code like 330824"};
  }
  for (const AddressEntry& entry : directory.content().addresses) {
    const bool is_agency = part == TreePart::kAgencies;
    if (entry.address.is_agency() != is_agency) continue;
    if (!covers(code, entry.address.division())) continue;
    if (entry.state == EntryState::kDissolved) continue;
    if (!entry.node.empty() && entry.node != args.node) continue;
    out.insert(entry.address);
  }
  return ok();
}

Result<std::vector<Address>> addresses_of(const EnrollArgs& args, const Directory& directory) {
  ASSIGN_OR_RETURN(const auto named, parse_addresses(args.hosts, "--host"));
  std::set<Address> all{named.begin(), named.end()};
  for (const Address& address : all) {
    if (directory.find(address) == nullptr) {
      return Error{Errc::kNotFound, "--host " + address.text() +
                                        " is not in the directory: `minqing network show "
                                        "--addresses` lists them"};
    }
  }
  for (const std::string& code : args.trees) {
    RETURN_IF_ERROR(add_tree(directory, args, code, TreePart::kDivisions, all));
  }
  for (const std::string& code : args.agency_trees) {
    RETURN_IF_ERROR(add_tree(directory, args, code, TreePart::kAgencies, all));
  }
  if (all.empty()) {
    return Error{Errc::kInvalid,
                 "nothing to host: give --host ADDR, --host-tree CODE or --host-agencies CODE with "
                 "addresses that no other node hosts"};
  }
  return std::vector<Address>{all.begin(), all.end()};
}

Outcome run(const EnrollArgs& args, Console& console) {
  const network::NetworkDir dir = network_dir(args.target, console);
  RETURN_IF_ERROR(network::check_node_name(args.node));
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(dir));
  ASSIGN_OR_RETURN(auto addresses, addresses_of(args, loaded.directory));
  const Instant now = console.clock.now();
  ASSIGN_OR_RETURN(const auto made, network::enroll(dir,
                                                    {.network = loaded.directory.content().network,
                                                     .node = args.node,
                                                     .addresses = std::move(addresses)},
                                                    now));
  const network::EnrolRequest& request = made.request;
  const std::string path = dir.node_request(args.node);
  RETURN_IF_ERROR(ops::write_file_atomically(path, network::request_to_json(request),
                                             ops::FilePrivacy::kPublic));
  console.out << "密钥 keys      " << dir.node_keys(args.node).string()
              << " (只此一份,请备份; 0600)\n"
              << "申请 request   " << path << " (" << request.items.size()
              << " 个单位 addresses)\n";
  if (!made.recovery_file.empty()) {
    console.out << "恢复密钥 recovery " << made.recovery_file.string()
                << "\n请立即移到离线介质并从本机删除;本机磁盘损坏后,只有它能打开上级代存的数据。\n"
                   "(Take it off this machine now, and delete it here: when this disk is lost, it "
                   "alone opens what the keeper holds.)\n";
  }
  if (!args.is_admit) {
    console.out << "下一步:把申请交给管理机构 (next, at the authority): minqing network admit "
                << path << "\n";
    return done();
  }
  ASSIGN_OR_RETURN(auto authority, network::Authority::open(dir));
  const auto edit = [&](Directory::Content& content) {
    return network::admit(content, request, now);
  };
  ASSIGN_OR_RETURN(const auto issued, authority.issue_next(edit, now));
  return announce(issued, args.target, console);
}

}  // namespace

void add_enroll(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<EnrollArgs>();
  CLI::App* verb =
      app.add_subcommand("enroll", "节点入网:生成密钥和申请 (make a node's keys and its request)");
  add_dir_option(*verb, args->target);
  verb->add_option("--node", args->node, "节点名,如 kaihua (the node's name)")
      ->type_name("NAME")
      ->required();
  const auto list = [verb](const char* name, std::vector<std::string>& out, const char* type,
                           const char* help) {
    verb->add_option(name, out, help)->type_name(type);
  };
  list("--host", args->hosts, "ADDR", "承载的单位,可多个 (addresses it hosts)");
  list("--host-tree", args->trees, "CODE",
       "该区划及以下尚未接入的各级 (a division and all under it that have no other node)");
  list("--host-agencies", args->agency_trees, "CODE",
       "该区划及以下尚未接入的部门单位 (all agencies there that have no other node)");
  verb->add_flag("--admit", args->is_admit,
                 "本机有签发密钥时直接接纳 (sign it at once, where authority.key is)");
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return run(*args, console); }; });
}

}  // namespace minqing::cli
