// GiveUp: the node's part of void (casework/void.h). At the sender: which number may be given up,
// and what a dissolved addressee means for streams and loops. At the receiver: whether the envelope
// that a VOID names is here. Pure but for its ports; belongs to one turn.
#pragma once

#include <string>
#include <vector>

#include "courier/outbox.h"
#include "nodes/common/command.h"
#include "nodes/common/scribe.h"

namespace minqing::node {

/// A person gives up number `seq` of `stream`, of the present life.
struct VoidOrder {
  courier::StreamKey stream;
  Seq seq;
  casework::Command act;  // kind VOID_DECIDED, at, roles, staff, content.reason
  MessageId id;           // as Command::id
};

bool is_void(const courier::LogRow& row);

/// The row that the order gives up. Errors: kNotFound - no such stream; kConflict - it is not the
/// lowest un-receipted number, or is given up already.
Result<courier::LogRow> row_to_give_up(const ScribePorts& ports,
                                       const courier::Outbox& outbox,
                                       const VoidOrder& order);

/// Drops what is owed to dissolved addresses, and ends the loops they should have answered.
/// kUnfinished: bounded; call again in the next turn.
enum class Sweep { kDone, kUnfinished };
Sweep sweep_dissolved(const ScribePorts& ports,
                      Scribe& scribe,
                      courier::Outbox& outbox,
                      Instant now);

/// Is the envelope that `arrival`, a VOID, names here already? Then the VOID came in vain.
/// kForked: another envelope stands at its number.
enum class Held { kNo, kHadIt, kForked };
Held held_of(courier::Ledger& ledger, const Envelope& arrival);

/// Has its number been given up by a VOID that names it and was taken in? Then it is late: nothing.
bool is_voided(courier::Ledger& ledger, Sealer& sealer, const courier::LogRow& arrival);

}  // namespace minqing::node
