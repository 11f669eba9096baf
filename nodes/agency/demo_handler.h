// DemoHandler: DEMONSTRATION ONLY. Plays the staff of an agency (or, for `Stage::kOffice`, of an
// office too), so that the network can be shown without people: signs, accepts, notes progress,
// answers. Every row it writes carries the staff id "demo". Decides from the state of the loop
// alone, so that after a crash it goes on where the log stands.
#pragma once

#include <deque>
#include <set>
#include <string>

#include "nodes/common/handler.h"

namespace minqing::agency {

class DemoHandler final : public node::Handler {
 public:
  /// kAgency answers what it is asked. kOffice also moves cases on: registers, refers up or
  /// dispatches, writes the opinion, records an evaluation, closes.
  enum class Stage { kAgency, kOffice };

  DemoHandler(Stage stage, Millis delay) : stage_{stage}, delay_{delay} {}

  const char* name() const override { return "demo"; }
  void on_loop(const casework::LoopRecord& loop,
               const std::optional<casework::CaseRecord>& record) override;
  void on_case(const casework::CaseRecord& record) override;
  std::vector<node::Command> take_commands(Instant now, std::size_t limit) override;
  void on_outcome(const node::Command& command, const Status& outcome) override;
  std::optional<Instant> next_deadline() const override;

 private:
  void say(const Address& at,
           casework::Kind kind,
           const CaseId& case_id,
           const LoopId& loop,
           casework::Content content);
  void answer(const casework::LoopRecord& loop, const casework::CaseRecord& record);

  struct Waiting {
    Instant due;  // none until take_commands has seen it once
    node::Command command;
  };

  Stage stage_;
  Millis delay_;
  std::deque<Waiting> waiting_;
};

}  // namespace minqing::agency
