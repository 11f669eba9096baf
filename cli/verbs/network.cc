// minqing network: the authority's verbs, and a look at the directory.
#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/announce.h"
#include "cli/input.h"
#include "cli/network/authority.h"
#include "cli/network_words.h"
#include "cli/read_verb.h"
#include "cli/verb.h"
#include "ops/atomic_file.h"

namespace minqing::cli {
namespace {

struct NetworkArgs {
  Target target;
  Output output = Output::kPeople;
  std::string from;
  std::string address;
  std::string successor;
  std::string keeper;
  std::string key;
  std::vector<std::string> requests;
  bool is_list_wanted = false;
  int days = 0;
};
using ArgsPtr = std::shared_ptr<NetworkArgs>;
using Body = Outcome (*)(const NetworkArgs&, Console&);

/// Signs the next version with `edit` applied, and tells the broker.
Outcome change(const NetworkArgs& args, const network::Edit& edit, Console& console) {
  ASSIGN_OR_RETURN(auto authority, network::Authority::open(network_dir(args.target, console)));
  std::optional<std::chrono::days> validity;
  if (args.days > 0) validity = std::chrono::days{args.days};
  ASSIGN_OR_RETURN(const auto loaded, authority.issue_next(edit, console.clock.now(), validity));
  return announce(loaded, args.target, console);
}

Result<Address> address_of(const std::string& text) {
  ASSIGN_OR_RETURN(auto list, parse_addresses({text}, "address"));
  return std::move(list.front());
}

Outcome init(const NetworkArgs& args, Console& console) {
  const network::NetworkDir dir = network_dir(args.target, console);
  ASSIGN_OR_RETURN(const auto loaded, network::init_network(dir, args.from, console.clock.now()));
  console.out << "已建立网络 (the network is made in) " << dir.root().string() << "\n"
              << summary_text(loaded.directory, console.clock.now())
              << "\n请把 authority.key 另存一份到安全处,切勿放到任何节点上。\n"
                 "(Keep a copy of authority.key in a safe, and none on any node.)\n"
                 "下一步 next: minqing enroll --node NAME --host ADDR --admit\n";
  return done();
}

Outcome update(const NetworkArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const auto loaded, network::update_network(network_dir(args.target, console),
                                                              args.from, console.clock.now()));
  return announce(loaded, args.target, console);
}

Outcome show(const NetworkArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(network_dir(args.target, console)));
  const Directory& directory = loaded.directory;
  const Instant now = console.clock.now();
  if (args.output == Output::kJson) {
    console.out << directory_json(directory, now);
    return done();
  }
  if (!args.address.empty()) {
    ASSIGN_OR_RETURN(const Address address, address_of(args.address));
    const AddressEntry* entry = directory.find(address);
    if (entry == nullptr) {
      return Error{Errc::kNotFound, "address " + address.text() + " is not in the directory"};
    }
    console.out << address_text(directory, *entry);
    return done();
  }
  console.out << summary_text(directory, now) << "\n" << nodes_text(directory);
  if (args.is_list_wanted) console.out << "\n" << addresses_text(directory);
  return done();
}

Outcome check(const NetworkArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(network_dir(args.target, console)));
  const std::vector<NetworkFinding> findings = findings_of(loaded.directory, console.clock.now());
  if (args.output == Output::kJson) {
    console.out << findings_json(loaded.directory, findings);
  } else {
    console.out << "签名有效,内容一致 (signed by the authority, consistent): 第 "
                << loaded.directory.version().value << " 版\n"
                << findings_text(findings);
  }
  const bool is_faulty = std::ranges::any_of(findings, [](const NetworkFinding& finding) {
    return finding.weight == NetworkFinding::Weight::kFault;
  });
  return is_faulty ? ops::ExitCode::kConfig : ops::ExitCode::kOk;
}

Outcome admit(const NetworkArgs& args, Console& console) {
  std::vector<network::EnrolRequest> requests;
  for (const std::string& path : args.requests) {
    ASSIGN_OR_RETURN(const std::string text, ops::read_text_file(path, network::kRequestBytesMax));
    auto request = network::request_from_json(text);
    if (!request) return Error{request.error().code, path + ": " + request.error().detail};
    console.out << "接纳 admit: " << request->node << ", " << request->items.size()
                << " 个单位 addresses\n";
    requests.push_back(*std::move(request));
  }
  const Instant now = console.clock.now();
  return change(
      args,
      [&](Directory::Content& content) -> Status {
        for (const auto& request : requests) {
          RETURN_IF_ERROR(network::admit(content, request, now));
        }
        return ok();
      },
      console);
}

Outcome renew(const NetworkArgs& args, Console& console) {
  return change(
      args, [](Directory::Content&) { return ok(); }, console);
}

Outcome suspend(const NetworkArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address address, address_of(args.address));
  return change(
      args, [&](auto& content) { return network::suspend_address(content, address); }, console);
}

Outcome activate(const NetworkArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address address, address_of(args.address));
  return change(
      args, [&](auto& content) { return network::activate_address(content, address); }, console);
}

