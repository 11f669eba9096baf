#include "store/reader.h"

#include <algorithm>

#include "store/grams.h"
#include "store/node_schema.h"

namespace minqing::store {
namespace {

using casework::CaseRecord;
using casework::LoopRecord;
using courier::LogRow;

int page_of(int rows) {
  return std::clamp(rows, 1, limits::kPageRowsMax);
}

/// `text` as a LIKE pattern: anywhere, its own % _ and \ taken literally (ESCAPE '\').
std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

/// {"TRIAGE":1764000000000000,...}: SQLite reads a bound text once a query, so that a look at it
/// for each row is cheap, as json_each would not be.
std::string bounds_json(const std::vector<casework::ClockBound>& bounds) {
  std::string text = "{";
  for (const casework::ClockBound& bound : bounds) {
    if (text.size() > 1) text += ',';
    text +=
        '"' + std::string{bound.clock->id} + "\":" + std::to_string(to_micros(bound.counted_from));
  }
  return text + "}";
}

// ?2 state or -1, ?3 part or -1, ?4 pattern, ?5 ?6 place, ?7 rows, ?8 area, ?9 category, ?10
// overdue at or 0, ?11 bounds of clocks
const std::string kCasesWhere =
    "WHERE owner = ?1 AND (updated_at, case_id) < (?5, ?6) AND (?2 < 0 OR state = ?2) AND "
    "(?3 < 0 OR part = ?3) AND substr(area, 1, length(?8)) = ?8 AND "
    "substr(category, 1, length(?9)) = ?9 AND (?10 = 0 OR (part <> 0 AND told_due BETWEEN 1 AND "
    "?10) OR EXISTS (SELECT 1 FROM loops WHERE "
    "loops.owner = cases.owner AND loops.case_id = cases.case_id AND ended_as = 0 AND reply_by "
    "BETWEEN 1 AND ?10) OR EXISTS (SELECT 1 FROM case_clocks WHERE "
    "case_clocks.owner = cases.owner AND case_clocks.case_id = cases.case_id AND counted_from <= "
    "?11 ->> clock)) AND (?4 = '%%' OR title LIKE ?4 ESCAPE '\\' OR case_id LIKE ?4 ESCAPE "
    "'\\' OR (part = 0 AND text LIKE ?4 ESCAPE '\\')) ";
// ?12 query of grams
const std::string kCasesFound =
    "AND case_id IN (SELECT case_numbers.case_id FROM case_grams JOIN case_numbers ON number = "
    "case_grams.rowid WHERE case_grams MATCH ?12 AND case_numbers.owner = ?1) ";
// ?12 id
const std::string kCaseNamed = "AND case_id = ?12 ";
const std::string kCasesOrder = "ORDER BY updated_at DESC, case_id DESC LIMIT ?7";
const std::string kPageEnd = " LIMIT ?2 OFFSET ?3";
const std::string kByReplyBy = "ORDER BY reply_by = 0, reply_by, opened" + kPageEnd;

}  // namespace

struct Reader::Parts {
  explicit Parts(std::unique_ptr<Database> opened) : db{std::move(opened)} {}

