#include "store/sqlite_refill.h"

#include "casework/kinds.h"

namespace minqing::store {
namespace {

using courier::Confirmed;
using courier::Direction;
using courier::Expected;
using courier::KnownStream;
using courier::LogRow;
using courier::RefillPeer;
using courier::RefillPhase;

constexpr const char* kApplying = "refill_applying";
constexpr auto kVoid = static_cast<std::uint16_t>(casework::Kind::kVoid);

template <class FixedValue>
ByteView bytes_or_none(const FixedValue& value) {
  return value.is_none() ? ByteView{} : value.view();
}

template <class FixedValue>
FixedValue none_or_value(const Rows& rows, int column) {
  return rows.blob(column).empty() ? FixedValue{} : rows.get<FixedValue>(column);
}

}  // namespace

bool SqliteRefill::has_former_lives() {
  return former_lives_.rows().next();
}

RefillPhase SqliteRefill::phase() {
  {
    Rows rows = refilled_.rows();
    if (!rows.next() || rows.get<Instant>(0) != Instant{}) return RefillPhase::kDone;
  }
  Rows rows = get_meta_.rows(kApplying);
  return rows.next() ? RefillPhase::kApplying : RefillPhase::kGathering;
}

void SqliteRefill::set_phase(RefillPhase phase, Instant now) {
  switch (phase) {
    case RefillPhase::kDone: set_refilled_.run(now); break;
    case RefillPhase::kGathering: set_refilled_.run(Instant{}); break;
    case RefillPhase::kApplying: put_meta_.run(kApplying, 1); return;
  }
  drop_meta_.run(kApplying);
}

std::vector<RefillPeer> SqliteRefill::peers() {
  std::vector<RefillPeer> peers;
  Rows rows = all_peers_.rows();
  while (rows.next()) {
    peers.push_back({rows.get<Address>(0), rows.get<Address>(1), rows.get<Pos>(2),
                     rows.get<std::uint64_t>(3), rows.integer(4) != 0});
  }
  return peers;
}

void SqliteRefill::put_peer(const RefillPeer& peer) {
  put_peer_.run(peer.owner, peer.peer, peer.after, peer.rows, peer.is_done);
}

std::vector<KnownStream> SqliteRefill::known(const Address& owner, const Address& peer) {
  std::vector<KnownStream> known;
  const auto read = [&](Rows rows, Direction direction) {
    while (rows.next()) {
      known.push_back({direction, rows.get_enum(0, Lane::kBulk), rows.get_enum(1, Side::kAnswer),
                       rows.get<LifeId>(2), rows.get<Seq>(3), rows.get<Leaf>(4)});
    }
  };
  read(known_in_.rows(owner, peer), Direction::kIn);
  read(known_out_.rows(owner, peer), Direction::kOut);
  std::erase_if(known, [&](const KnownStream& k) {
    return !ledger_.is_whole({owner, peer, k.lane, k.side}, k.direction, k.life, k.seq);
  });
  return known;
}

bool SqliteRefill::stage(const LogRow& r, Confirmed confirmed) {
  if (r.direction == Direction::kOut && confirmed == Confirmed::kByPeer) {
    raise_known_.run(r.owner, r.peer, r.lane, r.side, r.life, r.seq, r.leaf);
  }
  {
    Rows rows = in_log_.rows(r.owner, r.id, r.direction, r.peer);
    if (rows.next()) {
      const Pos pos = rows.get<Pos>(0);
      if (confirmed == Confirmed::kByPeer) drop_unconfirmed_.run(r.owner, pos);
      return false;
    }
  }
  {
    Rows rows = is_staged_.rows(r.owner, r.id, r.direction, r.peer);
    if (rows.next()) {
      if (confirmed == Confirmed::kByPeer) confirm_staged_.run(r.owner, r.id, r.direction, r.peer);
      return false;
    }
  }
  stage_.run(r.stamp, r.id, r.owner, r.direction, r.peer, r.lane, r.side, r.life, r.seq, r.leaf,
             r.kind, r.cls, r.loop.is_none() ? nullptr : &r.loop, r.case_id, r.at, r.verdict,
             r.versions.directory, r.versions.rules, r.versions.calendar, r.header, r.signature,
             r.salt, r.body, confirmed);
  return true;
}

std::vector<SqliteRefill::Staged> SqliteRefill::next_staged(std::size_t rows_max) {
  std::vector<Staged> staged;
  Rows rows = next_staged_.rows(rows_max);
  while (rows.next()) {
    staged.push_back({read_log_row(rows).row, rows.get_enum(25, Confirmed::kNotYet)});
  }
  return staged;
}

void SqliteRefill::unstage(const LogRow& r) {
  unstage_.run(r.stamp, r.id, r.owner, r.direction, r.peer);
}

std::uint64_t SqliteRefill::staged_count() {
  Rows rows = count_staged_.rows();
  return rows.next() ? rows.get<std::uint64_t>(0) : 0;
}

std::vector<LogRow> SqliteRefill::next_unconfirmed(std::size_t rows_max) {
  std::vector<LogRow> found;
  Rows rows = next_unconfirmed_.rows(rows_max);
  while (rows.next()) found.push_back(read_log_row(rows).row);
  return found;
}

void SqliteRefill::note_unconfirmed(const Address& owner, Pos pos) {
  add_unconfirmed_.run(owner, pos);
}

Seq SqliteRefill::carry_over(const LogRow& row) {
  const Seq seq = ledger_.carry_over(row);
  drop_unconfirmed_.run(row.owner, row.pos);
  return seq;
}

bool SqliteRefill::hear_former(const courier::StreamKey& key, const LifeId& life, Seq seq) {
  {
    Rows rows = former_.rows(key.owner, key.peer, key.lane, key.side, life);
    if (!rows.next() || rows.get<Seq>(0) <= seq) return false;
  }
  unreceipted_.run(key.owner, key.peer, key.lane, key.side, life, seq, kVoid);
  unreceipted_carried_.run(key.owner, key.peer, key.lane, key.side, life, seq);
  if (const auto leaf = ledger_.leaf_at(key, Direction::kOut, life, seq)) {
    put_known_.run(key.owner, key.peer, key.lane, key.side, life, seq, *leaf);
  } else {
    forget_former_.run(key.owner, key.peer, key.lane, key.side, life);
  }
  return true;
}

std::size_t SqliteRefill::hear_only(const Address& owner,
                                    const Address& peer,
                                    const std::set<courier::StreamName>& held) {
  std::vector<std::pair<courier::StreamKey, LifeId>> streams;
  {
    Rows rows = known_out_.rows(owner, peer);
    while (rows.next()) {
      streams.push_back(
          {{owner, peer, rows.get_enum(0, Lane::kBulk), rows.get_enum(1, Side::kAnswer)},
           rows.get<LifeId>(2)});
    }
  }
  std::size_t set_back = 0;
  for (const auto& [key, life] : streams) {
    if (held.contains({owner, peer, key.lane, key.side, life})) continue;
    if (hear_former(key, life, Seq{})) ++set_back;
  }
  return set_back;
}

std::size_t SqliteRefill::doubt_doubled(const Address& owner, const Address& peer) {
  const LifeId life = ledger_.life();
  std::vector<Pos> doubtful;
  {
    Rows rows = own_doubled_.rows(owner, peer, life, kVoid);
    while (rows.next()) doubtful.push_back(rows.get<Pos>(0));
  }
  for (const Pos pos : doubtful) note_unconfirmed(owner, pos);
  return doubtful.size();
}

bool SqliteRefill::has_other_version(const Address& owner, const Leaf& leaf) {
  const std::string hex = leaf.hex();
  return other_version_.rows(owner, hex).next();
}

void SqliteRefill::note_named(const Address& owner, const MessageId& keep, const MessageId& row) {
  note_named_.run(owner, row, keep);
}

std::uint64_t SqliteRefill::sealed_count() {
  Rows rows = count_sealed_.rows();
  return rows.next() ? rows.get<std::uint64_t>(0) : 0;
}

std::vector<LogRow> SqliteRefill::next_sealed(std::size_t rows_max) {
  std::vector<LogRow> found;
  for (Statement* statement : {&staged_sealed_, &logged_sealed_}) {
    if (found.size() >= rows_max) break;
    Rows rows = statement->rows(rows_max - found.size());
    while (rows.next()) found.push_back(read_log_row(rows).row);
  }
  return found;
}

void SqliteRefill::note_opened(const Address& owner, const MessageId& keep) {
  note_opened_.run(owner, keep);
}

std::uint64_t SqliteRefill::opened_count() {
  Rows rows = count_opened_.rows();
  return rows.next() ? rows.get<std::uint64_t>(0) : 0;
}

void SqliteRefill::expect(const Expected& e) {
  expect_.run(e.owner, e.kind, e.peer, bytes_or_none(e.loop), e.case_id, bytes_or_none(e.about),
              e.because);
}

void SqliteRefill::meet(const Expected& e) {
  meet_.run(e.owner, e.kind, e.peer, bytes_or_none(e.loop), bytes_or_none(e.about));
}

std::vector<Expected> SqliteRefill::unmet() {
  std::vector<Expected> unmet;
  Rows rows = unmet_.rows();
  while (rows.next()) {
    unmet.push_back({rows.get<Address>(0), rows.get<std::uint16_t>(1), rows.get<Address>(2),
                     none_or_value<LoopId>(rows, 3), std::string{rows.text(4)},
                     none_or_value<MessageId>(rows, 5), rows.get<MessageId>(6)});
  }
  return unmet;
}

void SqliteRefill::clear() {
  forget_peers_.run();
  forget_unconfirmed_.run();
  forget_staged_.run();
  forget_expected_.run();
  forget_opened_.run();
  forget_named_.run();
}

void SqliteRefill::life_ends() {
  const LifeId life = ledger_.life();
  for (const courier::OutStream& stream : ledger_.out_streams()) {
    const courier::StreamKey& key = stream.key;
    if (stream.receipted != Seq{}) {
      if (const auto leaf = ledger_.leaf_at(key, Direction::kOut, life, stream.receipted)) {
        put_known_.run(key.owner, key.peer, key.lane, key.side, life, stream.receipted, *leaf);
      }
    }
    unreceipted_.run(key.owner, key.peer, key.lane, key.side, life, stream.receipted, kVoid);
    unreceipted_carried_.run(key.owner, key.peer, key.lane, key.side, life, stream.receipted);
  }
  forget_peers_.run();  // read anew, in the new life's name
  drop_meta_.run(kApplying);
}

}  // namespace minqing::store
