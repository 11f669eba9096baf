// The verbs that look after stores (cli/verb.h).
#pragma once

#include "cli/verb.h"

namespace minqing::cli {

/// `doctor` and `balance` ran well, and found something.
inline constexpr ops::ExitCode kFindings{1};

void add_backup(CLI::App& app, Choice& choice);
void add_restore(CLI::App& app, Choice& choice);
void add_doctor(CLI::App& app, Choice& choice);
void add_balance(CLI::App& app, Choice& choice);

}  // namespace minqing::cli
