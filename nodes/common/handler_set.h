// HandlerSet: a node's handlers by address: shows them what changed, collects their commands, tells
// them what became of these.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "casework/case_book.h"
#include "nodes/common/handler.h"
#include "nodes/common/scribe.h"
#include "store/reader.h"

namespace minqing::node {

class HandlerSet {
 public:
  struct Binding {
    std::optional<Address> address;  // nullopt: every address that no other binding names
    std::unique_ptr<Handler> handler;
  };
  explicit HandlerSet(std::vector<Binding> bindings) : bindings_{std::move(bindings)} {}

  bool is_empty() const { return bindings_.empty(); }

  /// At start: every open loop and every case that is not ended, of `addresses`. Errors: the
  /// reader's.
  Status show_open(store::Reader& reader, const std::vector<Address>& addresses);
  /// After a commit: what it changed.
  void show(const TurnNotes& notes, casework::CaseBook& book);

  /// At most `limit` commands for this turn; on_outcome() is owed for each, in order.
  std::vector<Command> take_commands(Instant now, std::size_t limit);
  /// After the turn's commit: what became of the commands of take_commands().
  void tell(const std::vector<Status>& outcomes);
  std::optional<Instant> next_deadline() const;

 private:
  Handler* of(const Address& address);

  struct Given {
    Handler* handler;
    Command command;
  };
  std::vector<Binding> bindings_;
  std::vector<Given> given_;
};

}  // namespace minqing::node
