// The brain's frames: what leaves once a turn is committed, by which session, in which order.
#include <algorithm>
#include <iterator>

#include "core/limits.h"
#include "nodes/common/brain.h"
#include "nodes/common/brain_limits.h"

namespace minqing::node {

using courier::SessionIndex;

namespace {

/// What an out row weighs as it travels, before it is sealed: never less than the truth.
std::size_t sealed_bytes_bound(const courier::LogRow& row) {
  return std::min(limits::kEnvelopeBytesMax,
                  row.header.size() + row.body.size() + row.signature.size() + 1'024);
}

/// A cannot-open names its keys too.
constexpr std::size_t kCannotOpenBytes =
    kRecordBytes + limits::kKeysPerAddressMax * (KeyId::kSize + 8);

}  // namespace

std::vector<Departure> Brain::depart(Instant now) {
  TurnNotes notes = scribe_.take_notes();
  for (const courier::LogRow& row : notes.out) {
    const courier::StreamKey key{row.owner, row.peer, row.lane, row.side};
    if (is_void(row)) {
      outbox_.replaced(key, row.seq, now);
    } else {
      outbox_.committed(key, row.seq, sealed_bytes_bound(row), now);
    }
  }
  committed_notes_ = std::move(notes);
  std::vector<Departure> out;
  frame_bytes_.clear();
  frame_items_.clear();
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (auto frame = links_[i].take_frame()) {
      if (frame->ping) {
        frame->credits = meters_[i].totals();
        frame->spent = outbox_.say_spent(SessionIndex{i});
      }
      out.push_back({SessionIndex{i}, *std::move(frame)});
      frame_bytes_.push_back(kRecordBytes);
      frame_items_.push_back(1);
    }
  }
  add_receipts(out, now);
  add_replies(out);
  add_refill_records(out);
  add_envelopes(out, now);
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].state() != LinkState::kLive) continue;
    for (const courier::Credit& credit : meters_[i].take_grants()) {
      frame_for(out, SessionIndex{i}, Lane::kUrgent, kRecordBytes).credits.push_back(credit);
    }
  }
  return out;
}

/// The live sessions in turn: another one at each attempt.
std::optional<SessionIndex> Brain::live_session(unsigned turn_of) const {
  std::vector<SessionIndex> live;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].state() == LinkState::kLive) live.push_back(SessionIndex{i});
  }
  if (live.empty()) return std::nullopt;
  return live[turn_of % live.size()];
}

std::optional<SessionIndex> Brain::live_session() const {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].state() == LinkState::kLive) return SessionIndex{i};
  }
  return std::nullopt;
}

courier::Frame& Brain::frame_for(std::vector<Departure>& out,
                                 SessionIndex session,
                                 Lane lane,
                                 std::size_t bytes) {
  for (std::size_t i = out.size(); i-- > 0;) {
    if (out[i].session != session || out[i].frame.lane != lane) continue;
    if (frame_bytes_[i] + bytes > limits::kFrameBytesTarget) break;
    if (++frame_items_[i] > limits::kFrameItemsMax) break;
    frame_bytes_[i] += bytes;
    return out[i].frame;
  }
  out.push_back({session, courier::Frame{}});
  out.back().frame.lane = lane;
  frame_bytes_.push_back(bytes);
  frame_items_.push_back(1);
  return out.back().frame;
}

std::optional<courier::BoxedReceipt> Brain::box(const courier::ReceiptWord& word) {
  const courier::InStream& stream = word.stream;
  const courier::Receipt receipt{.stream = courier::name_of_incoming(stream.key, stream.life),
                                 .receiver_life = ports_.ledger.life(),
                                 .seq = stream.cursor,
                                 .leaf = stream.leaf,
                                 .streams = word.streams};
  auto boxed = ports_.sealer.box(receipt, *directory_);
  if (!boxed) return std::nullopt;  // the sender has left the directory: nobody to tell
  return *std::move(boxed);
}

