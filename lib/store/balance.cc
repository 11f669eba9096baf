#include "store/balance.h"

#include <map>

#include "casework/kinds.h"
#include "store/node_schema.h"

namespace minqing::store {
namespace {

using casework::Kind;
using courier::BalanceStream;
using courier::Direction;

// ?1 EXPIRED, ?2 CLOSED_AS: the ends that are no final of a reply. The first ends the asker's loop,
// the second the answerer's.
constexpr const char* kLogLines =
    "WITH ends AS (SELECT owner, loop, max(class = 2) AS by_final, max(kind = ?1) AS by_expiry, "
    "max(kind = ?2) AS by_word FROM log WHERE loop IS NOT NULL AND verdict = 'ok' AND (class = 2 "
    "OR kind IN (?1, ?2)) GROUP BY owner, loop) "
    "SELECT r.owner, r.peer, r.direction, count(*), "
    "sum(ifnull(e.by_final OR (r.direction = 1 AND e.by_expiry) OR (r.direction = 0 AND "
    "e.by_word), "
    "0)) FROM log r LEFT JOIN ends e ON e.owner = r.owner AND e.loop = r.id "
    "WHERE r.class = 0 AND r.verdict = 'ok' AND r.direction IN (0, 1) "
    "GROUP BY r.owner, r.peer, r.direction";
constexpr const char* kViewLines =
    "SELECT owner, peer, end_held, count(*), sum(ended_as <> 0), sum(ended_as = 0) FROM loops "
    "GROUP BY owner, peer, end_held";

}  // namespace

struct BalanceReader::Parts {
  Parts(std::unique_ptr<Database> opened, LeafFunction leaf_function)
      : db{std::move(opened)}, leaf{std::move(leaf_function)} {}

  std::unique_ptr<Database> db;
  LeafFunction leaf;
  Statement log_lines{*db, kLogLines};
  Statement view_lines{*db, kViewLines};
  Statement owners{*db, "SELECT DISTINCT owner FROM log ORDER BY owner"};
  Statement streams_out{*db,
                        "SELECT DISTINCT owner, peer, lane, side, life FROM log WHERE direction = "
                        "1 AND seq > 0 ORDER BY owner, peer, lane, side, life"};
  Statement streams_in{*db,
                       "SELECT peer, owner, lane, side, life FROM cursors ORDER BY peer, owner, "
                       "lane, side, life"};
  Statement cursor{*db,
                   "SELECT seq FROM cursors WHERE owner = ?1 AND peer = ?2 AND lane = ?3 AND side "
                   "= ?4 AND life = ?5"};
  Statement rows{*db, kLogSelect +
                          "WHERE l.owner = ?1 AND l.direction = ?2 AND l.peer = ?3 AND l.lane = ?4 "
                          "AND l.side = ?5 AND l.life = ?6 AND l.seq BETWEEN ?7 AND ?8 AND l.seq > "
                          "0 ORDER BY l.seq"};
  Statement held{*db,
                 "SELECT 1 FROM log WHERE owner = ?1 AND id = ?2 AND direction = ?3 AND peer = ?4"};

