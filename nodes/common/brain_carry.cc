// The part of the brain that works without a line: what is carried by hand, out and in.
#include <algorithm>

#include "core/limits.h"
#include "nodes/common/brain.h"

namespace minqing::node {
namespace {

using courier::InStream;
using courier::StreamKey;

/// A receipt in a frame; an upper bound.
constexpr std::size_t kReceiptBytes = 640;

/// What is un-receipted of one stream.
struct Waiting {
  StreamKey key;
  Seq first;
  Seq last;
  auto order() const { return std::pair{courier::precedence(key.lane, key.side), key}; }
};

bool is_behind(const InStream& stream, const CarryPlace& place) {
  const auto* receipt = std::get_if<CarriedReceipt>(&place);
  return receipt == nullptr || courier::InStreamKey{stream.key, stream.life} > receipt->stream;
}

/// Moves `waiting` behind `place`; false when nothing of it lies there.
bool skip_to(Waiting& waiting, const CarryPlace& place) {
  if (const auto* at = std::get_if<CarriedEnvelope>(&place)) {
    const Waiting there{at->stream, {}, {}};
    if (waiting.order() < there.order()) return false;
    if (waiting.key == at->stream) waiting.first = std::max(waiting.first, at->seq.next());
  }
  return waiting.first <= waiting.last;
}

}  // namespace

CarryLoad Brain::carry_out(const CarryPlace& after, const Address& peer) {
  CarryLoad load;
  std::size_t bytes = 0;
  CarryPlace place = after;
  const auto is_wanted = [&](const StreamKey& key) {
    return (peer.is_none() || key.peer == peer) && ports_.sealer.hosts(key.owner, *directory_);
  };
  if (!std::holds_alternative<CarriedEnvelope>(after)) {
    std::vector<InStream> streams = ports_.ledger.in_streams();
    std::ranges::sort(streams, {}, [](const InStream& s) { return std::pair{s.key, s.life}; });
    for (const InStream& stream : streams) {
      if (!is_wanted(stream.key) || !is_behind(stream, after)) continue;
      if (bytes + kReceiptBytes > limits::kFrameBytesTarget) {
        load.next = place;
        break;
      }
      place = CarriedReceipt{{stream.key, stream.life}};
      auto boxed = box({stream, 0});
      if (!boxed) continue;
      load.frame.receipts.push_back(*std::move(boxed));
      bytes += kReceiptBytes;
    }
  }
  add_carried_envelopes(load, place, bytes, is_wanted);
  return load;
}

void Brain::add_carried_envelopes(CarryLoad& load,
                                  CarryPlace place,
                                  std::size_t bytes,
                                  const std::function<bool(const StreamKey&)>& is_wanted) {
  std::vector<Waiting> all;
  for (const courier::OutboxStreamStats& stream : outbox_.unreceipted_streams()) {
    Waiting waiting{stream.key, stream.receipted.next(), stream.committed};
    if (is_wanted(stream.key) && skip_to(waiting, place)) all.push_back(waiting);
  }
  std::ranges::sort(all, {}, &Waiting::order);
  for (const Waiting& waiting : all) load.left += waiting.last.value - waiting.first.value + 1;
  if (load.next) return;
  for (const Waiting& waiting : all) {
    for (Seq next = waiting.first; next <= waiting.last;) {
      const auto rows = ports_.ledger.load_out(waiting.key, next, limits::kWindowEnvelopesMax,
                                               limits::kFrameBytesTarget);
      if (rows.empty() || !add_carried_rows(load, rows, waiting.last, bytes, place)) break;
      next = rows.back().seq.next();
    }
    if (load.next) return;
  }
}

bool Brain::add_carried_rows(CarryLoad& load,
                             const std::vector<courier::LogRow>& rows,
                             Seq last,
                             std::size_t& bytes,
                             CarryPlace& place) {
  Leaf prior = leaf_before(rows.front());
  for (const courier::LogRow& row : rows) {
    auto sealed = ports_.sealer.seal(row, prior, *directory_);
    prior = row.leaf;
    if (!sealed) {  // what follows in the stream is of no use without this one
      const std::uint64_t rest = last.value - row.seq.value + 1;
      if (load.unsealed == 0) load.why_unsealed = sealed.error().detail;
      load.unsealed += rest;
      load.left -= rest;
      place = CarriedEnvelope{{row.owner, row.peer, row.lane, row.side}, last};
      return false;
    }
    const bool is_full = bytes + sealed->sealed.size() > limits::kFrameBytesTarget ||
                         load.frame.envelopes.size() >= limits::kFrameItemsMax;
    if (is_full && bytes > 0) {
      load.next = place;
      return false;
    }
    bytes += sealed->sealed.size();
    load.frame.envelopes.push_back(*std::move(sealed));
    place = CarriedEnvelope{{row.owner, row.peer, row.lane, row.side}, row.seq};
    --load.left;
  }
  return true;
}

CarryTaken Brain::carry_in(courier::Frame frame) {
  CarryTaken out;
  const courier::SessionIndex by_hand{links_.size()};  // none of a broker's
  if (frame.directory) offered_directories_.push_back(std::move(frame.directory->signed_directory));
  const std::uint64_t unreadable = counters_.receipts_unreadable;
  for (auto* receipts : {&frame.receipts, &frame.resumes}) {
    for (const courier::BoxedReceipt& receipt : *receipts) {
      const bool is_ours = ports_.sealer.hosts(receipt.clear.stream.from, *directory_);
      ++(is_ours ? out.receipts : out.receipts_not_for_us);
      if (is_ours) on_receipt(by_hand, receipt);
    }
  }
  out.receipts_unreadable = counters_.receipts_unreadable - unreadable;
  out.receipts -= out.receipts_unreadable;
  const IntakeCounters before = intake_.counters();
  if (refill_.is_refilling() || wanted_life_) {  // as from a broker: it is brought again
    counters_.waiting_for_refill += frame.envelopes.size();
    out.waiting = frame.envelopes.size();
    return out;
  }
  for (courier::SealedEnvelope& envelope : frame.envelopes) {
    intake_.on_envelope(std::move(envelope), now_);
  }
  const IntakeCounters& after = intake_.counters();
  out.taken = after.accepted - before.accepted;
  out.quarantined = after.quarantined - before.quarantined;
  out.repeated =
      after.repeats - before.repeats + after.known_in_new_life - before.known_in_new_life;
  out.not_for_us = after.not_hosted - before.not_hosted;
  out.unopened = after.cannot_open - before.cannot_open;
  out.waiting = after.held_back - before.held_back + after.dropped_early - before.dropped_early +
                after.waiting_for_directory - before.waiting_for_directory;
  out.conflicts = after.forks - before.forks + after.id_conflicts - before.id_conflicts;
  return out;
}

}  // namespace minqing::node
