#include "store/sqlite_ledger.h"

#include <algorithm>

#include "casework/kinds.h"
#include "core/mutant.h"

namespace minqing::store {
namespace {

using courier::Direction;
using courier::InStream;
using courier::KnownEnvelope;
using courier::LogRow;
using courier::OutStream;
using courier::StreamKey;

}  // namespace

Pos SqliteLedger::append(const LogRow& r) {
  CHECK(db_.in_transaction() || db_.has_failed());
  CHECK(!r.owner.is_none() && !r.id.is_none());
  const bool is_ours = r.direction == Direction::kOut && r.life == life_;
  Seq* last_seq = nullptr;
  if (is_ours) {
    last_seq = &last_out_seq({r.owner, r.peer, r.lane, r.side});
    const bool takes_over = r.kind == static_cast<std::uint16_t>(casework::Kind::kVoid) &&
                            r.seq > Seq{} && r.seq <= *last_seq;
    CHECK(db_.has_failed() || takes_over || r.seq == last_seq->next());
  }
  Head& head = head_of(r.owner);
  if (db_.has_failed()) return {};

  const Pos pos = head.pos.next();
  chained_bytes(r, pos, chained_);
  const ChainHash chain =
      chain_(mutated(Mutant::kChainNotLinked) ? ChainHash{} : head.chain, chained_);
  append_.run(r.owner, pos, r.direction, r.peer, r.lane, r.side, r.life, r.seq, r.id, r.leaf,
              r.kind, r.cls, r.loop.is_none() ? nullptr : &r.loop, r.case_id, r.stamp, r.at,
              r.verdict, r.versions.directory, r.versions.rules, r.versions.calendar, r.header,
              r.signature, r.salt, chain);
  append_body_.run(r.owner, pos, r.body);
  if (db_.has_failed()) return {};

  head = {pos, chain};
  if (is_ours) *last_seq = std::max(*last_seq, r.seq);
  last_stamp_ = std::max(last_stamp_, r.stamp);
  last_at_ = std::max(last_at_, r.at);
  return pos;
}

Seq SqliteLedger::next_out_seq(const StreamKey& key) {
  return last_out_seq(key).next();
}

Seq& SqliteLedger::last_out_seq(const StreamKey& key) {
  const auto [place, is_new] = out_seqs_.try_emplace(key);
  if (is_new) {
    Rows rows = last_out_seq_.rows(key.owner, key.peer, key.lane, key.side, life_);
    if (rows.next()) place->second = rows.get<Seq>(0);
  }
  return place->second;
}

SqliteLedger::Head& SqliteLedger::head_of(const Address& owner) {
  const auto [place, is_new] = heads_.try_emplace(owner);
  if (is_new) {
    Rows rows = head_.rows(owner);
    if (rows.next()) place->second = {rows.get<Pos>(0), rows.get<ChainHash>(1)};
  }
  return place->second;
}

std::optional<KnownEnvelope> SqliteLedger::find(const Address& owner,
                                                Direction direction,
                                                const Address& peer,
                                                const MessageId& id) {
  Rows rows = find_.rows(owner, id, direction, peer);
  if (!rows.next()) return std::nullopt;
  return KnownEnvelope{rows.get<Pos>(0), rows.get<Leaf>(1), rows.get<LifeId>(2), rows.get<Seq>(3),
                       std::string{rows.text(4)}};
}

std::optional<LogRow> SqliteLedger::load(const Address& owner, const MessageId& id) {
  Rows rows = load_.rows(owner, id);
  if (!rows.next()) return std::nullopt;
  return read_log_row(rows).row;
}

bool SqliteLedger::take_rows(Rows& rows,
                             std::size_t bytes_max,
                             std::size_t& bytes,
                             std::vector<LogRow>& out) {
  while (rows.next()) {
    LogRow row = read_log_row(rows).row;
    const std::size_t size = row.header.size() + row.body.size() + row.signature.size();
    if (bytes + size > bytes_max && !out.empty()) return true;
    bytes += size;
    out.push_back(std::move(row));
  }
  return false;
}

std::vector<LogRow> SqliteLedger::load_out(const StreamKey& key,
                                           Seq first,
                                           std::size_t envelopes_max,
                                           std::size_t bytes_max) {
  std::vector<LogRow> found;
  std::size_t bytes = 0;
  const std::size_t most = std::max<std::size_t>(envelopes_max, 1);
  std::vector<Seq> carried;
  {
    Rows rows = carried_seqs_.rows(key.owner, key.peer, key.lane, key.side, life_, first, most);
    while (rows.next()) carried.push_back(rows.get<Seq>(0));
  }
  if (!carried.empty()) {
    Rows rows = load_carried_.rows(key.owner, key.peer, key.lane, key.side, life_, first, most);
    take_rows(rows, bytes_max, bytes, found);
    for (std::size_t i = 0; i < found.size(); ++i) {
      found[i].life = life_;
      found[i].seq = carried.at(i);
    }
  }
  Rows rows = load_out_.rows(key.owner, key.peer, key.lane, key.side, life_, first, most);
  std::vector<LogRow> written;
  take_rows(rows, bytes_max, bytes, written);
  std::ranges::move(written, std::back_inserter(found));
  std::ranges::stable_sort(found, {}, &LogRow::seq);
  // Either read may have been cut; a VOID stands beside the row whose number it took.
  const auto gap = std::ranges::adjacent_find(
      found, [](const LogRow& a, const LogRow& b) { return b.seq > a.seq.next(); });
  if (gap != found.end()) found.erase(gap + 1, found.end());
  if (found.size() > most) found.resize(most);
  return found;
}

courier::Ledger::Talk SqliteLedger::load_talk(const Address& owner,
                                              const Address& peer,
                                              Pos after,
                                              std::size_t look_max,
                                              std::size_t bytes_max) {
  Talk talk;
  const Pos last = head_of(owner).pos;
  talk.through = {
      std::max(after.value, std::min<std::uint64_t>(after.value + look_max, last.value))};
  std::size_t bytes = 0;
  Rows rows = load_talk_.rows(owner, after, talk.through, peer);
  const bool is_full = take_rows(rows, bytes_max, bytes, talk.rows);
  if (is_full) talk.through = talk.rows.back().pos;
  talk.more = talk.through < last;
  return talk;
}

std::optional<Leaf> SqliteLedger::leaf_at(const StreamKey& key,
                                          Direction direction,
                                          const LifeId& life,
                                          Seq seq) {
  {
    Rows rows = leaf_at_.rows(key.owner, direction, key.peer, key.lane, key.side, life, seq);
    if (rows.next()) return rows.get<Leaf>(0);
  }
  if (direction != Direction::kOut) return std::nullopt;
  Rows rows = leaf_at_carried_.rows(key.owner, key.peer, key.lane, key.side, life, seq);
  if (!rows.next()) return std::nullopt;
  return rows.get<Leaf>(0);
}

bool SqliteLedger::holds(const Address& owner,
                         Direction direction,
                         const Address& peer,
                         const Leaf& leaf) {
  return by_leaf_.rows(owner, direction, peer, leaf).next();
}

bool SqliteLedger::is_whole(const StreamKey& key,
                            Direction direction,
                            const LifeId& life,
                            Seq seq) {
  std::uint64_t rows_there = 0;
  {
    Rows rows = count_to_.rows(key.owner, direction, key.peer, key.lane, key.side, life, seq);
    if (!rows.next() || rows.integer(0) != rows.integer(1)) return false;
    rows_there = rows.get<std::uint64_t>(0);
  }
  if (direction == Direction::kOut) {
    Rows rows = count_carried_.rows(key.owner, key.peer, key.lane, key.side, life, seq);
    if (rows.next()) rows_there += rows.get<std::uint64_t>(0);
  }
  return rows_there == seq.value;
}

Seq SqliteLedger::carry_over(const LogRow& row) {
  const StreamKey key{row.owner, row.peer, row.lane, row.side};
  Seq& last = last_out_seq(key);
  carry_.run(key.owner, key.peer, key.lane, key.side, life_, last.next(), row.pos);
  if (!db_.has_failed()) last = last.next();
  return last;
}

std::vector<LogRow> SqliteLedger::rows_at(Direction direction,
                                          const StreamKey& key,
                                          const LifeId& life,
                                          Seq seq) {
  std::vector<LogRow> found;
  Rows rows = rows_at_.rows(key.owner, direction, key.peer, key.lane, key.side, life, seq);
  while (rows.next()) found.push_back(read_log_row(rows).row);
  return found;
}

std::vector<InStream> SqliteLedger::doubled(const Address& owner,
                                            Direction direction,
                                            std::size_t rows_max) {
  std::vector<InStream> numbers;
  {
    Rows rows = doubled_.rows(owner, direction, rows_max);
    while (rows.next()) {
      const StreamKey key{owner, rows.get<Address>(0), rows.get_enum(1, Lane::kBulk),
                          rows.get_enum(2, Side::kAnswer)};
      numbers.push_back({key, rows.get<LifeId>(3), rows.get<Seq>(4), {}});
    }
  }
  std::vector<InStream> found;
  for (const InStream& number : numbers) {
    for (const LogRow& row : rows_at(direction, number.key, number.life, number.cursor)) {
      if (found.size() == rows_max) return found;
      found.push_back({number.key, number.life, number.cursor, row.leaf});
    }
  }
  return found;
}

std::vector<LogRow> SqliteLedger::rows_between(
    Direction direction, const StreamKey& key, const LifeId& life, Seq first, Seq last) {
  std::vector<LogRow> found;
  Rows rows =
      rows_between_.rows(key.owner, direction, key.peer, key.lane, key.side, life, first, last);
  while (rows.next()) found.push_back(read_log_row(rows).row);
  return found;
}

void SqliteLedger::mend(const LogRow& row) {
  CHECK(db_.in_transaction() || db_.has_failed());
  mend_body_.run(row.owner, row.pos, row.body);
  std::string guard;
  {
    Rows rows = log_guard_.rows();
    if (rows.next()) guard = rows.text(0);
  }
  if (db_.has_failed()) return;
  // Bytes go back to what they were: the one change that the log's own guard must let pass.
  db_.execute("DROP TRIGGER log_is_never_changed");
  mend_row_.run(row.owner, row.pos, row.leaf, row.header, row.signature, row.salt);
  db_.execute(guard.c_str());
}

std::optional<Seq> SqliteLedger::cursor(const StreamKey& key, const LifeId& life) {
  Rows rows = cursor_.rows(key.owner, key.peer, key.lane, key.side, life);
  if (!rows.next()) return std::nullopt;
  return rows.get<Seq>(0);
}

void SqliteLedger::advance(const StreamKey& key, const LifeId& life, Seq seq, const Leaf& leaf) {
  CHECK(db_.in_transaction() || db_.has_failed());
  advance_.run(key.owner, key.peer, key.lane, key.side, life, seq, leaf);
}

void SqliteLedger::note_receipted(const StreamKey& key, Seq seq) {
  receipted_[key] = seq;
}

void SqliteLedger::write_soft() {
  for (const auto& [key, seq] : receipted_) {
    put_receipted_.run(key.owner, key.peer, key.lane, key.side, seq);
  }
}

Seq SqliteLedger::receipted(const StreamKey& key) {
  if (const auto buffered = receipted_.find(key); buffered != receipted_.end()) {
    return buffered->second;
  }
  Rows rows = receipted_of_.rows(key.owner, key.peer, key.lane, key.side);
  return rows.next() ? rows.get<Seq>(0) : Seq{};
}

std::vector<OutStream> SqliteLedger::out_streams() {
  std::vector<OutStream> streams;
  for (const Address& owner : owners()) {
    StreamKey key{owner, {}, Lane::kUrgent, Side::kAsk};
    while (true) {
      {
        const StreamKey before = key;
        Rows rows = next_stream_.rows(owner, before.peer, before.lane, before.side);
        if (!rows.next()) break;
        key.peer = rows.get<Address>(0);
        key.lane = rows.get_enum(1, Lane::kBulk);
        key.side = rows.get_enum(2, Side::kAnswer);
      }
      if (db_.has_failed()) return {};
      OutStream stream{key, last_out_seq(key), {}};
      if (stream.last_committed == Seq{}) continue;  // only in former lives
      stream.receipted = receipted(key);
      streams.push_back(std::move(stream));
    }
  }
  return streams;
}

std::vector<InStream> SqliteLedger::in_streams() {
  std::vector<InStream> streams;
  Rows rows = all_cursors_.rows();
  while (rows.next()) {
    const StreamKey key{rows.get<Address>(0), rows.get<Address>(1), rows.get_enum(2, Lane::kBulk),
                        rows.get_enum(3, Side::kAnswer)};
    streams.push_back({key, rows.get<LifeId>(4), rows.get<Seq>(5), rows.get<Leaf>(6)});
  }
  return streams;
}

std::vector<Address> SqliteLedger::owners() {
  std::vector<Address> owners;
  Address last;
  while (true) {
    const Address after = last;
    Rows rows = next_owner_.rows(after);
    if (!rows.next()) return owners;
    last = rows.get<Address>(0);
    if (last.is_none()) return owners;  // damaged: noted
    owners.push_back(last);
  }
}

void SqliteLedger::set_life(const LifeId& life) {
  life_ = life;
  out_seqs_.clear();
  receipted_.clear();
}

void SqliteLedger::reload() {
  heads_.clear();
  out_seqs_.clear();
  last_stamp_ = {};
  last_at_ = {};
  {
    Rows rows = highest_stamp_.rows();
    if (rows.next()) last_stamp_ = rows.get<Stamp>(0);
  }
  for (const Address& owner : owners()) {
    Rows rows = head_.rows(owner);
    if (rows.next()) last_at_ = std::max(last_at_, rows.get<Instant>(2));
  }
}

}  // namespace minqing::store
