// minqing mailboxes: what the broker holds for those who are away.
#include "cli/broker_list.h"

namespace minqing::cli {
namespace {

constexpr Field kMailboxesFields[]{
    {"addressee", "收件单位 addressee", Form::kAddress},
    {"lane", "通道 lane"},
    {"side", "方 side"},
    {"envelopes", "信件 envelopes", Form::kCount},
    {"bytes", "字节 bytes", Form::kCount},
    {"oldest", "最早 oldest", Form::kTime},
};

}  // namespace

void add_mailboxes(CLI::App& app, Choice& choice) {
  add_broker_list(app, choice,
                  {.name = "mailboxes",
                   .help = "中枢信箱 (mail the broker holds)",
                   .fields = kMailboxesFields,
                   .when_empty = "(信箱皆空 nothing waits)"});
}

}  // namespace minqing::cli