  std::unique_ptr<Database> db;
  Statement life{*db, "SELECT life FROM lives ORDER BY number DESC LIMIT 1"};
  Statement next_owner{*db, "SELECT owner FROM log WHERE owner > ?1 ORDER BY owner LIMIT 1"};
  Statement cases{*db, kCaseSelect + kCasesWhere + kCasesOrder};
  Statement case_named{*db, kCaseSelect + kCasesWhere + kCaseNamed + kCasesOrder};
  Statement cases_found{*db, kCaseSelect + kCasesWhere + kCasesFound + kCasesOrder};
  Statement case_by_id{*db, kCaseSelect + "WHERE owner = ?1 AND case_id = ?2"};
  Statement loop_by_id{*db, kLoopSelect + "WHERE owner = ?1 AND loop = ?2"};
  Statement loops_of_case{*db, kLoopSelect + "WHERE owner = ?1 AND case_id = ?2 ORDER BY opened"};
  Statement loops_open{*db, kLoopSelect + "WHERE owner = ?1 AND ended_as = 0 " + kByReplyBy};
  Statement loops_overdue{*db, kLoopSelect +
                                   "WHERE owner = ?1 AND ended_as = 0 AND reply_by BETWEEN 1 AND "
                                   "?4 " +
                                   kByReplyBy};
  Statement loops_due_soon{*db, kLoopSelect +
                                    "WHERE owner = ?1 AND ended_as = 0 AND reply_by > ?4 AND "
                                    "reply_by <= ?5 " +
                                    kByReplyBy};
  Statement loops_closed{
      *db, kLoopSelect + "WHERE owner = ?1 AND ended_as <> 0 ORDER BY opened DESC" + kPageEnd};
  Statement loops_all{*db, kLoopSelect + "WHERE owner = ?1 ORDER BY opened DESC" + kPageEnd};
  // ?2 bounds, ?3 behind, ?4 rows
  Statement clocks{
      *db, kClockSelect +
               "WHERE owner = ?1 AND counted_from <= ?2 ->> clock AND counted_from > ifnull(?3 ->> "
               "clock, counted_from - 1) ORDER BY counted_from - (?2 ->> clock), case_id, clock "
               "LIMIT ?4"};
  Statement clocks_of_case{*db, kClockSelect + "WHERE owner = ?1 AND case_id = ?2 ORDER BY clock"};
  // ?2 ?3 place, ?4 rows
  Statement attention_open{*db, kAttentionSelect +
                                    "WHERE owner = ?1 AND attended_at = 0 AND (at, id) > (?2, ?3) "
                                    "ORDER BY at, id LIMIT ?4"};
  Statement attention_all{*db, kAttentionSelect +
                                   "WHERE owner = ?1 AND (at, id) < (?2, ?3) "
                                   "ORDER BY at DESC, id DESC LIMIT ?4"};
  Statement count_attention{*db,
                            "SELECT count(*) FROM attention INDEXED BY attention_open WHERE "
                            "owner = ?1 AND attended_at = 0"};
  Statement count_all_attention{*db,
                                "SELECT count(*) FROM attention INDEXED BY attention_open WHERE "
                                "attended_at = 0"};
  Statement log{*db, kLogSelect + "WHERE l.owner = ?1 AND l.pos >= ?2 ORDER BY l.pos LIMIT ?3"};
  Statement log_of_case{*db, kLogSelect +
                                 "WHERE l.case_id = ?1 AND l.case_id <> '' AND l.owner = ?2 AND "
                                 "l.pos >= ?3 ORDER BY l.pos LIMIT ?4"};
  // Positions have no gaps, so the last one is the count.
  Statement log_rows{*db, "SELECT ifnull(max(pos), 0) FROM log WHERE owner = ?1"};
  Statement count_cases{*db, "SELECT count(*) FROM cases WHERE owner = ?1"};
  Statement count_loops{*db, "SELECT count(*) FROM loops WHERE owner = ?1"};
  Statement count_open{*db,
                       "SELECT count(*), ifnull(sum(reply_by BETWEEN 1 AND ?2), 0) FROM loops "
                       "WHERE owner = ?1 AND ended_as = 0"};
  Statement count_all_rows{*db, "SELECT count(*) FROM log"};
  Statement count_all_cases{*db, "SELECT count(*) FROM cases"};
  Statement count_all_loops{*db, "SELECT count(*) FROM loops"};
  Statement count_all_open{*db,
                           "SELECT count(*), ifnull(sum(reply_by BETWEEN 1 AND ?1), 0) FROM loops "
                           "INDEXED BY loops_open WHERE ended_as = 0"};
  Statement streams{*db,
                    "SELECT l.peer, l.lane, l.side, max(l.seq), ifnull(r.seq, 0) FROM log l LEFT "
                    "JOIN receipted r ON r.owner = l.owner AND r.peer = l.peer AND r.lane = l.lane "
                    "AND r.side = l.side WHERE l.owner = ?1 AND l.direction = 1 AND l.seq > 0 AND "
                    "l.life = ?2 GROUP BY l.peer, l.lane, l.side ORDER BY l.peer, l.lane, l.side"};
  Statement waiting_at{*db,
                       "SELECT at FROM log WHERE owner = ?1 AND direction = 1 AND peer = ?2 AND "
                       "lane = ?3 AND side = ?4 AND life = ?5 AND unlikely(seq = ?6) AND seq > 0"};

