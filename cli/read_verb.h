// What every verb that only reads has in common: --json, and names of addresses for people.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cli/show.h"
#include "cli/target.h"

namespace minqing::cli {

enum class Output { kPeople, kJson };

/// Which part of a long list is wanted.
struct Page {
  std::string after;  // where the former page ended; empty: from the start
  int limit = 50;     // rows
};

/// Adds --limit and --after.
void add_page_options(CLI::App& verb, Page& page);

/// Adds --json.
void add_json_option(CLI::App& verb, Output& output);

/// Prints `answer` as JSON, or as what `show` makes of it.
void print_answer(const Target& target,
                  Output output,
                  std::string_view answer,
                  const std::function<std::string(const Names&)>& show,
                  Console& console);

}  // namespace minqing::cli
