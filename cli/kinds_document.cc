#include "cli/kinds_document.h"

#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "casework/clocks.h"
#include "casework/content.h"
#include "casework/kinds.h"

namespace minqing::cli {
namespace {

using casework::CaseState;
using casework::KindRow;

constexpr std::string_view kKindsHead =
    "# Kinds\n\n"
    "<!-- Made by `minqing kinds --markdown > docs/KINDS.md`; a test holds it against the program. "
    "-->\n\n"
    "What is said between units and written in logs: one table (`lib/casework/kinds_*.cc`) drives "
    "the desk,\npermissions, the command line, the local API and this page. Who may write a kind "
    "in "
    "which state is\n[tests/golden/cells.tsv](../tests/golden/cells.tsv), written by hand.\n";

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

std::string dash_if_empty(std::string text) {
  return text.empty() ? "–" : text;
}

std::string who_writes(const KindRow& row) {
  std::vector<std::string> out;
  for (const casework::Role role : row.roles) out.emplace_back(casework::to_string(role));
  return out.empty() ? "the machine" : joined(out, " ");
}

std::string state_codes(const std::vector<CaseState>& states) {
  std::vector<std::string> out;
  for (const CaseState state : states) out.emplace_back(casework::to_string(state));
  return dash_if_empty(joined(out, " "));
}

std::string field_words(const KindRow& row) {
  std::vector<std::string> out;
  for (const char* name : row.required) out.push_back("**" + std::string{name} + "**");
  for (const char* name : row.allowed) out.emplace_back(name);
  return dash_if_empty(joined(out, ", "));
}

std::string states_picture() {
  std::string out = "```mermaid\nstateDiagram-v2\n";
  std::set<CaseState> met;
  std::string moves;
  for (const KindRow& row : casework::kinds()) {
    if (row.to == CaseState::kNone) continue;
    for (const CaseState from : row.from) {
      const bool is_birth = from == CaseState::kNone;
      if (!is_birth) met.insert(from);
      met.insert(row.to);
      moves += "  " + std::string{is_birth ? "[*]" : casework::to_string(from)} + " --> " +
               casework::to_string(row.to) + ": " + row.code + "\n";
    }
  }
  for (const CaseState state : met) {
    out += "  " + std::string{casework::to_string(state)} + ": " + casework::state_zh(state) + " " +
           casework::to_string(state) + "\n";
  }
  return out + moves + "```\n";
}

std::string kinds_of_class(MessageClass cls) {
  std::string out =
      "| no. | kind | 名称 | who | answers | from | to | reply within | law |\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  for (const KindRow& row : casework::kinds()) {
    if (row.cls != cls) continue;
    std::vector<std::string> answers;
    for (const casework::Kind kind : row.answers) answers.emplace_back(casework::row_of(kind).code);
    out += "| " + std::to_string(static_cast<unsigned>(row.kind)) + " | `" + row.code + "` | " +
           row.name_zh + " " + row.name_en + " | " + who_writes(row) + " | " +
           dash_if_empty(joined(answers, " ")) + " | " + state_codes(row.from) + " | " +
           (row.to == CaseState::kNone ? "–" : casework::to_string(row.to)) + " | " +
           dash_if_empty(to_string(row.reply_within)) + " | " + row.law + " |\n";
  }
  return out;
}

std::string field_table() {
  std::string out = "| kind | fields (**required**) |\n|---|---|\n";
  for (const KindRow& row : casework::kinds()) {
    out += "| `" + std::string{row.code} + "` | " + field_words(row) + " |\n";
  }
  return out;
}

std::string clock_table() {
  std::string out =
      "| clock | 名称 | from | to | term | force | profile | source |\n"
      "|---|---|---|---|---|---|---|---|\n";
  const auto codes = [](const std::vector<casework::Kind>& kinds) {
    std::vector<std::string> words;
    for (const casework::Kind kind : kinds) words.emplace_back(casework::row_of(kind).code);
    return joined(words, " ");
  };
  for (const casework::ClockRow& row : casework::clocks()) {
    out += "| `" + std::string{row.id} + "` | " + row.name_zh + " " + row.name_en + " | " +
           codes(row.starts) + " | " + codes(row.stops) + " | " + to_string(row.term) + " | " +
           casework::to_string(row.force) + " | " + row.profile + " | " + row.source + " |\n";
  }
  return out;
}

}  // namespace

std::string kinds_document() {
  std::string out{kKindsHead};
  out += "\n## States of a case at its owner\n\n" + states_picture();
  out += "\n## Acts at home\n\n" + kinds_of_class(MessageClass::kSelf);
  out += "\n## Requests\n\n" + kinds_of_class(MessageClass::kRequest);
  out += "\n## Progress\n\n" + kinds_of_class(MessageClass::kProgress);
  out += "\n## Finals\n\n" + kinds_of_class(MessageClass::kFinal);
  out += "\n## Notices\n\n" + kinds_of_class(MessageClass::kNotice);
  out += "\n## Fields\n\n" + field_table();
  out += "\n## Clocks\n\n" + clock_table();
  return out;
}

}  // namespace minqing::cli
