// minqing carry: mail on a stick, where there is no line. docs/adr/0012-carry-by-hand.md
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/carry_file.h"
#include "cli/daemon_call.h"
#include "cli/read_verb.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

struct CarryArgs {
  Target target;
  Output output = Output::kPeople;
  bool is_broker = false;
  std::string file;
  std::string peer;
  std::string for_node;
  std::string after;
  int mebibytes = wire::kCarryFileBytesMax >> 20U;
};

struct Word {
  const char* key;
  const char* title;
};
constexpr Word kImported[]{
    {"taken", "收下 taken"},
    {"passed", "其中已转交 of them passed on at once"},
    {"quarantined", "其中隔离 of them quarantined"},
    {"repeated", "重复 known already"},
    {"not_for_us", "非本处 not for us"},
    {"unopened", "打不开 could not be opened"},
    {"waiting", "待补前件或新名录 wait for what comes before, or a newer directory"},
    {"conflicts", "冲突 conflicts, see the log"},
    {"refused", "拒收 refused"},
    {"unreadable", "残缺 unreadable"},
    {"receipts", "签收回执 receipts"},
    {"receipts_not_for_us", "非本处回执 receipts not for us"},
    {"receipts_unreadable", "打不开的回执 receipts that could not be opened"},
    {"mail_dropped", "信箱已清 mail dropped, it was receipted"},
};

Result<std::string> socket_of(const CarryArgs& args, const Console& console) {
  if (args.is_broker) return broker_socket(args.target, console);
  return node_socket(args.target, console);
}

/// Calls `verb` with what every call of it has in common.
CarryCall caller(const CarryArgs& args, std::string socket, Json common) {
  return [&args, socket = std::move(socket),
          common = std::move(common)](const std::map<std::string, std::string>& words) {
    Json request = common;
    for (const auto& [key, value] : words) {
      if (!value.empty()) request[key] = value;
    }
    return call_daemon(socket, request.dump(), std::chrono::seconds{args.target.timeout_s});
  };
}

void print_export(const CarryArgs& args, const CarryExport& done, Console& console) {
  if (args.output == Output::kJson) {
    Json out{{"ok", true},
             {"file", done.parts.empty() ? "" : args.file},
             {"parts", done.parts.size()},
             {"envelopes", done.envelopes},
             {"receipts", done.receipts},
             {"left", done.left},
             {"unsealed", done.unsealed}};
    if (done.unsealed > 0) out["why_unsealed"] = done.why_unsealed;
    if (!done.next.empty()) out["next"] = done.next;
    console.out << out.dump(2) << "\n";
    return;
  }
  if (done.parts.empty()) {
    console.out << "没有可带的信件,未写文件 (nothing to carry; no file was written)\n";
  } else {
    console.out << "已写入 written: " << args.file << "\n信件 envelopes: " << done.envelopes
                << "\n签收回执 receipts: " << done.receipts << "\n";
  }
  if (done.unsealed > 0) {
    console.out << "暂不能带 cannot travel yet: " << done.unsealed << " (" << done.why_unsealed
                << ")\n";
  }
  if (!done.next.empty()) {
    console.out << "文件已满,余下另存 (the file is full; the rest into a next one";
    if (done.left > 0) console.out << ", " << done.left << " envelopes";
    console.out << "): --after " << done.next << "\n";
  }
}

Outcome carry_export(const CarryArgs& args, Console& console) {
  Json common{{"verb", "carry-export"}};
  if (args.is_broker) {
    if (args.for_node.empty()) {
      return Error{Errc::kInvalid, "at a broker, --for-node says for whom: a node's name"};
    }
    common["node"] = args.for_node;
  } else if (!args.for_node.empty()) {
    return Error{Errc::kInvalid, "--for-node belongs to --broker; at a node, --for names a peer"};
  }
  if (!args.peer.empty()) {
    if (args.is_broker) return Error{Errc::kInvalid, "--for is for nodes; use --for-node"};
    const auto peer = Address::parse(args.peer);
    if (!peer) return Error{Errc::kInvalid, "--for " + args.peer + ": " + peer.error().detail};
    common["peer"] = peer->text();
  }
  ASSIGN_OR_RETURN(const std::string socket, socket_of(args, console));
  // Room for the frame of the file itself.
  const std::size_t bytes_max = (static_cast<std::size_t>(args.mebibytes) << 20U) - 4'096;
  ASSIGN_OR_RETURN(const CarryExport done,
                   gather_parts(caller(args, socket, common), args.after, bytes_max));
  if (!done.parts.empty()) RETURN_IF_ERROR(save_carry_file(args.file, done.parts));
  print_export(args, done, console);
  return cli::done();
}

