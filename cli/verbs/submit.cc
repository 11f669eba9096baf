// minqing submit: a citizen's matter comes in.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "casework/content.h"
#include "cli/input.h"
#include "cli/read_verb.h"
#include "cli/table.h"
#include "cli/verb.h"
#include "core/limits.h"

namespace minqing::cli {
namespace {

struct SubmitArgs {
  Target target;
  Output output = Output::kPeople;
  std::string as;
  std::string text_file;
  std::string identity_file;
  std::vector<std::string> respondents;
  std::vector<std::pair<const char*, std::string>> fields{
      {"channel", ""}, {"category", ""}, {"title", ""},          {"area", ""},
      {"nature", ""},  {"urgency", ""},  {"confidentiality", ""}};
};

Result<nlohmann::ordered_json> content_of(const SubmitArgs& args, Console& console) {
  casework::Content content;  // only to be checked, before anything is sent
  nlohmann::ordered_json set = nlohmann::ordered_json::object();
  const auto add = [&](const char* name, const std::string& value) -> Status {
    if (value.empty()) return ok();
    RETURN_IF_ERROR(casework::set_field(content, name, value));
    set[name] = value;
    return ok();
  };
  for (const auto& [name, value] : args.fields) RETURN_IF_ERROR(add(name, value));
  ASSIGN_OR_RETURN(const std::string text,
                   read_text(args.text_file, "--text-file", limits::kTextBytesMax, console));
  RETURN_IF_ERROR(add("text", text));
  ASSIGN_OR_RETURN(const auto respondents, parse_addresses(args.respondents, "--respondent"));
  std::string joined;
  for (const Address& unit : respondents) joined += (joined.empty() ? "" : ",") + unit.text();
  RETURN_IF_ERROR(add("respondents", joined));
  return set;
}

Outcome submit(const SubmitArgs& args, Console& console) {
  if (args.text_file == "-" && args.identity_file == "-") {
    return Error{
        Errc::kInvalid,
        "--text-file and --identity-file cannot both be standard input: put one in a file"};
  }
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  ASSIGN_OR_RETURN(nlohmann::ordered_json set, content_of(args, console));
  nlohmann::ordered_json request{{"verb", "submit"}, {"at", at.text()}};
  if (!args.as.empty()) request["as"] = args.as;
  request["set"] = std::move(set);
  if (!args.identity_file.empty()) {
    ASSIGN_OR_RETURN(request["identity"], read_text(args.identity_file, "--identity-file",
                                                    limits::kIdentityBytesMax, console));
  }
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names&) {
    return "办件编号 case          " + one_line(value_of(answer, "case")) + "\n" +
           "查询码 receipt code    " + one_line(value_of(answer, "receipt_code")) + "\n" +
           "查询码只显示这一次,请交给信访人。(The code is shown only once: hand it to the "
           "citizen.)\n";
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_submit(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<SubmitArgs>();
  CLI::App* verb = app.add_subcommand("submit", "提交诉求 (submit a petition)");
  verb->footer(
      "命令行上不写任何个人信息;姓名、电话放入 --identity-file,只存于受理单位的身份库。\n"
      "(Nothing personal on the command line: names and phones go into --identity-file, and stay "
      "in "
      "the identity vault of the office that takes the case.)");
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->add_option("--as", args->as, "经办人工号 (staff id who registers it)")->type_name("STAFF");
  const auto field = [&](std::size_t index, const char* type, const char* help) {
    auto& [name, value] = args->fields[index];
    return verb->add_option(std::string{"--"} + name, value, help)->type_name(type);
  };
  field(0, "WORD", "渠道 (LETTER VISIT WEB PHONE APP AGENT OPEN311 TRANSFER_IN PATROL)")
      ->required();
  field(1, "CODE", "类别,四位 (category, 4 digits)")->required();
  field(2, "TEXT", "标题,不写个人信息 (the matter in one line, nobody's name)")->required();
  field(3, "CODE", "属地,缺省为受理单位所在地 (division where the matter is)");
  field(4, "WORD", "性质 (SUGGESTION ACCUSATION APPEAL CONSULT HELP)");
  field(5, "WORD", "紧急程度 (NORMAL URGENT MAJOR)");
  field(6, "WORD", "保密级别 (PUBLIC INTERNAL PROTECTED SEALED)");
  verb->add_option("--text-file", args->text_file, "正文文件,- 为标准输入 (the text; - is stdin)")
      ->type_name("FILE")
      ->required();
  verb->add_option("--identity-file", args->identity_file,
                   "身份信息文件,- 为标准输入 (who the citizen is; - is stdin)")
      ->type_name("FILE");
  verb->add_option("--respondent", args->respondents, "被反映单位,可重复 (unit it is about)")
      ->type_name("ADDR")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return submit(*args, console); };
  });
}

}  // namespace minqing::cli
