// minqing case: one case as one address sees it.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/verb.h"
#include "core/case_id.h"

namespace minqing::cli {
namespace {

struct CaseArgs {
  Target target;
  Output output = Output::kPeople;
  std::string case_id;
};

constexpr Field kRecordFields[]{
    {"case", "编号 case"},
    {"case_id", "编号 case"},
    {"title", "标题 title"},
    {"state", "状态 state", Form::kState},
    {"safety_zh", "保全 safety"},
    {"saved_only_since", "仅存本机自 saved only since", Form::kTime},
    {"keeper", "保全单位 keeper", Form::kAddress},
    {"no_keeper", "无保全单位 no keeper"},
    {"part", "角色 part"},
    {"owner", "归属 owner", Form::kAddress},
    {"owner_state", "归属方状态 owner's state", Form::kState},
    {"due", "主办时限 lead's reply by", Form::kTime},
    {"merged_into", "并入 merged into"},
    {"category", "类别 category"},
    {"area", "属地 area", Form::kAddress},
    {"channel", "渠道 channel"},
    {"nature", "性质 nature"},
    {"urgency", "紧急程度 urgency"},
    {"confidentiality", "保密级别 confidentiality"},
    {"respondents", "被反映单位 respondents", Form::kAddresses},
    {"lead", "主办单位 lead", Form::kAddress},
    {"returns", "退回次数 returns"},
    {"created_at", "受理时间 created", Form::kTime},
    {"updated_at", "更新时间 updated", Form::kTime},
    {"text", "内容 text"},
    {"outcome", "处理结论 outcome"},
    {"answer", "答复 answer"},
    {"solved", "是否化解 solved"},
    {"attitude", "态度评价 attitude"},
    {"result", "结果评价 result"},
};
constexpr Field kLoopFields[]{
    {"kind", "事项 kind", Form::kKind},
    {"end_held", "本端 end held", Form::kLoopSide},
    {"peer", "对方 peer", Form::kAddress},
    {"progress", "进展 progress", Form::kKind},
    {"end", "结果 end", Form::kLoopEnd},
    {"opened_at", "发起 opened", Form::kTime},
    {"reply_by", "时限 reply by", Form::kTime},
    {"overdue", "逾期 overdue", Form::kFlag},
    {"loop", "闭环 loop"},
};
constexpr Field kTimelineFields[]{
    {"pos", "序号 pos", Form::kCount},  {"at", "时间 at", Form::kTime},
    {"direction", "收发 direction"},    {"peer", "对方 peer", Form::kAddress},
    {"kind", "事项 kind", Form::kKind}, {"author", "经办 author"},
    {"verdict", "判定 verdict"},        {"text", "内容 text"},
};

Outcome show_case(const CaseArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  ASSIGN_OR_RETURN(const CaseId case_id, CaseId::parse(args.case_id));
  const nlohmann::ordered_json request{
      {"verb", "case"}, {"at", at.text()}, {"case", case_id.text()}};
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return show_record(answer, "record", kRecordFields, names) + "\n闭环 loops\n" +
           show_list(answer, "loops", kLoopFields, names, "(没有闭环 no loops)") +
           "\n经过 timeline\n" +
           show_list(answer, "timeline", kTimelineFields, names, "(没有记录 nothing yet)");
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_case(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<CaseArgs>();
  CLI::App* verb = app.add_subcommand("case", "查看一件办件 (one case: state, loops, timeline)");
  verb->add_option("case", args->case_id, "办件编号 (case id)")->type_name("CASE")->required();
  add_target_options(*verb, args->target, AtOption::kRequired);
  add_json_option(*verb, args->output);
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return show_case(*args, console); };
  });
}

}  // namespace minqing::cli