void Brain::add_receipts(std::vector<Departure>& out, Instant now) {
  const std::vector<courier::ReceiptWord> due = receipts_.take();
  const auto session = live_session();
  if (!session) return;  // the resume records of the next session will say it all
  for (const courier::ReceiptWord& word : due) {
    auto boxed = box(word);
    if (!boxed) continue;
    ++counters_.receipts_sent;
    frame_for(out, *session, word.stream.key.lane, kRecordBytes)
        .receipts.push_back(*std::move(boxed));
  }
  for (const courier::Resume& resume : receipts_.take_resumes(now)) {
    auto boxed = box(resume.word);
    if (!boxed) continue;
    frame_for(out, resume.session, resume.word.stream.key.lane, kRecordBytes)
        .resumes.push_back(*std::move(boxed));
  }
}

void Brain::add_replies(std::vector<Departure>& out) {
  CourierReplies replies = intake_.take_replies();
  for (std::string& alarm : replies.alarms) {
    committed_notes_.alarms.push_back(std::move(alarm));
  }
  for (std::string& alarm : balance_.take_alarms()) {
    committed_notes_.alarms.push_back(std::move(alarm));
  }
  const auto session = live_session();
  if (!session) return;
  for (courier::CannotOpen& reply : replies.cannot_opens) {
    frame_for(out, *session, reply.stream.lane, kCannotOpenBytes)
        .cannot_opens.push_back(std::move(reply));
  }
  std::ranges::move(doubled_.take(), std::back_inserter(replies.forks));
  for (courier::Fork& reply : replies.forks) {
    reply.word = box(
        {{courier::key_at_receiver(reply.stream), reply.stream.life, reply.seq, reply.held}, 0});
    frame_for(out, *session, reply.stream.lane, 2 * kRecordBytes).forks.push_back(std::move(reply));
  }
}

void Brain::add_envelopes(std::vector<Departure>& out, Instant now) {
  for (const courier::Transmit& order : outbox_.plan(now)) transmit(order, out, now);
}

std::vector<courier::LogRow> Brain::rows_for(const courier::Transmit& order) {
  // Rows of this turn are still in hand; older ones come from the log.
  std::vector<courier::LogRow> rows;
  for (courier::LogRow& row : committed_notes_.out) {
    const bool in_stream = row.owner == order.key.owner && row.peer == order.key.peer &&
                           row.lane == order.key.lane && row.side == order.key.side;
    if (!in_stream || row.seq < order.first) continue;
    if (rows.empty() && row.seq != order.first) break;  // older rows come first
    if (rows.size() >= order.envelopes_max) break;
    if (!rows.empty() && row.seq != rows.back().seq.next()) break;  // behind a VOID
    rows.push_back(row);
  }
  if (!rows.empty()) return rows;
  return ports_.ledger.load_out(order.key, order.first, order.envelopes_max, order.bytes_max);
}

/// The leaf that the addressee must hold at the number before `row`.
Leaf Brain::leaf_before(const courier::LogRow& row) const {
  const courier::StreamKey key = courier::key_of(row);
  const Seq before{row.seq.value - 1};
  if (before == Seq{}) return {};
  // A VOID is the later of two.
  const auto rows = ports_.ledger.rows_at(courier::Direction::kOut, key, row.life, before);
  if (!rows.empty()) return rows.back().leaf;
  return ports_.ledger.leaf_at(key, courier::Direction::kOut, row.life, before).value_or(Leaf{});
}

void Brain::transmit(const courier::Transmit& order, std::vector<Departure>& out, Instant now) {
  std::optional<Leaf> prior;
  for (const courier::LogRow& row : rows_for(order)) {
    if (!prior) prior = leaf_before(row);
    auto sealed = ports_.sealer.seal(row, *prior, *directory_);
    prior = row.leaf;
    if (!sealed) return;  // no key for the addressee yet: tried again after a backoff
    const std::size_t bytes = sealed->sealed.size();
    if (!outbox_.may_send(order.key, order.session, bytes)) return;
    outbox_.sent(order.key, order.session, row.seq, bytes, now);
    frame_for(out, order.session, order.key.lane, bytes).envelopes.push_back(*std::move(sealed));
    ++counters_.envelopes_sent;
  }
}

}  // namespace minqing::node
