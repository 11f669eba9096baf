// minqing sessions: which nodes the broker hears.
#include "cli/broker_list.h"

namespace minqing::cli {
namespace {

constexpr Field kSessionsFields[]{
    {"node", "节点 node"},
    {"since", "连接自 since", Form::kTime},
    {"last_heard", "最近收到 last heard", Form::kTime},
    {"addresses", "单位 addresses", Form::kCount},
    {"undelivered", "未送达 undelivered", Form::kCount},
};

}  // namespace

void add_sessions(CLI::App& app, Choice& choice) {
  add_broker_list(app, choice,
                  {.name = "sessions",
                   .help = "中枢会话 (the broker's sessions)",
                   .fields = kSessionsFields,
                   .when_empty = "(没有会话 no sessions)"});
}

}  // namespace minqing::cli
