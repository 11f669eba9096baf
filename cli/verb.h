// The verbs, one file each in cli/verbs/. Each adds its options to the parser, and says what to run
// when it is chosen.
#pragma once

#include <functional>

#include "cli/console.h"

namespace CLI {
class App;
}

namespace minqing::cli {

/// What the command line chose; empty until the parser has met a verb.
struct Choice {
  std::function<Outcome(Console&)> run;
};

// Setting up and looking at the network.
void add_network(CLI::App& app, Choice& choice);
void add_enroll(CLI::App& app, Choice& choice);
void add_revoke(CLI::App& app, Choice& choice);
void add_route(CLI::App& app, Choice& choice);
// Cases.
void add_submit(CLI::App& app, Choice& choice);
void add_act(CLI::App& app, Choice& choice);
void add_void(CLI::App& app, Choice& choice);
void add_case(CLI::App& app, Choice& choice);
void add_cases(CLI::App& app, Choice& choice);
void add_mycase(CLI::App& app, Choice& choice);
void add_export(CLI::App& app, Choice& choice);
void add_import(CLI::App& app, Choice& choice);
void add_loops(CLI::App& app, Choice& choice);
void add_attention(CLI::App& app, Choice& choice);
void add_why_deadline(CLI::App& app, Choice& choice);
void add_trace(CLI::App& app, Choice& choice);
void add_kinds(CLI::App& app, Choice& choice);
// Daemons and stores.
void add_status(CLI::App& app, Choice& choice);
void add_log(CLI::App& app, Choice& choice);
void add_streams(CLI::App& app, Choice& choice);
void add_sessions(CLI::App& app, Choice& choice);
void add_mailboxes(CLI::App& app, Choice& choice);
void add_recover(CLI::App& app, Choice& choice);
void add_refill(CLI::App& app, Choice& choice);
void add_rebuild(CLI::App& app, Choice& choice);
void add_verify(CLI::App& app, Choice& choice);
void add_decode(CLI::App& app, Choice& choice);
void add_carry(CLI::App& app, Choice& choice);

}  // namespace minqing::cli
