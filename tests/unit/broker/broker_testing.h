// A broker's brain on paper: sessions of the paper city's nodes, and what each of them was sent.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "broker/brain.h"
#include "tests/support/memory_mailbox.h"
#include "tests/support/paper_directory.h"

namespace minqing::testing {

inline constexpr Instant kStart{std::chrono::hours{24 * 365 * 56}};

inline LifeId life(std::uint8_t first) {
  LifeId out;
  out.bytes[0] = first;
  return out;
}

struct Letter {
  Address from;
  Address to;
  std::uint64_t seq = 1;
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  std::uint8_t life = 1;
  std::size_t bytes = 100;
};

inline courier::SealedEnvelope seal(const Letter& letter) {
  courier::SealedEnvelope out;
  out.header.id.bytes[0] = letter.life;
  out.header.id.bytes[15] = static_cast<std::uint8_t>(letter.seq);
  out.header.from = letter.from;
  out.header.to = letter.to;
  out.header.lane = letter.lane;
  out.header.side = letter.side;
  out.header.cls = letter.side == Side::kAsk ? MessageClass::kRequest : MessageClass::kFinal;
  out.transport = {life(letter.life), {letter.seq}};
  out.sealed.assign(letter.bytes, 0xCC);
  return out;
}

inline courier::StreamName stream_of(const Letter& letter) {
  return {letter.from, letter.to, letter.lane, letter.side, life(letter.life)};
}

/// The addressee's word that it has the letter's stream up to the letter.
inline courier::BoxedReceipt receipt_of(const Letter& letter) {
  courier::BoxedReceipt out;
  out.clear.stream = stream_of(letter);
  out.clear.seq = {letter.seq};
  out.box = {1, 2, 3};
  return out;
}

inline Directory::Content broker_directory_content(std::uint64_t version = 7) {
  Directory::Content content = paper_directory_content();
  content.version = {version};
  content.expires_at = kStart + std::chrono::hours{24 * 30};
  return content;
}

inline std::shared_ptr<const Directory> share(Directory::Content content) {
  auto made = Directory::make(std::move(content));
  CHECK(made);
  return std::make_shared<const Directory>(*std::move(made));
}

inline AddressEntry& entry_of(Directory::Content& content, const Address& address) {
  for (AddressEntry& entry : content.addresses) {
    if (entry.address == address) return entry;
  }
  CHECK(false);
}

inline broker::Brain::Options options() {
  broker::Brain::Options out;
  out.name = "broker-1";
  out.program = "test";
  return out;
}

/// A brain and its shell without sockets. A turn's effects are sorted by session.
class PaperBroker {
 public:
  using Frame = courier::Frame;

  explicit PaperBroker(broker::Brain::Options made = options(),
                       Directory::Content content = broker_directory_content())
      : brain{std::move(made), mailbox, share(std::move(content)), Bytes{7, 7, 7}} {}

  static broker::SessionKey key(std::uint8_t id) { return {Bytes{id}}; }

  /// Ends the turn; what was sent is in `sent` until the next one.
  void turn() {
    broker::Effects effects = brain.take_effects(now);
    must_commit = effects.must_commit;
    notes = std::move(effects.notes);
    notes_skipped = effects.notes_skipped;
    sent.clear();
    for (broker::Outgoing& out : effects.frames) sent[out.to].push_back(std::move(out.frame));
  }
  void hear(std::uint8_t session, const std::string& node, Frame frame) {
    brain.on_frame(key(session), node, std::move(frame), now);
  }
  /// Says hello for `node` by session `session`, and ends the turn.
  void hello(std::uint8_t session, const std::string& node, std::uint64_t directory = 7) {
    Frame frame;
    frame.hello = courier::Hello{node, "minqing-node test", life(session), {directory}};
    hear(session, node, std::move(frame));
    turn();
  }
  /// What may be sent to the session, the same in all lanes and sides; totals since its beginning.
  void grant(std::uint8_t session,
             const std::string& node,
             std::uint64_t envelopes_total,
             std::uint64_t bytes_total = 1ULL << 40U) {
    Frame frame;
    for (std::size_t i = 0; i < courier::kTrafficClasses; ++i) {
      frame.credits.push_back(
          {courier::lane_at(i), courier::side_at(i), envelopes_total, bytes_total});
    }
    hear(session, node, std::move(frame));
  }
  /// A live session with credit; the turn is ended.
  void open(std::uint8_t session, const std::string& node, std::uint64_t envelopes = 1'000) {
    hello(session, node);
    grant(session, node, envelopes);
    turn();
  }
  void post(std::uint8_t session, const Letter& letter) {
    Frame frame;
    frame.lane = letter.lane;
    frame.envelopes.push_back(seal(letter));
    hear(session, letter.from.text(), std::move(frame));
  }
  void receipt(std::uint8_t session, const Letter& letter) {
    Frame frame;
    frame.receipts.push_back(receipt_of(letter));
    hear(session, letter.to.text(), std::move(frame));
  }

  // --- what the last turn sent to a session ------------------------------------------------------
  template <class Item>
  std::vector<Item> all(std::uint8_t session, std::vector<Item> Frame::*items) const {
    std::vector<Item> out;
    const auto found = sent.find(key(session));
    if (found == sent.end()) return out;
    for (const Frame& frame : found->second) {
      out.insert(out.end(), (frame.*items).begin(), (frame.*items).end());
    }
    return out;
  }
  template <class Part>
  std::optional<Part> one(std::uint8_t session, std::optional<Part> Frame::*part) const {
    const auto found = sent.find(key(session));
    if (found == sent.end()) return std::nullopt;
    for (const Frame& frame : found->second) {
      if (frame.*part) return frame.*part;
    }
    return std::nullopt;
  }
  std::vector<std::uint64_t> seqs(std::uint8_t session) const {
    std::vector<std::uint64_t> out;
    for (const auto& envelope : all(session, &Frame::envelopes)) {
      out.push_back(envelope.transport.seq.value);
    }
    return out;
  }
  bool is_silent(std::uint8_t session) const { return !sent.contains(key(session)); }
  std::uint64_t refused(courier::RefusalCode code) const {
    return brain.stats().envelopes_refused.at(static_cast<std::size_t>(code));
  }

  MemoryMailbox mailbox;
  broker::Brain brain;
  Instant now = kStart;
  std::map<broker::SessionKey, std::vector<Frame>> sent;
  std::vector<broker::Note> notes;
  std::uint64_t notes_skipped = 0;
  bool must_commit = false;
};

}  // namespace minqing::testing
