// ReceiptBook: which incoming streams deserve our word, and what it is.
//
// A receipt goes after the commit, once per turn and stream, however many envelopes came; at every
// new session the same record goes for every stream (`resume`), spread with jitter so that a
// broker's restart brings no storm. Losing one costs a resend. Nothing here is durable: the log's
// cursors are the truth, restore() brings them at start.
// Trusts the caller: advanced() only for what the turn's transaction holds; take() after its
// commit. A transaction that rolled back: discard() and restore the cursors that it touched.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "courier/held_back.h"
#include "courier/stream.h"

namespace minqing::courier {

struct ResumePolicy {
  std::size_t batch_max = 256;  // records per session and turn
  Millis spread{500};           // the first batch comes within this after the session opens
  Millis pause{20};             // between batches
};

/// To be sent as BoxedReceipt.
struct ReceiptWord {
  InStream stream;
  std::uint32_t streams = 0;  // Receipt::streams
};

/// To be sent in Frame::resumes of that session.
struct Resume {
  SessionIndex session;
  ReceiptWord word;
};

class ReceiptBook {
 public:
  explicit ReceiptBook(Random& random, ResumePolicy policy = {});

  /// A cursor as the log has it. Causes no receipt.
  void restore(const InStream& stream);
  /// Says to `peer`, as to all others, that nothing of its streams to `owner` is here, until
  /// something is. Nothing happens when something is.
  void greet(const Address& owner, const Address& peer);
  /// The cursor went on (Arrival::kNew, kKnownInNewLife).
  void advanced(const StreamKey& key, const LifeId& life, Seq cursor, const Leaf& leaf);
  /// Say again what we have: after a repeat, or after an early one (its predecessors may never have
  /// come, or we lost them: seq 0 then tells the sender to begin anew).
  void repeated(const StreamKey& key, const LifeId& life);
  /// Likewise for every stream of `peer` to `owner`: where they stand here, and how many they are.
  void repeat_all(const Address& owner, const Address& peer);
  /// What our word is now; nullopt = nothing came yet.
  std::optional<InStream> find(const StreamKey& key, const LifeId& life) const;
  /// After the commit: each noted stream once, in key order. cursor 0 and no leaf: nothing is here.
  std::vector<ReceiptWord> take();
  /// What was noted in a turn that came to nothing.
  void discard() { noted_.clear(); }

  /// A new session: resume records for all streams. A second call begins anew.
  void resume_all(SessionIndex session, Instant now);
  void session_closed(SessionIndex session);
  /// What is due now, at most a batch per session.
  std::vector<Resume> take_resumes(Instant now);
  std::optional<Instant> next_deadline() const;

 private:
  struct Cursor {
    Seq seq;
    Leaf leaf;
  };
  void end_greeting(const StreamKey& key);
  void note(const InStreamKey& stream) { noted_.emplace(stream, Noted::kAlone); }
  std::uint32_t streams_of(const StreamKey& key) const;

  struct Progress {
    Instant at;                        // of the next batch
    std::optional<InStreamKey> after;  // the last one sent
  };

  Random& random_;
  ResumePolicy policy_;
  std::map<InStreamKey, Cursor> cursors_;
  enum class Noted : std::uint8_t { kAlone, kOfAll };  // kOfAll: with all others of its peer
  std::map<InStreamKey, Noted> noted_;
  std::map<SessionIndex, Progress> resumes_;
};

}  // namespace minqing::courier
