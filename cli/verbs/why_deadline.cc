// minqing why-deadline: the clocks of one case: since when, by what rule, until when, and the days
// that did not count.
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/verb.h"
#include "core/case_id.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

struct WhyDeadlineArgs {
  Target target;
  Output output = Output::kPeople;
  std::string case_id;
};

constexpr Field kClockFields[]{
    {"name_zh", "时限 clock"},
    {"clock", "代号 id"},
    {"force", "性质 force"},
    {"source", "依据 source"},
    {"term_zh", "期限 term"},
    {"start_kind", "起算事项 from", Form::kKind},
    {"start_at", "起算 start", Form::kTime},
    {"due", "截止 due", Form::kTime},
    {"stop_kind", "止于 stopped by", Form::kKind},
    {"stop_at", "完成 stopped", Form::kTime},
    {"overdue", "逾期 overdue", Form::kFlag},
};
constexpr Field kRequestFields[]{
    {"kind", "事项 kind", Form::kKind},
    {"peer", "对方 peer", Form::kAddress},
    {"opened_at", "发起 opened", Form::kTime},
    {"reply_by", "时限 reply by", Form::kTime},
    {"end", "结果 end", Form::kLoopEnd},
    {"overdue", "逾期 overdue", Form::kFlag},
    {"because_zh", "依据"},
    {"because", "because"},
};

/// "签收 SIGN: 2026-02-15 春节, ...", a line for each clock or request that skipped days.
std::string skipped_days(const Json& items, const char* name) {
  std::string out;
  for (const Json& item : items) {
    std::string days;
    for (const Json& day : item.value("skipped", Json::array())) {
      days += (days.empty() ? "" : ", ") + day.value("day", "") + " " + day.value("name", "");
    }
    const std::string note = item.value("note", "");
    if (!days.empty()) out += "  " + item.value(name, "") + ": " + days + "\n";
    if (!note.empty()) out += "  " + item.value(name, "") + ": " + note + "\n";
  }
  return out;
}

std::string days_words(const std::string& answer) {
  const Json json = Json::parse(answer, nullptr, false);
  if (!json.is_object()) return "";
  const std::string days = skipped_days(json.value("clocks", Json::array()), "clock") +
                           skipped_days(json.value("requests", Json::array()), "kind");
  return days.empty() ? "" : "\n不计入的日子 days that did not count\n" + days;
}

Outcome why_deadline(const WhyDeadlineArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  ASSIGN_OR_RETURN(const CaseId case_id, CaseId::parse(args.case_id));
  const Json request{{"verb", "why-deadline"}, {"at", at.text()}, {"case", case_id.text()}};
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return "办件时限 clocks of the case\n" +
           show_list(answer, "clocks", kClockFields, names,
                     "(本单位不是办件归口单位, 或尚未起算 none runs here)") +
           "\n各请求时限 what was asked, and by when\n" +
           show_list(answer, "requests", kRequestFields, names, "(没有请求 nothing was asked)") +
           days_words(answer);
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_why_deadline(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<WhyDeadlineArgs>();
  CLI::App* verb =
      app.add_subcommand("why-deadline", "为什么是这个期限 (why a case is due when it is)");
  verb->add_option("case", args->case_id, "办件编号 (case id)")->type_name("CASE")->required();
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return why_deadline(*args, console); };
  });
}

}  // namespace minqing::cli
