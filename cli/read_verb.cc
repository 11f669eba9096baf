#include "cli/read_verb.h"

#include <ostream>

#include <CLI/CLI.hpp>

#include "core/limits.h"

namespace minqing::cli {

void add_page_options(CLI::App& verb, Page& page) {
  verb.add_option("--limit", page.limit, "每页行数 (rows)")
      ->type_name("N")
      ->check(CLI::Range(1, limits::kPageRowsMax))
      ->capture_default_str();
  verb.add_option("--after", page.after, "续查位置 (go on from there)")->type_name("PLACE");
}

void add_json_option(CLI::App& verb, Output& output) {
  verb.add_flag_callback(
      "--json", [&output] { output = Output::kJson; }, "输出 JSON (print JSON)");
}

void print_answer(const Target& target,
                  Output output,
                  std::string_view answer,
                  const std::function<std::string(const Names&)>& show,
                  Console& console) {
  if (output == Output::kJson) {
    console.out << show_json(answer);
    return;
  }
  const std::optional<Directory> directory = names_of(target, console);
  console.out << show({.directory = directory ? &*directory : nullptr});
}

}  // namespace minqing::cli
