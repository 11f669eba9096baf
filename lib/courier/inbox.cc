#include "courier/inbox.h"

#include "core/check.h"
#include "core/mutant.h"

namespace minqing::courier {

const char* to_string(Arrival arrival) {
  switch (arrival) {
    case Arrival::kNew: return "new";
    case Arrival::kRepeat: return "repeat";
    case Arrival::kKnownInNewLife: return "known-in-new-life";
    case Arrival::kEarly: return "early";
    case Arrival::kFork: return "fork";
    case Arrival::kIdConflict: return "id-conflict";
  }
  CHECK(false);
}

Arrival classify(const std::optional<Seq>& cursor,
                 const Transport& transport,
                 const MessageId& /*id: the caller looked `known_by_id` up by it*/,
                 const Leaf& leaf,
                 const std::optional<Leaf>& known_by_id) {
  if (known_by_id && *known_by_id != leaf) return Arrival::kIdConflict;
  const Seq last = cursor.value_or(Seq{});
  if (transport.seq <= last && mutated(known_by_id ? Mutant::kDedupOff : Mutant::kForkAccepted)) {
    return Arrival::kNew;
  }
  if (mutated(Mutant::kGapAccepted) && !known_by_id && transport.seq > last) return Arrival::kNew;
  if (transport.seq <= last) return known_by_id ? Arrival::kRepeat : Arrival::kFork;
  if (transport.seq > last.next()) return Arrival::kEarly;
  return known_by_id ? Arrival::kKnownInNewLife : Arrival::kNew;
}

}  // namespace minqing::courier