Outcome dissolve(const NetworkArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address address, address_of(args.address));
  ASSIGN_OR_RETURN(const Address successor, address_of(args.successor));
  return change(
      args, [&](auto& content) { return network::dissolve_address(content, address, successor); },
      console);
}

Outcome keeper(const NetworkArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address address, address_of(args.address));
  Address keeper;
  if (!args.keeper.empty()) {
    ASSIGN_OR_RETURN(keeper, address_of(args.keeper));
  }
  return change(
      args, [&](auto& content) { return network::set_keeper(content, address, keeper); }, console);
}

Outcome revoke_key(const NetworkArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address address, address_of(args.address));
  KeyId key;
  if (!args.key.empty()) {
    const auto parsed = KeyId::parse(args.key);
    if (!parsed) {
      return Error{Errc::kInvalid, "--key " + args.key +
                                       " must be 16 hexadecimal digits; "
                                       "`minqing network show " +
                                       address.text() + "` lists them"};
    }
    key = *parsed;
  }
  const Instant now = console.clock.now();
  return change(
      args, [&](auto& content) { return network::revoke_key(content, address, key, now); },
      console);
}

Outcome push(const NetworkArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const auto loaded, network::load_directory(network_dir(args.target, console)));
  ASSIGN_OR_RETURN(const std::string version, push_directory(loaded, args.target, console));
  console.out << "已推送,中枢目录版本 (pushed; the broker has version) " << version << "\n";
  return done();
}

CLI::App* add(CLI::App& parent,
              const char* name,
              const char* help,
              const ArgsPtr& args,
              Body body,
              Choice& choice) {
  CLI::App* verb = parent.add_subcommand(name, help);
  add_dir_option(*verb, args->target);
  verb->callback([args, body, &choice] {
    choice.run = [args, body](Console& console) { return body(*args, console); };
  });
  return verb;
}

void add_from(CLI::App& verb, NetworkArgs& args) {
  verb.add_option("--from", args.from, "网络配置目录,如 config/quzhou (the network's files)")
      ->type_name("FILES")
      ->required();
}

void add_address(CLI::App& verb, NetworkArgs& args) {
  verb.add_option("address", args.address, "单位地址 (address)")->type_name("ADDR")->required();
}

void add_reading(CLI::App& network, const ArgsPtr& args, Choice& choice) {
  CLI::App* verb = add(network, "show", "查看目录 (the directory in force)", args, show, choice);
  verb->add_option("address", args->address, "只看该单位及其密钥 (one address and its keys)")
      ->type_name("ADDR");
  verb->add_flag("--addresses", args->is_list_wanted, "列出全部单位 (list all addresses)");
  add_json_option(*verb, args->output);
  verb = add(network, "check", "检查签名、有效期、接入情况 (signature, expiry, who is missing)",
             args, check, choice);
  add_json_option(*verb, args->output);
}

void add_changing(CLI::App& network, const ArgsPtr& args, Choice& choice) {
  CLI::App* verb = add(network, "admit", "接纳入网申请 (sign requests of `minqing enroll`)", args,
                       admit, choice);
  verb->add_option("request", args->requests, "申请文件 (request files)")
      ->type_name("REQUEST")
      ->required();
  verb = add(network, "renew", "续签目录 (sign the same content anew, with a new expiry)", args,
             renew, choice);
  verb->add_option("--days", args->days, "有效天数 (days it is valid)")
      ->type_name("N")
      ->check(CLI::Range(1, 3'650));
  verb = add(network, "suspend", "暂停单位 (an address' mail waits)", args, suspend, choice);
  add_address(*verb, *args);
  verb = add(network, "activate", "恢复单位 (end a suspension)", args, activate, choice);
  add_address(*verb, *args);
  verb =
      add(network, "dissolve", "撤销单位 (for ever; names who takes over)", args, dissolve, choice);
  add_address(*verb, *args);
  verb->add_option("--successor", args->successor, "承接单位 (who takes over)")
      ->type_name("ADDR")
      ->required();
  verb = add(network, "keeper",
             "指定保全单位 (who keeps what only its disk holds; without --to: its superior)", args,
             keeper, choice);
  add_address(*verb, *args);
  verb->add_option("--to", args->keeper, "保全单位 (the keeper)")->type_name("ADDR");
  verb = add(network, "revoke-key", "吊销单位密钥 (revoke an address' keys)", args, revoke_key,
             choice);
  add_address(*verb, *args);
  verb->add_option("--key", args->key, "只吊销此钥 (only this key id; else all)")->type_name("ID");
}

}  // namespace

void add_network(CLI::App& app, Choice& choice) {
  const auto args = std::make_shared<NetworkArgs>();
  CLI::App* network = app.add_subcommand("network", "网络与目录 (the network and its directory)");
  network->require_subcommand(1);
  CLI::App* verb = add(*network, "init", "建立网络 (make a network: authority key and directory)",
                       args, init, choice);
  add_from(*verb, *args);
  verb = add(*network, "update", "按配置更新目录 (names and duties anew; enrolments stay)", args,
             update, choice);
  add_from(*verb, *args);
  add_reading(*network, args, choice);
  add_changing(*network, args, choice);
  add(*network, "push", "推送目录给中枢 (hand directory.bin to the broker)", args, push, choice);
}

}  // namespace minqing::cli
