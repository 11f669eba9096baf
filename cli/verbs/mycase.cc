// minqing mycase: what the petitioner is told, and may say, with the receipt code.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "casework/content.h"
#include "cli/input.h"
#include "cli/read_verb.h"
#include "cli/verb.h"
#include "core/limits.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

struct MyCaseArgs {
  Target target;
  Output output = Output::kPeople;
  std::string case_id;
  std::string kind;
  std::vector<std::string> sets;
};

constexpr std::size_t kCodeBytesMax = 256;

constexpr Field kMyCaseFields[]{
    {"case", "编号 case"},
    {"title", "标题 title"},
    {"state", "状态 state", Form::kState},
    {"holder_name", "现由 held by"},
    {"held_since", "自 since", Form::kTime},
    {"next_zh", "下一步"},
    {"next_en", "next"},
    {"next_by", "期限 by", Form::kTime},
    {"asked_of_you", "请您补充 please send"},
    {"outcome", "结果 outcome"},
    {"answer", "答复 reply"},
    {"legal_basis", "依据 based on"},
    {"remedies", "救济途径 what you may do"},
    {"created_at", "收件 received", Form::kTime},
    {"updated_at", "更新 updated", Form::kTime},
};
constexpr Field kMyActFields[]{
    {"kind", "您可以 you may", Form::kKind},
};

/// The code as people type it: its blanks and hyphens say nothing.
std::string plain_code(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c != ' ' && c != '-' && c != '\n' && c != '\t') code += c;
  }
  return code;
}

Result<Json> set_of(const MyCaseArgs& args, Console& console) {
  Json set = Json::object();
  casework::Content checked;
  for (const std::string& text : args.sets) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{Errc::kInvalid, "--set " + text + ": write FIELD=VALUE or FIELD=@FILE"};
    }
    const std::string name = text.substr(0, equals);
    std::string value = text.substr(equals + 1);
    if (value == "@-") {
      return Error{Errc::kInvalid, "standard input is for the receipt code: put " + name +
                                       " into a file, --set " + name + "=@FILE"};
    }
    if (value.starts_with('@')) {
      ASSIGN_OR_RETURN(value,
                       read_text(value.substr(1), "--set " + name, limits::kTextBytesMax, console));
    }
    RETURN_IF_ERROR(casework::set_field(checked, name, value));
    set[name] = value;
  }
  return set;
}

Outcome my_case(const MyCaseArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  if (args.kind.empty() && !args.sets.empty()) {
    return Error{Errc::kInvalid, "--set belongs to --act KIND"};
  }
  ASSIGN_OR_RETURN(Json set, set_of(args, console));
  ASSIGN_OR_RETURN(const std::string typed,
                   read_text("-", "the receipt code", kCodeBytesMax, console));
  Json request{
      {"verb", "mycase"}, {"at", at.text()}, {"case", args.case_id}, {"code", plain_code(typed)}};
  if (!args.kind.empty()) {
    request["kind"] = args.kind;
    request["set"] = std::move(set);
  }
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) -> std::string {
    if (!args.kind.empty()) return "已提交 committed\n";
    return show_record(answer, "", kMyCaseFields, names) + "\n" +
           show_list(answer, "acts", kMyActFields, names, "(现在无需您办理 nothing to do for you)");
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_mycase(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<MyCaseArgs>();
  CLI::App* verb =
      app.add_subcommand("mycase", "凭查询码查看本人办件 (a petitioner's case, by receipt code)");
  verb->footer(
      "查询码从标准输入读取,不写在命令行上。\n"
      "(The receipt code is read from standard input, never from the command line.)");
  verb->add_option("case", args->case_id, "办件编号 (case id)")->type_name("CASE")->required();
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->add_option("--act", args->kind, "本人事项代码,如 EVALUATION (a kind that is yours)")
      ->type_name("KIND");
  verb->add_option("--set", args->sets, "字段=值 或 字段=@文件,可重复 (a field; @FILE reads it)")
      ->type_name("FIELD=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return my_case(*args, console); };
  });
}

}  // namespace minqing::cli
