// What a node gives of its log to a peer that asks (refill.h).
#include <algorithm>

#include "core/limits.h"
#include "core/may_send.h"
#include "nodes/common/balance.h"
#include "nodes/common/refill.h"

namespace minqing::node {
namespace {

using courier::Direction;
using courier::LogRow;

/// Pages of one turn; who is left out asks again.
constexpr std::size_t kAnswersPerTurnMax = 8;

Direction other_way(Direction direction) {
  return direction == Direction::kIn ? Direction::kOut : Direction::kIn;
}

}  // namespace

bool Refill::is_known(const courier::RefillAsk& ask, const LogRow& row) const {
  const Direction theirs = other_way(row.direction);
  return std::ranges::any_of(ask.known, [&](const courier::KnownStream& known) {
    return known.direction == theirs && known.lane == row.lane && known.side == row.side &&
           known.life == row.life && row.seq <= known.seq;
  });
}

void Refill::on_ask(const courier::BoxedRecord& boxed,
                    const Directory& directory,
                    Balance& balance) {
  if (pages_.size() >= kAnswersPerTurnMax || !ports_.sealer.hosts(boxed.to, directory)) return;
  if (may_send(directory, boxed.to, boxed.from, MessageClass::kNotice) != Admission::kAllowed) {
    return;
  }
  auto ask = ports_.sealer.unbox_ask(boxed, directory);
  if (!ask) {
    ++counters_.asks_unreadable;
    return;
  }
  auto boxed_page = ports_.sealer.box_page(
      ask->held.empty() ? page_for(*std::move(ask)) : balance.answer(*ask), directory);
  if (!boxed_page) return;
  ++counters_.asks_answered;
  pages_.push_back(*std::move(boxed_page));
}

courier::RefillPage Refill::page_for(courier::RefillAsk ask) {
  // Only what both hold alike is known.
  std::erase_if(ask.known, [&](const courier::KnownStream& known) {
    const courier::StreamKey key{ask.to, ask.from, known.lane, known.side};
    const Direction ours = other_way(known.direction);
    return ports_.ledger.leaf_at(key, ours, known.life, known.seq) != known.leaf ||
           !ports_.ledger.is_whole(key, ours, known.life, known.seq);
  });
  const courier::Ledger::Talk talk = ports_.ledger.load_talk(
      ask.to, ask.from, ask.after, limits::kRefillLookMax, limits::kRefillPageBytes);
  courier::RefillPage page{.from = ask.to,
                           .to = ask.from,
                           .life = ask.life,
                           .after = ask.after,
                           .through = talk.through,
                           .more = talk.more,
                           .rows = {}};
  for (const LogRow& row : talk.rows) {
    if (is_known(ask, row)) continue;
    if (page.rows.size() == limits::kRefillItemsMax) {
      page.more = true;
      break;
    }
    page.through = row.pos;
    page.rows.push_back({other_way(row.direction), row.life, row.seq, row.header, row.salt,
                         row.body, row.signature});
  }
  if (page.rows.size() < limits::kRefillItemsMax) page.through = talk.through;
  return page;
}

}  // namespace minqing::node
