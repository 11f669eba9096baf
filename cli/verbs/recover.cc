// minqing recover: opens what the keeper gave back to a store that is being refilled.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/read_verb.h"
#include "cli/verb.h"
#include "seal/key_file.h"

namespace minqing::cli {
namespace {

struct RecoverArgs {
  Target target;
  Output output = Output::kPeople;
  std::string key;
};

constexpr Field kRecoverFields[]{
    {"phase", "阶段 phase"},
    {"keeps_sealed", "未打开的代存 keeps sealed"},
    {"keeps_opened", "已打开的代存 keeps opened"},
    {"rows_recovered", "由代存补回 rows recovered"},
    {"rows_refused", "未通过校验 rows refused"},
};

Outcome recover(const RecoverArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const seal::KeyFile key,
                   seal::load_key_file(args.key, seal::KeyPurpose::kRecovery));
  const nlohmann::ordered_json request{{"verb", "recover"}, {"key", to_hex(key.secret.view())}};
  ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
  const auto show = [&](const Names& names) {
    return show_record(answer, "", kRecoverFields, names) +
           "正在打开并并入,进度见 minqing refill;用后请把恢复密钥移回离线介质\n"
           "(Opened and merged from now on; `minqing refill` shows how far. Take the recovery key "
           "off this machine again.)\n";
  };
  print_answer(args.target, args.output, answer, show, console);
  return done();
}

}  // namespace

void add_recover(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<RecoverArgs>();
  CLI::App* verb = app.add_subcommand(
      "recover",
      "用恢复密钥打开代存数据 (open what the keeper gave back to a store that is being refilled)");
  add_target_options(*verb, args->target, AtOption::kOptional);
  add_json_option(*verb, args->output);
  verb->add_option("--key", args->key, "恢复密钥文件 (the recovery key file of the enrolment)")
      ->type_name("FILE")
      ->required();
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return recover(*args, console); };
  });
}

}  // namespace minqing::cli
