#include "bench/report.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/statistics.h"

namespace minqing::bench {
namespace {

constexpr std::size_t kColumns = 6;
using Row = std::array<std::string, kColumns>;
const Row kHead{"what", "unit", "express", "reference", "its figure", "express ÷ reference"};

const std::map<std::string, std::string> kTitles{
    {"loop", "Closed loop"},
    {"forward", "Forwarding"},
    {"memory", "Memory"},
    {"city", "The whole city"},
};

/// Three digits that mean something.
std::string number(double value) {
  if (value >= 10'000) return fmt::format("{:.0f}", value);
  if (value >= 100) return fmt::format("{:.0f}", value);
  if (value >= 10) return fmt::format("{:.1f}", value);
  if (value >= 1) return fmt::format("{:.2f}", value);
  return fmt::format("{:.3f}", value);
}

std::string with_spread(const std::vector<double>& rounds) {
  if (rounds.empty()) return "—";
  const std::string middle = number(median(rounds));
  if (rounds.size() == 1) return middle;
  const auto [least, most] = std::ranges::minmax(rounds);
  return fmt::format("{} ({}–{})", middle, number(least), number(most));
}

std::string ratio(const std::vector<double>& ours, const std::vector<double>& theirs) {
  const std::vector<double> each = ratios(ours, theirs);
  return each.empty() ? "—" : fmt::format("{:.2f}", median(each));
}

std::vector<Row> rows_of(const Quantity& quantity) {
  if (quantity.ours.rounds.empty()) return {};  // declared, and never reached
  const std::string ours = with_spread(quantity.ours.rounds);
  std::vector<Row> out;
  for (const Series& reference : quantity.references) {
    const bool is_first = out.empty();
    out.push_back({is_first ? quantity.name : "", is_first ? quantity.unit : "",
                   is_first ? ours : "", reference.contestant, with_spread(reference.rounds),
                   ratio(quantity.ours.rounds, reference.rounds)});
  }
  if (out.empty()) out.push_back({quantity.name, quantity.unit, ours, "", "", ""});
  if (!quantity.goal.empty()) {
    out.push_back({"", "", "", "goal", quantity.goal, ""});
  }
  return out;
}

std::vector<std::string> benches_of(const Figures& figures) {
  std::vector<std::string> out;
  for (const Quantity& quantity : figures.quantities()) {
    if (std::ranges::find(out, quantity.bench) == out.end()) out.push_back(quantity.bench);
  }
  return out;
}

std::vector<Row> table_of(const Figures& figures, const std::string& bench) {
  std::vector<Row> out;
  for (const Quantity& quantity : figures.quantities()) {
    if (quantity.bench != bench) continue;
    for (Row& row : rows_of(quantity)) out.push_back(std::move(row));
  }
  return out;
}

/// Columns on a terminal: bytes of UTF-8 that begin a character; none here is wide.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string aligned(const std::vector<Row>& rows) {
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line = "  ";
    for (std::size_t i = 0; i < kColumns; ++i) {
      line += row[i] + std::string(widths[i] - width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string title_of(const std::string& bench) {
  const auto found = kTitles.find(bench);
  return found == kTitles.end() ? bench : found->second;
}

nlohmann::ordered_json json_of(const Series& series) {
  return {{"contestant", series.contestant},
          {"median", median(series.rounds)},
          {"rounds", series.rounds}};
}

}  // namespace

std::string to_text(const Figures& figures) {
  std::string out;
  for (const std::string& bench : benches_of(figures)) {
    std::vector<Row> rows = table_of(figures, bench);
    rows.insert(rows.begin(), kHead);
    out += "\n" + title_of(bench) + "\n" + aligned(rows);
    for (const Figures::Note& note : figures.notes()) {
      if (note.bench == bench) out += "  " + note.sentence + "\n";
    }
  }
  return out;
}

std::string to_markdown(const Figures& figures) {
  std::string out;
  const auto line = [&](const Row& row) {
    for (const std::string& cell : row) out += "| " + cell + " ";
    out += "|\n";
  };
  for (const std::string& bench : benches_of(figures)) {
    out += "\n### " + title_of(bench) + "\n\n";
    line(kHead);
    out += "|---|---|---|---|---|---|\n";
    for (const Row& row : table_of(figures, bench)) line(row);
    for (const Figures::Note& note : figures.notes()) {
      if (note.bench == bench) out += "\n" + note.sentence + "\n";
    }
  }
  return out;
}

std::string headline(const Options& options, const Machine& machine) {
  return fmt::format(
      "Command: `{}` (seed {}).\nMachine: {}.\n"
      "Medians of the rounds, in brackets the lowest and the highest; a ratio is the median of the "
      "ratios within each round.\n",
      options.command, options.seed, to_string(machine));
}

std::string to_json(const Figures& figures, const Options& options, const Machine& machine) {
  nlohmann::ordered_json out;
  out["command"] = options.command;
  out["seed"] = options.seed;
  out["rounds"] = options.rounds;
  out["measure_ms"] = options.measure_time.count();
  out["machine"] = {{"cpus", machine.cpus},
                    {"cpu", machine.cpu},
                    {"memory_mib", machine.memory_mib},
                    {"kernel", machine.kernel},
                    {"file_system", machine.file_system},
                    {"disk", machine.disk},
                    {"flush_micros", machine.flush_micros},
                    {"versions", machine.versions}};
  nlohmann::ordered_json& list = out["quantities"] = nlohmann::ordered_json::array();
  for (const Quantity& quantity : figures.quantities()) {
    nlohmann::ordered_json item{{"bench", quantity.bench},
                                {"name", quantity.name},
                                {"unit", quantity.unit},
                                {"ours", json_of(quantity.ours)}};
    item["references"] = nlohmann::ordered_json::array();
    for (const Series& reference : quantity.references) {
      nlohmann::ordered_json entry = json_of(reference);
      entry["ratio"] = median(ratios(quantity.ours.rounds, reference.rounds));
      item["references"].push_back(std::move(entry));
    }
    if (!quantity.goal.empty()) item["goal"] = quantity.goal;
    list.push_back(std::move(item));
  }
  nlohmann::ordered_json& notes = out["notes"] = nlohmann::ordered_json::array();
  for (const Figures::Note& note : figures.notes()) {
    notes.push_back({{"bench", note.bench}, {"text", note.sentence}});
  }
  return out.dump(2) + "\n";
}

}  // namespace minqing::bench
