// tests/golden/cells.tsv as values, and how two tables of cells differ.
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

namespace minqing::testing {

/// Kind, state, role.
using CellName = std::tuple<std::string, std::string, std::string>;
/// -> the state after it.
using Cells = std::map<CellName, std::string>;

inline std::vector<std::string> split_line(const std::string& line, char at) {
  std::vector<std::string> out;
  std::istringstream in{line};
  for (std::string part; std::getline(in, part, at);) out.push_back(part);
  return out;
}

/// A line without a source, and a cell named twice, fail the test.
inline Cells read_cells() {
  Cells out;
  std::ifstream in{std::string{MINQING_SOURCE_DIR} + "/tests/golden/cells.tsv"};
  EXPECT_TRUE(in) << "cells.tsv is missing";
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#") || line.starts_with("kind\t")) continue;
    const auto cells = split_line(line, '\t');
    if (cells.size() != 5 || cells[4].empty()) {
      ADD_FAILURE() << "kind, state, next, roles, source: " << line;
      continue;
    }
    for (const std::string& role : split_line(cells[3], ' ')) {
      const bool is_new = out.emplace(CellName{cells[0], cells[1], role}, cells[2]).second;
      EXPECT_TRUE(is_new) << "twice: " << line;
    }
  }
  return out;
}

/// One sentence for each cell that is not the same in both; empty: the tables are equal.
inline std::vector<std::string> differences(const Cells& expected, const Cells& actual) {
  std::vector<std::string> out;
  const auto text = [](const Cells::value_type& cell) {
    const auto& [kind, state, role] = cell.first;
    return kind + " in " + state + " by " + role + " -> " + cell.second;
  };
  for (const auto& cell : expected) {
    const auto found = actual.find(cell.first);
    if (found == actual.end()) {
      out.push_back("refused, and should be allowed: " + text(cell));
    } else if (found->second != cell.second) {
      out.push_back("goes to " + found->second + ": " + text(cell));
    }
  }
  for (const auto& cell : actual) {
    if (!expected.contains(cell.first)) out.push_back("allowed by nobody's table: " + text(cell));
  }
  return out;
}

}  // namespace minqing::testing
