// minqing act: staff do something with a case: register, dispatch, reply, close ...
#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "casework/content.h"
#include "casework/kinds.h"
#include "casework/kinds_check.h"
#include "cli/input.h"
#include "cli/read_verb.h"
#include "cli/verb.h"
#include "core/case_id.h"
#include "core/limits.h"
#include "core/uuid7.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

struct ActArgs {
  Target target;
  Output output = Output::kPeople;
  std::string kind;
  std::string case_id;
  std::string as;
  std::string loop;
  std::string reply_within;
  std::vector<std::string> sets;
};

constexpr Field kEntryFields[]{
    {"kind", "事项 kind", Form::kKind},
    {"to", "发往 to", Form::kAddress},
    {"loop", "闭环 loop", Form::kText},
    {"id", "编号 id", Form::kText},
};

Result<const casework::KindRow*> kind_of(const ActArgs& args) {
  std::string code = args.kind;
  std::ranges::transform(code, code.begin(), [](char c) {
    if (c == '-') return '_';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const casework::KindRow* row = casework::find_kind(code);
  if (row == nullptr) {
    return Error{Errc::kInvalid, "there is no kind " + args.kind + ": `minqing kinds` lists them"};
  }
  if (row->roles.empty()) {
    return Error{Errc::kNotAllowed, std::string{row->code} + " is written by the machine only"};
  }
  if (row->kind == casework::Kind::kVoidDecided) {
    return Error{Errc::kInvalid, "a number of a stream is given up by `minqing void`"};
  }
  if (row->kind == casework::Kind::kPetitionSubmit) {
    return Error{Errc::kInvalid, "a petition comes in by `minqing submit`"};
  }
  return row;
}

/// "k=v", "k=@file", "k=@-", and "k=@@v" for a value that begins with @.
Status add_field(const std::string& text, casework::Content& checked, Json& set, Console& console) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return Error{Errc::kInvalid, "--set " + text + ": write FIELD=VALUE or FIELD=@FILE"};
  }
  const std::string name = text.substr(0, equals);
  std::string value = text.substr(equals + 1);
  if (set.contains(name)) return Error{Errc::kInvalid, "--set " + name + " is given twice"};
  if (value.starts_with("@@")) {
    value.erase(0, 1);
  } else if (value.starts_with('@')) {
    ASSIGN_OR_RETURN(value,
                     read_text(value.substr(1), "--set " + name, limits::kTextBytesMax, console));
  }
  RETURN_IF_ERROR(casework::set_field(checked, name, value));
  set[name] = value;
  return ok();
}

Result<Json> request_of(const ActArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  ASSIGN_OR_RETURN(const casework::KindRow* row, kind_of(args));
  Json request{{"verb", "act"}, {"at", at.text()}, {"as", args.as}, {"kind", row->code}};
  if (!args.case_id.empty()) {
    ASSIGN_OR_RETURN(const CaseId case_id, CaseId::parse(args.case_id));
    request["case"] = case_id.text();
  } else if (args.loop.empty() && !casework::is_outside_cases(row->kind)) {
    return Error{Errc::kInvalid, std::string{row->code} + " needs a CASE: `minqing cases --at " +
                                     at.text() + "` lists them"};
  }
  if (!args.loop.empty()) {
    const auto loop = parse_uuid(args.loop);
    if (!loop) {
      return Error{Errc::kInvalid, "--loop " + args.loop + " is no loop id: `minqing loops --at " +
                                       at.text() + "` lists them"};
    }
    request["loop"] = format_uuid(*loop);
  }
  casework::Content checked;
  Json set = Json::object();
  for (const std::string& text : args.sets) {
    RETURN_IF_ERROR(add_field(text, checked, set, console));
  }
  request["set"] = std::move(set);
  if (!args.reply_within.empty()) {
    ASSIGN_OR_RETURN(const Millis within, parse_duration(args.reply_within));
    request["reply_within_ms"] = within.count();
  }
  return request;
}

Outcome act(const ActArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Json request, request_of(args, console));
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return "已提交 committed\n" + show_list(answer, "entries", kEntryFields, names, "(没有新记录)");
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_act(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<ActArgs>();
  CLI::App* verb = app.add_subcommand("act", "办理:登记、派单、答复、结案等 (act on a case)");
  verb->footer(
      "示例 example:\n"
      "  minqing act DISPATCH Q330824-26-7K3M9T2XC --at 330824 --as d01 "
      "--set asked=housing@330824 --reply-within 5d\n"
      "`minqing kinds KIND` 列出该事项的字段 (tells a kind's fields).");
  verb->add_option("kind", args->kind, "事项代码 (kind code; see `minqing kinds`)")
      ->type_name("KIND")
      ->required();
  verb->add_option("case", args->case_id, "办件编号 (case id)")->type_name("CASE");
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->add_option("--as", args->as, "经办人工号 (staff id)")->type_name("STAFF")->required();
  verb->add_option("--loop", args->loop, "所在闭环,多个时必填 (which loop, if several fit)")
      ->type_name("ID");
  verb->add_option("--set", args->sets, "字段=值 或 字段=@文件,可重复 (a field; @FILE reads it)")
      ->type_name("FIELD=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--reply-within", args->reply_within, "答复时限 (10s, 24h, 5d)")
      ->type_name("DURATION");
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return act(*args, console); }; });
}

}  // namespace minqing::cli
