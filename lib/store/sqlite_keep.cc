#include "store/sqlite_keep.h"

#include <algorithm>

#include "casework/kinds.h"
#include "core/limits.h"

namespace minqing::store {
namespace {

using courier::Direction;
using courier::LogRow;
using courier::Unsafe;

std::size_t bytes_of(const LogRow& row) {
  return row.header.size() + row.body.size() + row.signature.size();
}

void add_unsafe(Unsafe& unsafe, Instant at) {
  ++unsafe.rows;
  if (unsafe.oldest_at == Instant{} || at < unsafe.oldest_at) unsafe.oldest_at = at;
}

}  // namespace

/// Own rows that count: no KEEPs, and no CASE_STATE, which is told anew with every change.
std::vector<SqliteKeep::Place> SqliteKeep::read_places(Rows rows) {
  std::vector<Place> places;
  while (rows.next()) {
    Place place;
    place.direction = rows.get_enum(2, Direction::kSelf);
    if (place.direction == Direction::kIn) continue;
    place.pos = rows.get<Pos>(0);
    place.id = rows.get<MessageId>(1);
    place.peer = rows.get<Address>(3);
    place.lane = rows.get_enum(4, Lane::kBulk);
    place.side = rows.get_enum(5, Side::kAnswer);
    place.life = rows.get<LifeId>(6);
    place.seq = rows.get<Seq>(7);
    place.at = rows.get<Instant>(8);
    const auto kind = static_cast<casework::Kind>(rows.get<std::uint16_t>(9));
    if (kind == casework::Kind::kKeep || kind == casework::Kind::kCaseState) continue;
    places.push_back(std::move(place));
  }
  return places;
}

bool SqliteKeep::is_receipted(const Place& out) {
  const courier::StreamKey key{out.owner, out.peer, out.lane, out.side};
  const LifeId life = ledger_.life();
  Seq seq = out.seq;
  if (out.life != life) {
    Rows rows = carried_.rows(key.owner, key.peer, key.lane, key.side, life, out.pos);
    if (!rows.next()) {
      // Of a former life and not sent again: its peer gave it back, unless it is still asked.
      return !unconfirmed_.rows(key.owner, out.pos).next();
    }
    seq = rows.get<Seq>(0);
  }
  return seq <= ledger_.receipted(key);
}

std::optional<MessageId> SqliteKeep::keep_of(const Place& row) {
  Rows rows = keep_of_.rows(row.owner, row.id);
  if (!rows.next()) return std::nullopt;
  return rows.get<MessageId>(0);
}

bool SqliteKeep::is_kept(const Place& row) {
  const auto keep = keep_of(row);
  if (!keep) return false;
  Place place;
  {
    Rows rows = out_row_.rows(row.owner, *keep);
    if (!rows.next()) return false;
    place.owner = row.owner;
    place.pos = rows.get<Pos>(0);
    place.peer = rows.get<Address>(3);
    place.lane = rows.get_enum(4, Lane::kBulk);
    place.side = rows.get_enum(5, Side::kAnswer);
    place.life = rows.get<LifeId>(6);
    place.seq = rows.get<Seq>(7);
  }
  return is_receipted(place);
}

bool SqliteKeep::is_safe(const Place& row) {
  return (row.direction == Direction::kOut && is_receipted(row)) || is_kept(row);
}

Pos SqliteKeep::kept_through(const Address& owner) {
  const LifeId life = ledger_.life();
  Rows rows = kept_through_.rows(owner, life);
  return rows.next() ? rows.get<Pos>(0) : Pos{};
}

SqliteKeep::Alone SqliteKeep::alone(const Address& owner, const Wanted& wanted) {
  Alone out;
  const Pos last{wanted.after.value + wanted.look_max};
  std::vector<Place> places = read_places(places_.rows(owner, wanted.after, last));
  std::size_t bytes = 0;
  out.through = wanted.after;
  for (Place& place : places) {
    place.owner = owner;
    const bool is_alone =
        !keep_of(place) && !(place.direction == Direction::kOut && is_receipted(place));
    if (!is_alone) continue;
    if (place.at > wanted.not_after || out.rows.size() == wanted.rows_max) {
      out.next_at = place.at;
      return out;
    }
    Rows rows = load_.rows(owner, place.pos);
    if (!rows.next()) return out;
    StoredRow stored = read_log_row(rows);
    // A purged body cannot be kept; one that is too large neither, and is counted as not safe.
    const std::size_t size = bytes_of(stored.row);
    if (!stored.has_body || size > limits::kKeepRowBytesMax) continue;
    if (bytes + size > wanted.bytes_max && !out.rows.empty()) {
      out.next_at = place.at;
      return out;
    }
    bytes += size;
    out.rows.push_back(std::move(stored.row));
    out.through = place.pos;
  }
  Rows rows = last_pos_.rows(owner);
  const Pos end = rows.next() ? rows.get<Pos>(0) : Pos{};
  out.through = std::min(last, end);
  if (last < end) out.next_at = Instant{};  // there is more to look at
  return out;
}

Unsafe SqliteKeep::unsafe_of_case(const Address& owner, const std::string& case_id) {
  Unsafe out;
  for (Place& place : read_places(places_of_case_.rows(case_id, owner))) {
    place.owner = owner;
    if (!is_safe(place)) add_unsafe(out, place.at);
  }
  return out;
}

Unsafe SqliteKeep::unsafe(const Address& owner, std::size_t look_max) {
  Unsafe out;
  Pos& through = safe_through_[owner];
  const Pos last{through.value + look_max};
  Pos end;
  {
    Rows rows = last_pos_.rows(owner);
    if (rows.next()) end = rows.get<Pos>(0);
  }
  Pos first_unsafe;
  for (Place& place : read_places(places_.rows(owner, through, last))) {
    place.owner = owner;
    if (is_safe(place)) continue;
    if (first_unsafe == Pos{}) first_unsafe = place.pos;
    add_unsafe(out, place.at);
  }
  out.is_more = last < end;
  through =
      first_unsafe == Pos{} ? std::max(through, std::min(last, end)) : Pos{first_unsafe.value - 1};
  return out;
}

}  // namespace minqing::store
