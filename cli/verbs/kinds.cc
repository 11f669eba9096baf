// minqing kinds: the table of kinds, and one kind's fields.
#include "casework/kinds.h"

#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "casework/act.h"
#include "casework/content.h"
#include "cli/kinds_document.h"
#include "cli/read_verb.h"
#include "cli/table.h"
#include "cli/verb.h"

namespace minqing::cli {
namespace {

using casework::CaseState;
using casework::KindRow;
using Json = nlohmann::ordered_json;

struct KindsArgs {
  Output output = Output::kPeople;
  std::string code;
  bool is_markdown = false;
};

std::string roles_of(const KindRow& row) {
  std::string out;
  for (const casework::Role role : row.roles) {
    out += (out.empty() ? "" : "、") + std::string{casework::role_zh(role)};
  }
  return out.empty() ? "系统" : out;
}

std::string states_of(const std::vector<CaseState>& states) {
  std::string out;
  for (const CaseState state : states)
    out += (out.empty() ? "" : " ") + std::string{to_string(state)};
  return out.empty() ? "*" : out;
}

Json json_of(const KindRow& row) {
  Json roles = Json::array();
  for (const casework::Role role : row.roles) roles.push_back(to_string(role));
  Json from = Json::array();
  for (const CaseState state : row.from) from.push_back(to_string(state));
  Json answers = Json::array();
  for (const casework::Kind kind : row.answers) answers.push_back(casework::row_of(kind).code);
  return {{"number", static_cast<std::uint16_t>(row.kind)},
          {"code", row.code},
          {"name_zh", row.name_zh},
          {"name_en", row.name_en},
          {"class", to_string(row.cls)},
          {"roles", std::move(roles)},
          {"answers", std::move(answers)},
          {"from", std::move(from)},
          {"to", row.to == CaseState::kNone ? "" : to_string(row.to)},
          {"required", row.required},
          {"allowed", row.allowed},
          {"reply_within", to_string(row.reply_within)},
          {"law", row.law}};
}

std::string all_kinds() {
  Table table{{{.title = "代码 code"},
               {.title = "名称 zh"},
               {.title = "en"},
               {.title = "类 class"},
               {.title = "谁可办 who", .align = Align::kLeft, .width_max = 40},
               {.title = "办前状态 from", .align = Align::kLeft, .width_max = 40},
               {.title = "办后 to"}}};
  for (const KindRow& row : casework::kinds()) {
    table.add({row.code, row.name_zh, row.name_en, to_string(row.cls), roles_of(row),
               states_of(row.from), row.to == CaseState::kNone ? "-" : to_string(row.to)});
  }
  return table.text();
}

void add_fields(Table& table, const std::vector<const char*>& names, const std::string& need) {
  for (const char* name : names) {
    const casework::FieldRow* field = casework::find_field(name);
    if (field == nullptr) continue;
    const bool is_machines = field->origin == casework::FieldOrigin::kMachine;
    table.add({field->name, field->name_zh, is_machines ? "系统 machine" : need,
               *field->words != '\0' ? field->words : field->meaning_en});
  }
}

/// The required fields that the node takes from the case by itself.
std::vector<const char*> filled_in(const KindRow& row) {
  const std::vector<const char*> to_give = casework::fields_to_give(row);
  std::vector<const char*> out;
  for (const char* name : row.required) {
    const bool is_given = std::ranges::any_of(
        to_give, [name](const char* other) { return std::string_view{other} == name; });
    if (!is_given) out.push_back(name);
  }
  return out;
}

std::string one_kind(const KindRow& row) {
  std::string out = std::string{row.name_zh} + " " + row.code + " (" + row.name_en + ")\n";
  out += "类 class      " + std::string{to_string(row.cls)} + "\n";
  out += "谁可办 who    " + roles_of(row) + "\n";
  out += "办前 from     " + states_of(row.from) + "\n";
  out +=
      "办后 to       " + std::string{row.to == CaseState::kNone ? "-" : to_string(row.to)} + "\n";
  if (!row.reply_within.is_none()) {
    out +=
        "时限 reply    " + term_zh(row.reply_within) + " (" + to_string(row.reply_within) + ")\n";
  }
  out += "依据 law      " + std::string{row.law} + "\n\n";
  Table table{{{.title = "字段 field"},
               {.title = "名称"},
               {.title = "要求 need"},
               {.title = "取值 meaning", .align = Align::kLeft, .width_max = 100}}};
  add_fields(table, casework::fields_to_give(row), "必填 required");
  add_fields(table, filled_in(row), "取自办件 from the case");
  add_fields(table, row.allowed, "可填 allowed");
  return table.is_empty() ? out : out + table.text();
}

Outcome kinds(const KindsArgs& args, Console& console) {
  const KindRow* row = args.code.empty() ? nullptr : casework::find_kind(args.code);
  if (!args.code.empty() && row == nullptr) {
    return Error{Errc::kInvalid, "there is no kind " + args.code + ": `minqing kinds` lists them"};
  }
  if (args.is_markdown) {
    console.out << kinds_document();
    return done();
  }
  if (args.output == Output::kJson) {
    Json list = Json::array();
    for (const KindRow& each : casework::kinds()) {
      if (row == nullptr || row == &each) list.push_back(json_of(each));
    }
    console.out << Json{{"kinds", std::move(list)}}.dump(2) << "\n";
    return done();
  }
  console.out << (row == nullptr ? all_kinds() : one_kind(*row));
  return done();
}

}  // namespace

void add_kinds(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<KindsArgs>();
  CLI::App* verb = app.add_subcommand("kinds", "事项一览 (the kinds of acts, and their fields)");
  verb->add_option("kind", args->code, "只看该事项及其字段 (one kind and its fields)")
      ->type_name("KIND");
  add_json_option(*verb, args->output);
  verb->add_flag("--markdown", args->is_markdown, "整表为文档 (the whole table as docs/KINDS.md)");
  verb->callback(
      [args, &choice] { choice.run = [args](Console& console) { return kinds(*args, console); }; });
}

}  // namespace minqing::cli
