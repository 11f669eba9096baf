// What one turn of the brain asks its shell to do, in this order: commit the mailbox, then send.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "broker/session_key.h"
#include "courier/frame.h"

namespace minqing::broker {

struct Outgoing {
  SessionKey to;
  courier::Frame frame;
};

// The words of these kinds are the log's event names.
enum class NoteKind : std::uint8_t {
  kSessionLive,      // "session_live"
  kSessionGone,      // "session_gone": detail says why
  kSessionRefused,   // "session_refused"
  kEnvelopeRefused,  // "envelope_refused": once per stream and turn
  kForeignReceipt,   // "foreign_receipt": a receipt, fork or cannot-open by somebody else's node
  kBadFrame,         // "bad_frame"
  kDirectoryTaken,   // "directory_taken"
  kDirectoryBehind,  // "directory_behind": a node knows a newer one than we do
};
const char* to_string(NoteKind kind);

/// Something an operator may want to read of. Never content.
struct Note {
  NoteKind kind = NoteKind::kSessionLive;
  std::string node;       // as authenticated; empty = concerns no node
  SessionNumber session;  // none before the hello
  std::string detail;     // has text from outside: log it quoted
};

/// Notes of one turn beyond this many are only counted.
inline constexpr std::size_t kNotesPerTurnMax = 64;

struct Effects {
  bool must_commit = false;      // the mailbox was written: nothing may be sent before the commit
  std::vector<Outgoing> frames;  // at most one per session and lane, unless cut for its size
  std::vector<Note> notes;
  std::uint64_t notes_skipped = 0;
};

}  // namespace minqing::broker
