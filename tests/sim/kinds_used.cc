#include "tests/sim/kinds_used.h"

#include <algorithm>
#include <array>

#include "wire/body_codec.h"

namespace minqing::sim {
namespace {

using casework::Kind;
using casework::KindRow;
using casework::Role;

/// A person may write them, and the desks do not.
struct Exception {
  Kind kind;
  const char* reason;
};
constexpr std::array kExceptions{
    Exception{Kind::kVoidDecided, "given by `minqing void` alone, which reads the outbox"},
};

bool is_for_persons(const KindRow& row) {
  return std::ranges::any_of(row.roles, [](Role role) { return role != Role::kSystem; });
}

const Exception* exception_of(Kind kind) {
  const auto found = std::ranges::find(kExceptions, kind, &Exception::kind);
  return found == kExceptions.end() ? nullptr : &*found;
}

}  // namespace

void KindsUsed::add(const KindsUsed& other) {
  for (const auto& [kind, uses] : other.uses_) {
    uses_[kind].by_persons += uses.by_persons;
    uses_[kind].by_the_machine += uses.by_the_machine;
  }
}

KindsUsed::Uses KindsUsed::of(Kind kind) const {
  const auto found = uses_.find(kind);
  return found == uses_.end() ? Uses{} : found->second;
}

std::string KindsUsed::table() const {
  std::string out;
  for (const KindRow& row : casework::kinds()) {
    const Uses uses = of(row.kind);
    const Exception* exception = exception_of(row.kind);
    if (!is_for_persons(row) && uses.by_the_machine == 0) continue;
    std::string word = row.code;
    word.resize(26, ' ');
    out += "  " + word;
    if (is_for_persons(row)) out += std::to_string(uses.by_persons);
    if (uses.by_the_machine > 0) {
      out += (is_for_persons(row) ? ", by the machine " : "by the machine ") +
             std::to_string(uses.by_the_machine);
    }
    if (exception != nullptr) out += std::string{" ("} + exception->reason + ")";
    out += "\n";
  }
  return out;
}

std::string KindsUsed::unused() const {
  std::string out;
  for (const KindRow& row : casework::kinds()) {
    const bool is_expected = is_for_persons(row) && exception_of(row.kind) == nullptr;
    if (!is_expected || of(row.kind).by_persons > 0) continue;
    out += (out.empty() ? "" : ", ") + std::string{row.code};
  }
  return out;
}

KindsUsed written_by_the_machine(const Logs& logs) {
  KindsUsed out;
  for (const auto& [owner, log] : logs) {
    for (const courier::LogRow& row : log.rows) {
      if (row.direction == courier::Direction::kIn) continue;
      const auto body = wire::decode_body(row.body);
      if (body && body->author.role == Role::kSystem) out.by_the_machine(Kind{row.kind});
    }
  }
  return out;
}

}  // namespace minqing::sim