  Result<std::vector<BalanceStream>> read_streams(Statement& statement) {
    std::vector<BalanceStream> found;
    {
      Rows all = statement.rows();
      while (all.next()) {
        found.push_back({all.get<Address>(0), all.get<Address>(1), all.get_enum(2, Lane::kBulk),
                         all.get_enum(3, Side::kAnswer), all.get<LifeId>(4)});
      }
    }
    RETURN_IF_ERROR(db->take_failure());
    return found;
  }
};

BalanceReader::BalanceReader(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
BalanceReader::~BalanceReader() = default;

Result<std::unique_ptr<BalanceReader>> BalanceReader::open(const std::string& path,
                                                           LeafFunction leaf) {
  CHECK(leaf);
  ASSIGN_OR_RETURN(auto db, Database::open(path, kNodeSchema, {.access = Access::kReader}));
  std::unique_ptr<BalanceReader> reader{
      new BalanceReader{std::make_unique<Parts>(std::move(db), std::move(leaf))}};
  RETURN_IF_ERROR(reader->parts_->db->take_failure());
  return reader;
}

Result<std::vector<BalanceLine>> BalanceReader::lines() {
  std::map<std::tuple<Address, Address, Side>, BalanceLine> lines;
  const auto line_of = [&](const Rows& rows, Side end_held) -> BalanceLine& {
    const auto owner = rows.get<Address>(0);
    const auto peer = rows.get<Address>(1);
    BalanceLine& line = lines[{owner, peer, end_held}];
    line.owner = owner;
    line.peer = peer;
    line.end_held = end_held;
    return line;
  };
  Transaction snapshot{*parts_->db};  // log and views of one moment
  {
    Rows rows = parts_->log_lines.rows(Kind::kExpired, Kind::kClosedAs);
    while (rows.next()) {
      const bool asks = rows.integer(2) == static_cast<std::int64_t>(Direction::kOut);
      BalanceLine& line = line_of(rows, asks ? Side::kAsk : Side::kAnswer);
      line.requests = rows.get<std::uint64_t>(3);
      line.finals = rows.get<std::uint64_t>(4);
    }
    Rows views = parts_->view_lines.rows();
    while (views.next()) {
      BalanceLine& line = line_of(views, views.get_enum(2, Side::kAnswer));
      line.loops = views.get<std::uint64_t>(3);
      line.loops_ended = views.get<std::uint64_t>(4);
      line.loops_open = views.get<std::uint64_t>(5);
    }
  }
  RETURN_IF_ERROR(parts_->db->take_failure());
  std::vector<BalanceLine> found;
  for (auto& [key, line] : lines) found.push_back(std::move(line));
  return found;
}

Result<std::vector<Address>> BalanceReader::owners() {
  std::vector<Address> found;
  {
    Rows rows = parts_->owners.rows();
    while (rows.next()) found.push_back(rows.get<Address>(0));
  }
  RETURN_IF_ERROR(parts_->db->take_failure());
  return found;
}

Result<std::vector<BalanceStream>> BalanceReader::streams_out() {
  return parts_->read_streams(parts_->streams_out);
}

Result<std::vector<BalanceStream>> BalanceReader::streams_in() {
  return parts_->read_streams(parts_->streams_in);
}

Result<Seq> BalanceReader::cursor(const BalanceStream& stream) {
  Seq seq;
  {
    Rows rows = parts_->cursor.rows(stream.to, stream.from, stream.lane, stream.side, stream.life);
    if (rows.next()) seq = rows.get<Seq>(0);
  }
  RETURN_IF_ERROR(parts_->db->take_failure());
  return seq;
}

Result<std::vector<HeldRow>> BalanceReader::rows(const BalanceStream& stream,
                                                 Direction direction,
                                                 Seq first,
                                                 Seq last) {
  CHECK(direction != Direction::kSelf);
  const bool sends = direction == Direction::kOut;
  std::vector<HeldRow> found;
  {
    Rows rows = parts_->rows.rows(sends ? stream.from : stream.to, direction,
                                  sends ? stream.to : stream.from, stream.lane, stream.side,
                                  stream.life, first, last);
    while (rows.next()) {
      const StoredRow stored = read_log_row(rows);
      if (parts_->db->has_failed()) break;
      HeldRow held{.seq = stored.row.seq, .id = stored.row.id, .leaf = stored.row.leaf};
      if (stored.has_body) {
        held.leaf = parts_->leaf(stored.row.header, stored.row.salt, stored.row.body);
        held.is_damaged = held.leaf != stored.row.leaf;
      }
      found.push_back(held);
    }
  }
  RETURN_IF_ERROR(parts_->db->take_failure());
  return found;
}

Result<bool> BalanceReader::holds(const BalanceStream& stream,
                                  Direction direction,
                                  const MessageId& id) {
  const bool sends = direction == Direction::kOut;
  bool is_held = false;
  {
    Rows rows = parts_->held.rows(sends ? stream.from : stream.to, id, direction,
                                  sends ? stream.to : stream.from);
    is_held = rows.next();
  }
  RETURN_IF_ERROR(parts_->db->take_failure());
  return is_held;
}

}  // namespace minqing::store
