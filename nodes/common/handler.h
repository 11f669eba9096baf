// Handler: the plug-in through which an address acts by itself: an agency's adapter (folder, demo)
// or a demonstration office. It sees the *state* of loops and cases after each commit, and at start
// all that is open; it answers with commands, which take the same path as a clerk's. So a handler
// needs no store of its own: after a crash it is shown the same state and decides again, and what
// was committed already is refused, not done twice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "casework/case_book.h"
#include "core/result.h"
#include "core/time.h"
#include "nodes/common/command.h"

namespace minqing::node {

class Handler {
 public:
  Handler() = default;
  virtual ~Handler() = default;
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

  /// For logs and status: "demo", "folder".
  virtual const char* name() const = 0;

  /// A loop at a handled address has changed, or was open at start. `record` is its case there.
  virtual void on_loop(const casework::LoopRecord& loop,
                       const std::optional<casework::CaseRecord>& record) = 0;
  /// A case at a handled address has changed, or was open at start.
  virtual void on_case(const casework::CaseRecord& record) = 0;

  /// Commands for the next turn, at most `limit`.
  virtual std::vector<Command> take_commands(Instant now, std::size_t limit) = 0;
  /// What became of a command: the reason when it was refused.
  virtual void on_outcome(const Command& command, const Status& outcome) = 0;
  /// When take_commands may have more to give; nullopt = only after a change.
  virtual std::optional<Instant> next_deadline() const = 0;
};

}  // namespace minqing::node
