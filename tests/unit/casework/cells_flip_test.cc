// The kinds table itself against tests/golden/cells.tsv, and proof that the comparison sees: every
// state and every role of every row is flipped in a copy of the table, one at a time, and each flip
// must be found. What the desk does beside the table (guards, relays): cells_test.cc.
#include <algorithm>

#include <gmock/gmock.h>

#include "casework/kinds_check.h"
#include "casework/kinds_table.h"
#include "tests/unit/casework/cells_file.h"

namespace minqing::testing {
namespace {

using casework::CaseState;
using casework::Kind;
using casework::KindRow;
using casework::Role;
using ::testing::IsEmpty;
using ::testing::Not;

/// The owner's states that a case can be in; NONE: it is not there yet.
std::vector<CaseState> owner_states() {
  std::vector<CaseState> out;
  for (int state = 0; state <= static_cast<int>(CaseState::kWithdrawn); ++state) {
    out.push_back(static_cast<CaseState>(state));
  }
  return out;
}

std::vector<Role> every_role() {
  std::vector<Role> out;
  for (int role = 0; role <= static_cast<int>(Role::kPartner); ++role) {
    out.push_back(static_cast<Role>(role));
  }
  return out;
}

/// Kinds that a person writes about a case, in a state of it or in a loop.
bool has_cells(const KindRow& row) {
  return !row.roles.empty() && row.kind != Kind::kProbe && row.kind != Kind::kAttended &&
         row.kind != Kind::kVoidDecided;
}

/// Does it speak in the loop of a request to lead by DISPATCH, the one that cells.tsv is about?
bool is_said_in_dispatch(const KindRow& row) {
  return std::ranges::find(row.answers, Kind::kDispatch) != row.answers.end();
}

void add_row(const KindRow& row, Cells& out) {
  const auto add = [&](const char* state, const char* next) {
    for (const Role role : row.roles) out[{row.code, state, to_string(role)}] = next;
  };
  if (row.answers.empty()) {
    for (const CaseState from : row.from) {
      add(to_string(from), to_string(row.to == CaseState::kNone ? from : row.to));
    }
  } else if (is_said_in_dispatch(row)) {
    const bool ends = row.cls == MessageClass::kFinal;
    if (row.side == Side::kAsk) add("ASKING", "ASKING");
    if (row.side == Side::kAnswer) add("HANDLING", ends ? "HANDLED" : "HANDLING");
  }
}

Cells cells_of(const std::vector<KindRow>& table) {
  Cells out;
  for (const KindRow& row : table) {
    if (has_cells(row)) add_row(row, out);
  }
  return out;
}

/// Without the notes that whoever takes part may make: no row of the table says that.
Cells cells_of_the_file() {
  Cells out = read_cells();
  std::erase_if(out, [](const auto& cell) {
    const auto& [kind, state, role] = cell.first;
    return kind == "CONTACT_LOG" && (state == "HANDLING" || state == "HANDLED");
  });
  return out;
}

template <class Value>
void flip(std::vector<Value>& list, const Value& value) {
  if (const auto found = std::ranges::find(list, value); found != list.end()) {
    list.erase(found);
  } else {
    list.push_back(value);
  }
}

TEST(CellsFlipTest, TheKindsTableAndTheHandWrittenCellsAreEqual) {
  EXPECT_THAT(differences(cells_of_the_file(), cells_of(casework::make_kinds_table())), IsEmpty());
}

TEST(CellsFlipTest, EveryStateThatIsFlippedInAnyRowIsFound) {
  const Cells expected = cells_of_the_file();
  const std::vector<KindRow> table = casework::make_kinds_table();
  int flips = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (!has_cells(table[i]) || !table[i].answers.empty()) continue;
    for (const CaseState state : owner_states()) {
      std::vector<KindRow> flipped = table;
      flip(flipped[i].from, state);
      EXPECT_THAT(differences(expected, cells_of(flipped)), Not(IsEmpty()))
          << table[i].code << " in " << to_string(state);
      ++flips;
    }
  }
  EXPECT_GT(flips, 200);
}

TEST(CellsFlipTest, EveryRoleThatIsFlippedInAnyRowIsFound) {
  const Cells expected = cells_of_the_file();
  const std::vector<KindRow> table = casework::make_kinds_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (!has_cells(table[i])) continue;
    if (!table[i].answers.empty() && !is_said_in_dispatch(table[i])) continue;
    for (const Role role : every_role()) {
      std::vector<KindRow> flipped = table;
      flip(flipped[i].roles, role);
      EXPECT_THAT(differences(expected, cells_of(flipped)), Not(IsEmpty()))
          << table[i].code << " by " << to_string(role);
    }
  }
}

TEST(CellsFlipTest, EveryOtherStateToGoToIsFound) {
  const Cells expected = cells_of_the_file();
  const std::vector<KindRow> table = casework::make_kinds_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (!has_cells(table[i]) || !table[i].answers.empty()) continue;
    for (const CaseState to : owner_states()) {
      const bool is_same = to == table[i].to || table[i].from == std::vector{to};
      if (is_same) continue;
      std::vector<KindRow> flipped = table;
      flipped[i].to = to;
      EXPECT_THAT(differences(expected, cells_of(flipped)), Not(IsEmpty()))
          << table[i].code << " to " << to_string(to);
    }
  }
}

}  // namespace
}  // namespace minqing::testing
