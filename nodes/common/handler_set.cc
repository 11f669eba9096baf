#include "nodes/common/handler_set.h"

#include "core/limits.h"

namespace minqing::node {

Handler* HandlerSet::of(const Address& address) {
  Handler* of_all_others = nullptr;
  for (const Binding& binding : bindings_) {
    if (!binding.address) {
      of_all_others = binding.handler.get();
    } else if (*binding.address == address) {
      return binding.handler.get();
    }
  }
  return of_all_others;
}

Status HandlerSet::show_open(store::Reader& reader, const std::vector<Address>& addresses) {
  for (const Address& address : addresses) {
    Handler* handler = of(address);
    if (handler == nullptr) continue;
    store::LoopFilter filter;
    filter.owner = address;
    while (true) {
      ASSIGN_OR_RETURN(const auto loops, reader.loops(filter, limits::kPageRowsMax));
      for (const casework::LoopRecord& loop : loops) {
        ASSIGN_OR_RETURN(const auto record, reader.find_case(address, loop.case_id));
        handler->on_loop(loop, record);
      }
      if (loops.size() < static_cast<std::size_t>(limits::kPageRowsMax)) break;
      filter.rows_skipped += limits::kPageRowsMax;
    }
    std::optional<store::CasePlace> after;
    do {
      store::CaseFilter cases;
      cases.owner = address;
      ASSIGN_OR_RETURN(const auto page, reader.cases(cases, after, limits::kPageRowsMax));
      for (const casework::CaseRecord& record : page.cases) {
        if (!casework::is_end_state(record.state)) handler->on_case(record);
      }
      after = page.next;
    } while (after);
  }
  return ok();
}

void HandlerSet::show(const TurnNotes& notes, casework::CaseBook& book) {
  if (bindings_.empty()) return;
  for (const auto& [owner, loop_id] : notes.loops) {
    Handler* handler = of(owner);
    if (handler == nullptr) continue;
    if (const auto loop = book.find_loop(owner, loop_id)) {
      handler->on_loop(*loop, book.find_case(owner, loop->case_id));
    }
  }
  for (const auto& [owner, case_id] : notes.cases) {
    Handler* handler = of(owner);
    if (handler == nullptr) continue;
    if (const auto record = book.find_case(owner, case_id)) handler->on_case(*record);
  }
}

std::vector<Command> HandlerSet::take_commands(Instant now, std::size_t limit) {
  std::vector<Command> out;
  for (const Binding& binding : bindings_) {
    if (out.size() >= limit) break;
    for (Command& command : binding.handler->take_commands(now, limit - out.size())) {
      given_.push_back({binding.handler.get(), command});
      out.push_back(std::move(command));
    }
  }
  return out;
}

void HandlerSet::tell(const std::vector<Status>& outcomes) {
  CHECK(outcomes.size() == given_.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    given_[i].handler->on_outcome(given_[i].command, outcomes[i]);
  }
  given_.clear();
}

std::optional<Instant> HandlerSet::next_deadline() const {
  std::optional<Instant> first;
  for (const Binding& binding : bindings_) {
    const auto at = binding.handler->next_deadline();
    if (at && (!first || *at < *first)) first = at;
  }
  return first;
}

}  // namespace minqing::node