Outcome carry_import(const CarryArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const auto parts, load_carry_file(args.file));
  ASSIGN_OR_RETURN(const std::string socket, socket_of(args, console));
  auto done = hand_in_parts(caller(args, socket, {{"verb", "carry-import"}}), parts);
  if (!done) return Error{done.error().code, args.file + ": " + done.error().detail};
  if (args.output == Output::kJson) {
    Json out{{"ok", true}, {"file", args.file}, {"parts", parts.size()}};
    for (const auto& [key, number] : done->sums) out[key] = number;
    for (const auto& [key, text] : done->texts) out[key] = text;
    console.out << out.dump(2) << "\n";
    return cli::done();
  }
  if (done->sums["taken"] == 0 && done->sums["repeated"] > 0) {
    console.out << "此前已带入过,没有新信件 (imported before: nothing new)\n";
  }
  for (const Word& word : kImported) {
    const auto found = done->sums.find(word.key);
    const bool is_shown =
        found != done->sums.end() && (found->second > 0 || std::string_view{word.key} == "taken");
    if (is_shown) console.out << word.title << ": " << found->second << "\n";
  }
  if (done->texts.contains("why_refused")) {
    console.out << "拒收原因 refused because: " << done->texts["why_refused"] << "\n";
  }
  return cli::done();
}

void add_common(CLI::App& verb, CarryArgs& args) {
  add_target_options(verb, args.target, AtOption::kOptional);
  add_json_option(verb, args.output);
  verb.add_option("--node", args.target.node, "节点名 (a node by name)")->type_name("NAME");
  verb.add_flag("--broker", args.is_broker, "在中枢,而非节点 (at the broker instead of a node)");
}

void add_carry_export(CLI::App& carry, Choice& choice) {
  auto args = std::make_shared<CarryArgs>();
  CLI::App* verb = carry.add_subcommand(
      "export", "把待送信件和签收回执写入文件 (what waits for others, into a file)");
  add_common(*verb, *args);
  verb->add_option("--to", args->file, "写入的文件 (the file)")->type_name("FILE")->required();
  verb->add_option("--for", args->peer, "只带给该单位的 (only what is for this address)")
      ->type_name("ADDR");
  verb->add_option("--for-node", args->for_node,
                   "中枢:带给哪个节点 (at the broker: for which node)")
      ->type_name("NODE");
  verb->add_option("--after", args->after, "从上一个文件之后接着带 (go on behind a former file)")
      ->type_name("PLACE");
  verb->add_option("--size", args->mebibytes, "文件上限 MiB (at most so many MiB)")
      ->type_name("MIB")
      ->check(CLI::Range(1, static_cast<int>(wire::kCarryFileBytesMax >> 20U)))
      ->capture_default_str();
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return carry_export(*args, console); };
  });
}

void add_carry_import(CLI::App& carry, Choice& choice) {
  auto args = std::make_shared<CarryArgs>();
  CLI::App* verb =
      carry.add_subcommand("import", "收下文件里的信件和回执 (take in what a file holds)");
  add_common(*verb, *args);
  verb->add_option("file", args->file, "带来的文件 (the file)")->type_name("FILE")->required();
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return carry_import(*args, console); };
  });
}

}  // namespace

void add_carry(CLI::App& app, Choice& choice) {
  CLI::App* carry =
      app.add_subcommand("carry", "断网时人工携带信件 (mail on a stick, where there is no line)");
  carry->require_subcommand(1);
  carry->footer(
      "示例 example:\n"
      "  minqing carry export --at 330824115201 --to /media/stick/village.mqc\n"
      "  minqing carry import /media/stick/village.mqc --broker\n"
      "  minqing carry export --broker --for-node maolikeng --to /media/stick/back.mqc\n"
      "  minqing carry import /media/stick/back.mqc --at 330824115201");
  add_carry_export(*carry, choice);
  add_carry_import(*carry, choice);
}

}  // namespace minqing::cli
