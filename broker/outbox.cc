#include "broker/outbox.h"

#include <utility>

#include "core/limits.h"

namespace minqing::broker {
namespace {

// About what an item costs in a frame beside its variable parts; only the cut depends on it, and
// limits::kMessageBytesMax leaves ample room above kFrameBytesTarget.
constexpr std::size_t kItemBytes = 256;

}  // namespace

const char* to_string(NoteKind kind) {
  switch (kind) {
    case NoteKind::kSessionLive: return "session_live";
    case NoteKind::kSessionGone: return "session_gone";
    case NoteKind::kSessionRefused: return "session_refused";
    case NoteKind::kEnvelopeRefused: return "envelope_refused";
    case NoteKind::kForeignReceipt: return "foreign_receipt";
    case NoteKind::kBadFrame: return "bad_frame";
    case NoteKind::kDirectoryTaken: return "directory_taken";
    case NoteKind::kDirectoryBehind: return "directory_behind";
  }
  CHECK(false);
}

courier::Frame& Outbox::room_for(const SessionKey& to, Lane lane, std::size_t bytes) {
  LaneFrames& out = by_session_[to].lanes.at(static_cast<std::size_t>(lane));
  const bool is_full =
      out.bytes + bytes > limits::kFrameBytesTarget || out.items + 1 > limits::kFrameItemsMax;
  if (out.frames.empty() || (is_full && out.items > 0)) {
    out.frames.emplace_back().lane = lane;
    out.bytes = 0;
    out.items = 0;
  }
  out.bytes += bytes;
  ++out.items;
  return out.frames.back();
}

void Outbox::add(const SessionKey& to, courier::SealedEnvelope envelope) {
  const std::size_t bytes = envelope.sealed.size() + kItemBytes;
  room_for(to, envelope.header.lane, bytes).envelopes.push_back(std::move(envelope));
}

void Outbox::add_receipt(const SessionKey& to, courier::BoxedReceipt receipt) {
  const std::size_t bytes = receipt.box.size() + kItemBytes;
  room_for(to, receipt.clear.stream.lane, bytes).receipts.push_back(std::move(receipt));
}

void Outbox::add_resume(const SessionKey& to, courier::BoxedReceipt resume) {
  const std::size_t bytes = resume.box.size() + kItemBytes;
  room_for(to, resume.clear.stream.lane, bytes).resumes.push_back(std::move(resume));
}

void Outbox::add_refill_ask(const SessionKey& to, courier::BoxedRecord ask) {
  const std::size_t bytes = ask.box.size() + kItemBytes;
  room_for(to, Lane::kBulk, bytes).refill_asks.push_back(std::move(ask));
}

void Outbox::add_refill_page(const SessionKey& to, courier::BoxedRecord page) {
  const std::size_t bytes = page.box.size() + kItemBytes;
  room_for(to, Lane::kBulk, bytes).refill_pages.push_back(std::move(page));
}

void Outbox::add(const SessionKey& to, courier::CannotOpen cannot_open) {
  const std::size_t bytes = cannot_open.my_keys.size() * KeyId::kSize + kItemBytes;
  room_for(to, cannot_open.stream.lane, bytes).cannot_opens.push_back(std::move(cannot_open));
}

void Outbox::add(const SessionKey& to, courier::Fork fork) {
  const std::size_t bytes = (fork.word ? fork.word->box.size() + kItemBytes : 0) + kItemBytes;
  room_for(to, fork.stream.lane, bytes).forks.push_back(std::move(fork));
}

void Outbox::add(const SessionKey& to, courier::Refused refused) {
  const std::size_t bytes = refused.detail.size() + kItemBytes;
  room_for(to, refused.stream.lane, bytes).refusals.push_back(std::move(refused));
}

void Outbox::add(const SessionKey& to, courier::Stored stored) {
  room_for(to, stored.stream.lane, kItemBytes).stored.push_back(std::move(stored));
}

void Outbox::add(const SessionKey& to, courier::Credit credit) {
  room_for(to, credit.lane, kItemBytes).credits.push_back(credit);
}

courier::Frame& Outbox::session_part(const SessionKey& to) {
  std::optional<courier::Frame>& part = by_session_[to].session_part;
  if (!part) part.emplace().lane = Lane::kUrgent;
  return *part;
}

void Outbox::offer(const SessionKey& to, const Bytes& signed_directory, courier::Ping ping) {
  courier::Frame& frame = by_session_[to].offer.emplace();
  frame.lane = Lane::kUrgent;
  frame.directory = courier::DirectoryOffer{signed_directory};
  frame.ping = ping;
}

namespace {

/// Moves the session's own words into `frame`, its first urgent one.
void lead(courier::Frame& frame, courier::Frame&& part) {
  frame.welcome = std::move(part.welcome);
  frame.ping = part.ping;
  frame.pong = part.pong;
  frame.reset = part.reset;
  frame.goodbye = std::move(part.goodbye);
  frame.session_refused = std::move(part.session_refused);
  frame.credits.insert(frame.credits.end(), part.credits.begin(), part.credits.end());
  frame.spent = std::move(part.spent);
}

}  // namespace

std::vector<Outgoing> Outbox::take() {
  std::vector<Outgoing> out;
  for (auto& [key, session] : by_session_) {
    std::vector<courier::Frame>& urgent =
        session.lanes.at(static_cast<std::size_t>(Lane::kUrgent)).frames;
    if (session.session_part) {
      if (urgent.empty()) urgent.emplace_back().lane = Lane::kUrgent;
      lead(urgent.front(), std::move(*session.session_part));
    }
    for (LaneFrames& lane : session.lanes) {
      for (courier::Frame& frame : lane.frames) out.push_back({key, std::move(frame)});
    }
    if (session.offer) out.push_back({key, std::move(*session.offer)});
  }
  by_session_.clear();
  return out;
}

}  // namespace minqing::broker