  /// What a query found, unless it failed.
  template <class T>
  Result<T> done(T found) {
    RETURN_IF_ERROR(db->take_failure());
    return found;
  }
  Result<std::vector<LoopRecord>> all_loops(Rows rows) {
    std::vector<LoopRecord> found;
    while (rows.next()) found.push_back(read_loop(*db, rows));
    return done(std::move(found));
  }
  Result<std::vector<casework::ClockRecord>> all_clocks(Rows rows) {
    std::vector<casework::ClockRecord> found;
    while (rows.next()) found.push_back(read_clock(*db, rows));
    return done(std::move(found));
  }
  Result<std::vector<LogRow>> all_log_rows(Rows rows, Bodies bodies) {
    std::vector<LogRow> found;
    while (rows.next()) {
      found.push_back(read_log_row(rows).row);
      if (bodies == Bodies::kLeaveOut) found.back().body.clear();
    }
    return done(std::move(found));
  }
};

Reader::Reader(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path, const Options& options) {
  ASSIGN_OR_RETURN(
      auto db, Database::open(path, kNodeSchema,
                              {.access = Access::kReader, .statement_max = options.statement_max}));
  std::unique_ptr<Reader> reader{new Reader{std::make_unique<Parts>(std::move(db))}};
  RETURN_IF_ERROR(reader->parts_->db->take_failure());
  return reader;
}

Result<LifeId> Reader::life() {
  LifeId life;
  {
    Rows rows = parts_->life.rows();
    if (rows.next()) life = rows.get<LifeId>(0);
  }
  return parts_->done(life);
}

Result<std::vector<Address>> Reader::owners() {
  std::vector<Address> owners;
  Address last;
  do {
    const Address after = std::exchange(last, {});
    Rows rows = parts_->next_owner.rows(after);
    if (rows.next()) owners.push_back(last = rows.get<Address>(0));
  } while (!last.is_none());
  return parts_->done(std::move(owners));
}

Result<CasePage> Reader::cases(const CaseFilter& filter,
                               const std::optional<CasePlace>& after,
                               int rows_max) {
  const std::int64_t state = filter.state ? static_cast<std::int64_t>(*filter.state) : -1;
  const std::int64_t part = filter.part ? static_cast<std::int64_t>(*filter.part) : -1;
  const std::string pattern = like_pattern(filter.text);
  const CasePlace place = after.value_or(CasePlace{Instant::max(), ""});
  const int limit = page_of(rows_max);
  const std::string clock_bounds = bounds_json(filter.overdue_clocks);
  CasePage page;
  {
    const auto rows_of = [&](Statement& statement, const auto&... last) {
      return statement.rows(filter.owner, state, part, pattern, place.updated_at, place.case_id,
                            limit + 1, filter.area, filter.category, filter.overdue_at,
                            clock_bounds, last...);
    };
    const auto named = CaseId::parse(filter.text);
    const std::string id = named ? named->text() : "";
    const std::string query = named ? "" : grams_query(filter.text);
    Rows rows = named           ? rows_of(parts_->case_named, id)
                : query.empty() ? rows_of(parts_->cases)
                                : rows_of(parts_->cases_found, query);
    while (rows.next()) page.cases.push_back(read_case(*parts_->db, rows));
  }
  if (page.cases.size() > static_cast<std::size_t>(limit)) {
    page.cases.pop_back();
    page.next = CasePlace{page.cases.back().updated_at, page.cases.back().case_id.text()};
  }
  return parts_->done(std::move(page));
}

Result<std::optional<CaseRecord>> Reader::find_case(const Address& owner, const CaseId& id) {
  std::optional<CaseRecord> found;
  {
    Rows rows = parts_->case_by_id.rows(owner, id.text());
    if (rows.next()) found = read_case(*parts_->db, rows);
  }
  return parts_->done(std::move(found));
}

Result<std::vector<CaseRecord>> Reader::views_of_case(const CaseId& id) {
  ASSIGN_OR_RETURN(const std::vector<Address> everyone, owners());
  std::vector<CaseRecord> found;
  for (const Address& owner : everyone) {
    ASSIGN_OR_RETURN(std::optional<CaseRecord> view, find_case(owner, id));
    if (view) found.push_back(*std::move(view));
  }
  return found;
}

Result<std::vector<LoopRecord>> Reader::loops(const LoopFilter& filter, int rows_max) {
  const int limit = page_of(rows_max);
  const int skip = std::max(filter.rows_skipped, 0);
  switch (filter.choice) {
    case LoopChoice::kOpen:
      return parts_->all_loops(parts_->loops_open.rows(filter.owner, limit, skip));
    case LoopChoice::kOverdue:
      return parts_->all_loops(parts_->loops_overdue.rows(filter.owner, limit, skip, filter.now));
    case LoopChoice::kDueSoon:
      return parts_->all_loops(
          parts_->loops_due_soon.rows(filter.owner, limit, skip, filter.now, filter.due_by));
    case LoopChoice::kClosed:
      return parts_->all_loops(parts_->loops_closed.rows(filter.owner, limit, skip));
    case LoopChoice::kAll:
      return parts_->all_loops(parts_->loops_all.rows(filter.owner, limit, skip));
  }
  CHECK(false);
}

Result<std::vector<LoopRecord>> Reader::loops_of_case(const Address& owner, const CaseId& id) {
  return parts_->all_loops(parts_->loops_of_case.rows(owner, id.text()));
}

Result<std::optional<LoopRecord>> Reader::find_loop(const Address& owner, const LoopId& loop) {
  std::optional<LoopRecord> found;
  {
    Rows rows = parts_->loop_by_id.rows(owner, loop);
    if (rows.next()) found = read_loop(*parts_->db, rows);
  }
  return parts_->done(std::move(found));
}

Result<std::vector<casework::ClockRecord>> Reader::clocks(const ClockFilter& filter, int rows_max) {
  const std::string bounds = bounds_json(filter.bounds);
  const std::string behind = bounds_json(filter.behind);
  return parts_->all_clocks(parts_->clocks.rows(filter.owner, bounds, behind, page_of(rows_max)));
}

Result<std::vector<casework::ClockRecord>> Reader::clocks_of_case(const Address& owner,
                                                                  const CaseId& id) {
  return parts_->all_clocks(parts_->clocks_of_case.rows(owner, id.text()));
}

Result<AttentionPage> Reader::attention(const AttentionFilter& filter,
                                        const std::optional<AttentionPlace>& after,
                                        int rows_max) {
  const bool is_open = filter.choice == AttentionChoice::kOpen;
  const AttentionPlace first{is_open ? Instant::min() : Instant::max(), {}};
  const AttentionPlace place = after.value_or(first);
  const int limit = page_of(rows_max);
  AttentionPage page;
  {
    Statement& wanted = is_open ? parts_->attention_open : parts_->attention_all;
    Rows rows = wanted.rows(filter.owner, place.at, place.id, limit + 1);
    while (rows.next()) page.entries.push_back(read_attention(*parts_->db, rows));
  }
  if (page.entries.size() > static_cast<std::size_t>(limit)) {
    page.entries.pop_back();
    page.next = AttentionPlace{page.entries.back().at, page.entries.back().id};
  }
  return parts_->done(std::move(page));
}

Result<std::vector<LogRow>> Reader::log(const Address& owner,
                                        Pos first,
                                        Bodies bodies,
                                        int rows_max) {
  return parts_->all_log_rows(parts_->log.rows(owner, first, page_of(rows_max)), bodies);
}

Result<std::vector<LogRow>> Reader::log_of_case(
    const Address& owner, const CaseId& id, Pos first, Bodies bodies, int rows_max) {
  return parts_->all_log_rows(parts_->log_of_case.rows(id.text(), owner, first, page_of(rows_max)),
                              bodies);
}

Result<Totals> Reader::totals(const Address& owner, Instant now) {
  Totals totals;
  Transaction snapshot{*parts_->db};
  {
    Rows log = parts_->log_rows.rows(owner);
    if (log.next()) totals.log_rows = log.get<std::uint64_t>(0);
    Rows cases = parts_->count_cases.rows(owner);
    if (cases.next()) totals.cases = cases.get<std::uint64_t>(0);
    Rows open = parts_->count_open.rows(owner, now);
    if (open.next()) {
      totals.loops_open = open.get<std::uint64_t>(0);
      totals.loops_overdue = open.get<std::uint64_t>(1);
    }
    Rows all = parts_->count_loops.rows(owner);
    if (all.next()) totals.loops_closed = all.get<std::uint64_t>(0) - totals.loops_open;
    Rows attention = parts_->count_attention.rows(owner);
    if (attention.next()) totals.attention_open = attention.get<std::uint64_t>(0);
  }
  return parts_->done(totals);
}

Result<Totals> Reader::totals(Instant now) {
  Totals totals;
  Transaction snapshot{*parts_->db};
  {
    Rows log = parts_->count_all_rows.rows();
    if (log.next()) totals.log_rows = log.get<std::uint64_t>(0);
    Rows cases = parts_->count_all_cases.rows();
    if (cases.next()) totals.cases = cases.get<std::uint64_t>(0);
    Rows open = parts_->count_all_open.rows(now);
    if (open.next()) {
      totals.loops_open = open.get<std::uint64_t>(0);
      totals.loops_overdue = open.get<std::uint64_t>(1);
    }
    Rows all = parts_->count_all_loops.rows();
    if (all.next()) totals.loops_closed = all.get<std::uint64_t>(0) - totals.loops_open;
    Rows attention = parts_->count_all_attention.rows();
    if (attention.next()) totals.attention_open = attention.get<std::uint64_t>(0);
  }
  return parts_->done(totals);
}

Result<std::vector<StreamTotals>> Reader::streams(const Address& owner) {
  ASSIGN_OR_RETURN(const LifeId current, life());
  std::vector<StreamTotals> found;
  {
    Rows rows = parts_->streams.rows(owner, current);
    while (rows.next()) {
      StreamTotals stream;
      stream.key = {owner, rows.get<Address>(0), rows.get_enum(1, Lane::kBulk),
                    rows.get_enum(2, Side::kAnswer)};
      stream.last_committed = rows.get<Seq>(3);
      stream.receipted = rows.get<Seq>(4);
      if (stream.receipted < stream.last_committed) {
        stream.waiting = stream.last_committed.value - stream.receipted.value;
        const Seq oldest = stream.receipted.next();
        Rows at = parts_->waiting_at.rows(owner, stream.key.peer, stream.key.lane, stream.key.side,
                                          current, oldest);
        if (at.next()) stream.oldest_waiting_at = at.get<Instant>(0);
      }
      found.push_back(std::move(stream));
    }
  }
  return parts_->done(std::move(found));
}

}  // namespace minqing::store
