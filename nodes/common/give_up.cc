#include "nodes/common/give_up.h"

#include <algorithm>

#include "casework/judge.h"
#include "casework/void.h"
#include "core/limits.h"

namespace minqing::node {
namespace {

using courier::Direction;
using courier::LogRow;
using courier::StreamKey;

std::string words_of(const StreamKey& key) {
  return key.owner.text() + " -> " + key.peer.text() + " (" + to_string(key.lane) + ", " +
         to_string(key.side) + ")";
}

}  // namespace

bool is_void(const LogRow& row) {
  return row.kind == static_cast<std::uint16_t>(casework::Kind::kVoid);
}

Result<LogRow> row_to_give_up(const ScribePorts& ports,
                              const courier::Outbox& outbox,
                              const VoidOrder& order) {
  const std::string stream_words = words_of(order.stream);
  const auto stream = outbox.stream(order.stream);
  if (!stream) {
    return Error{Errc::kNotFound, "no stream " + stream_words +
                                      " in the present life: `minqing streams --at " +
                                      order.stream.owner.text() + "` lists them"};
  }
  if (stream->unreceipted == 0) {
    return Error{Errc::kConflict, "nothing to give up: all " +
                                      std::to_string(stream->committed.value) + " of " +
                                      stream_words + " are receipted"};
  }
  if (order.seq != stream->receipted.next()) {
    return Error{Errc::kConflict, "number " + std::to_string(order.seq.value) + " of " +
                                      stream_words +
                                      " cannot be given up: only the lowest un-receipted one, " +
                                      std::to_string(stream->receipted.value + 1) + ", can"};
  }
  const std::vector<LogRow> rows =
      ports.ledger.rows_at(Direction::kOut, order.stream, outbox.life(), order.seq);
  if (rows.empty()) return Error{Errc::kIo, "the log could not be read"};
  if (is_void(rows.back())) {
    return Error{Errc::kConflict, "number " + std::to_string(order.seq.value) + " of " +
                                      stream_words + " was given up at " +
                                      format_instant(rows.back().at) +
                                      ": the addressee has not said yet whether it had it"};
  }
  return rows.back();
}

Sweep sweep_dissolved(const ScribePorts& ports,
                      Scribe& scribe,
                      courier::Outbox& outbox,
                      Instant now) {
  const Directory& directory = scribe.directory();
  for (const courier::OutboxStreamStats& stream : outbox.unreceipted_streams()) {
    const AddressEntry* peer = directory.find(stream.key.peer);
    if (peer != nullptr && peer->state == EntryState::kDissolved) outbox.drop(stream.key, now);
  }
  std::size_t room = limits::kTimersPerTurnMax;
  for (const AddressEntry& entry : directory.content().addresses) {
    if (entry.state != EntryState::kDissolved) continue;
    for (const casework::LoopRecord& loop : ports.book.open_asks_to(entry.address, room)) {
      // Rows to itself, of bounded size: never refused.
      CHECK(scribe.write(casework::give_up_dissolved(loop, directory)).has_value());
      --room;
    }
    if (room == 0) return Sweep::kUnfinished;
  }
  return Sweep::kDone;
}

Held held_of(courier::Ledger& ledger, const Envelope& arrival) {
  const LogRow& row = arrival.row;
  const MessageId& about = arrival.entry.body.content.about;
  const Leaf& leaf = arrival.entry.body.request_leaf;
  const auto known = ledger.find(row.owner, Direction::kIn, row.peer, about);
  const bool had_it = known && known->leaf == leaf;
  const std::vector<LogRow> there = ledger.rows_at(Direction::kIn, key_of(row), row.life, row.seq);
  const auto is_it = [&](const LogRow& other) { return other.id == about && other.leaf == leaf; };
  if (!there.empty() && std::ranges::none_of(there, is_it)) return Held::kForked;
  return had_it ? Held::kHadIt : Held::kNo;
}

bool is_voided(courier::Ledger& ledger, Sealer& sealer, const LogRow& arrival) {
  for (const LogRow& row :
       ledger.rows_at(Direction::kIn, key_of(arrival), arrival.life, arrival.seq)) {
    if (!is_void(row) || row.verdict != "ok") continue;
    const auto entry = sealer.read(row);
    if (entry && entry->body.content.about == arrival.id &&
        entry->body.request_leaf == arrival.leaf) {
      return true;
    }
  }
  return false;
}

}  // namespace minqing::node
