// What an envelope that opened and verified is to us, by its number and its id. Pure.
//
//   known by id ->   nothing            same leaf            another leaf
//   seq <= cursor    kFork              kRepeat              kIdConflict
//   seq == cursor+1  kNew               kKnownInNewLife      kIdConflict
//   seq > cursor+1   kEarly             kEarly               kIdConflict
//
// An envelope keeps its log row where it first came; renumbered (a refilled sender) it takes only a
// number. So its repeats at that new number are known by id and leaf alone, and a number at or
// below the cursor with a known envelope is a repeat, never a fork.
#pragma once

#include <optional>

#include "core/envelope.h"

namespace minqing::courier {

enum class Arrival {
  kNew,             // append, advance, apply; receipt
  kRepeat,          // receipt again, apply never
  kKnownInNewLife,  // advance; receipt; no row, no effect
  kEarly,           // hold back; say again what we have
  kFork,            // another envelope at a used number: never receipted; answer Fork, alarm
  kIdConflict,      // another content under a used id: refused, alarmed
};
const char* to_string(Arrival arrival);  // "new", "repeat", "known-in-new-life", ...

/// `cursor`: of the stream (StreamKey, transport.life); nullopt = nothing came yet.
/// `known_by_id`: leaf of the in row with the same owner, peer and `id`.
/// transport.seq is at least 1 (lib/wire drops an envelope numbered 0).
Arrival classify(const std::optional<Seq>& cursor,
                 const Transport& transport,
                 const MessageId& id,
                 const Leaf& leaf,
                 const std::optional<Leaf>& known_by_id);

}  // namespace minqing::courier
