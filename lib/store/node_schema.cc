#include "store/node_schema.h"

#include <array>

#include "store/clock_tables.h"
#include "store/content_json.h"
#include "store/node_tables.h"

namespace minqing::store {
namespace {

using casework::AttentionRecord;
using casework::CaseRecord;
using casework::ClockRecord;
using casework::LoopRecord;
using casework::TimerRecord;

constexpr std::string_view kCaseColumns =
    "owner, case_id, part, state, title, text, category, area, channel, nature, urgency, "
    "confidentiality, respondents, petitioner_ref, receipt_hash, lead, outcome, answer, solved, "
    "attitude, result, returns, created_at, updated_at, last_pos, merged_into, "
    "told_state, told_due, told_version, case_owner, told_by";
constexpr std::string_view kLoopColumns =
    "owner, loop, end_held, peer, case_id, kind, lane, request_leaf, parent, progress, ended_as, "
    "final_id, final_kind, final_content, opened_at, reply_by, ended_at, is_overdue, "
    "extended_days";
constexpr std::string_view kTimerColumns = "owner, loop, step, due";
constexpr std::string_view kClockColumns =
    "owner, case_id, clock, started_at, extended_days, told_at";
constexpr std::string_view kAttentionColumns =
    "owner, id, case_id, loop, code, about, text, at, attended_at, attended_by";

const std::string kFirstMigration = std::string{kDurableTables} + kViewTables;
const std::string kKeepMigration = std::string{kKeepsTable} + kRecoverTable;
const std::string kSearchMigration = std::string{kSearchTables} + kSearchFill;
const std::string kClocksMigration = std::string{kClocksTable} + kClocksFill;
const std::array<const char*, 7> kNodeMigrations{
    kFirstMigration.c_str(),  kRefillTables, kAttentionTable,          kKeepMigration.c_str(),
    kSearchMigration.c_str(), kMergeColumns, kClocksMigration.c_str(),
};
constexpr std::array<const char*, 6> kScratchMigrations{
    kViewTables, kAttentionTable, kKeepsTable, kSearchTables, kMergeColumns, kClocksTable,
};

std::string select(std::string_view columns, std::string_view table) {
  return "SELECT " + std::string{columns} + " FROM " + std::string{table} + " ";
}

std::string select_log(const std::string& index) {
  return "SELECT l.owner, l.pos, l.direction, l.peer, l.lane, l.side, l.life, l.seq, l.id, l.leaf, "
         "l.kind, l.class, l.loop, l.case_id, l.stamp, l.at, l.verdict, l.directory_version, "
         "l.rules_version, l.calendar_version, l.header, l.signature, l.salt, l.chain, b.body "
         "FROM log l " +
         index + "LEFT JOIN bodies b ON b.owner = l.owner AND b.pos = l.pos ";
}

const std::array<ViewTable, 8> kViews{
    ViewTable{"cases", kCaseColumns.data(), "owner, case_id", 2, "DELETE FROM cases"},
    ViewTable{"loops", kLoopColumns.data(), "owner, loop", 2, "DELETE FROM loops"},
    ViewTable{"timers", kTimerColumns.data(), "owner, loop, step", 3, "DELETE FROM timers"},
    ViewTable{"case_clocks", kClockColumns.data(), "owner, case_id, clock", 3,
              "DELETE FROM case_clocks"},
    ViewTable{"attention", kAttentionColumns.data(), "owner, id", 2, "DELETE FROM attention"},
    ViewTable{"keeps", "owner, id, keep", "owner, id", 2, "DELETE FROM keeps"},
    ViewTable{"case_numbers", "owner, case_id", "owner, case_id", 2, "DELETE FROM case_numbers"},
    ViewTable{"case_grams_terms", "term, doc, cnt", "term", 1,
              "INSERT INTO case_grams (case_grams) VALUES ('delete-all')"},
};

Bytes copy(ByteView view) {
  return {view.begin(), view.end()};
}

CaseId read_case_id(Database& db, std::string_view text, const char* column) {
  if (Result<CaseId> id = CaseId::parse(text)) return *std::move(id);
  db.fail_value(std::string{column} + " is no case id: " + std::string{text});
  return {};
}

std::vector<Address> split_addresses(Database& db, std::string_view text) {
  std::vector<Address> addresses;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    Result<Address> address = Address::parse(text.substr(0, space));
    if (!address) {
      db.fail_value("cases.respondents: " + address.error().detail);
      return {};
    }
    addresses.push_back(*std::move(address));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return addresses;
}

}  // namespace

// "MQns", "MQnt": never change.
const Schema kNodeSchema{0x4d516e73, "node store", kNodeMigrations};
const Schema kScratchSchema{0x4d516e74, "scratch file of views", kScratchMigrations};

const std::string kLogSelect = select_log("");
const std::string kLogSelectByStream = select_log("INDEXED BY log_stream ");
const std::string kStagedSelect =
    "SELECT owner, 0, direction, peer, lane, side, life, seq, id, leaf, kind, class, loop, "
    "case_id, stamp, at, verdict, directory_version, rules_version, calendar_version, header, "
    "signature, salt, zeroblob(32), body, held FROM refill_rows ";
const std::string kCaseSelect = select(kCaseColumns, "cases");
const std::string kLoopSelect = select(kLoopColumns, "loops");
const std::string kTimerSelect = select(kTimerColumns, "timers");
const std::string kClockSelect = select(kClockColumns, "case_clocks");
const std::string kAttentionSelect = select(kAttentionColumns, "attention");

std::span<const ViewTable> view_tables() {
  return kViews;
}

std::string join_addresses(const std::vector<Address>& addresses) {
  std::string text;
  for (const Address& address : addresses) {
    if (!text.empty()) text += ' ';
    text += address.text();
  }
  return text;
}

StoredRow read_log_row(const Rows& rows) {
  StoredRow stored;
  courier::LogRow& row = stored.row;
  row.owner = rows.get<Address>(0);
  row.pos = rows.get<Pos>(1);
  row.direction = rows.get_enum(2, courier::Direction::kSelf);
  row.peer = rows.get<Address>(3);
  row.lane = rows.get_enum(4, Lane::kBulk);
  row.side = rows.get_enum(5, Side::kAnswer);
  row.life = rows.get<LifeId>(6);
  row.seq = rows.get<Seq>(7);
  row.id = rows.get<MessageId>(8);
  row.leaf = rows.get<Leaf>(9);
  row.kind = rows.get<std::uint16_t>(10);
  row.cls = rows.get_enum(11, MessageClass::kSelf);
  row.loop = rows.get<LoopId>(12);
  row.case_id = rows.text(13);
  row.stamp = rows.get<Stamp>(14);
  row.at = rows.get<Instant>(15);
  row.verdict = rows.text(16);
  row.versions.directory = rows.get<DirectoryVersion>(17);
  row.versions.rules = rows.get<std::uint32_t>(18);
  row.versions.calendar = rows.get<std::uint32_t>(19);
  row.header = copy(rows.blob(20));
  row.signature = copy(rows.blob(21));
  row.salt = rows.get<Salt>(22);
  stored.chain = rows.get<ChainHash>(23);
  stored.has_body = !rows.is_null(24);
  row.body = copy(rows.blob(24));
  return stored;
}

CaseRecord read_case(Database& db, const Rows& rows) {
  CaseRecord record;
  record.owner = rows.get<Address>(0);
  record.case_id = read_case_id(db, rows.text(1), "cases.case_id");
  record.part = rows.get_enum(2, casework::Part::kFollower);
  record.state = rows.get_enum(3, casework::CaseState::kHandled);
  record.title = rows.text(4);
  record.text = rows.text(5);
  record.category = rows.text(6);
  record.area = rows.text(7);
  record.channel = rows.text(8);
  record.nature = rows.text(9);
  record.urgency = rows.text(10);
  record.confidentiality = rows.text(11);
  record.respondents = split_addresses(db, rows.text(12));
  record.petitioner_ref = rows.text(13);
  record.receipt_hash = rows.text(14);
  record.lead = rows.get<Address>(15);
  record.outcome = rows.text(16);
  record.answer = rows.text(17);
  record.solved = rows.text(18);
  record.attitude = rows.integer(19);
  record.result = rows.integer(20);
  record.returns = rows.get<std::uint32_t>(21);
  record.created_at = rows.get<Instant>(22);
  record.updated_at = rows.get<Instant>(23);
  record.last_pos = rows.get<Pos>(24);
  if (!rows.text(25).empty()) {
    record.merged_into = read_case_id(db, rows.text(25), "cases.merged_into");
  }
  record.told_state = rows.get_enum(26, casework::CaseState::kHandled);
  record.told_due = rows.get<Instant>(27);
  record.told_version = rows.integer(28);
  record.case_owner = rows.get<Address>(29);
  record.told_by = rows.get<Address>(30);
  return record;
}

LoopRecord read_loop(Database& db, const Rows& rows) {
  LoopRecord record;
  record.owner = rows.get<Address>(0);
  record.loop = rows.get<LoopId>(1);
  record.end_held = rows.get_enum(2, Side::kAnswer);
  record.peer = rows.get<Address>(3);
  if (!rows.text(4).empty()) record.case_id = read_case_id(db, rows.text(4), "loops.case_id");
  record.kind = static_cast<casework::Kind>(rows.get<std::uint16_t>(5));
  record.lane = rows.get_enum(6, Lane::kBulk);
  record.request_leaf = rows.get<Leaf>(7);
  record.parent = rows.get<LoopId>(8);
  record.progress = rows.text(9);
  record.end = rows.get_enum(10, casework::LoopEnd::kExpired);
  record.final_id = rows.get<MessageId>(11);
  record.final_kind = static_cast<casework::Kind>(rows.get<std::uint16_t>(12));
  if (Result<casework::Content> content = content_from_json(rows.text(13))) {
    record.final_content = *std::move(content);
  } else {
    db.fail_value("loops.final_content: " + content.error().detail);
  }
  record.opened_at = rows.get<Instant>(14);
  record.reply_by = rows.get<Instant>(15);
  record.ended_at = rows.get<Instant>(16);
  record.is_overdue = rows.integer(17) != 0;
  record.extended_days = rows.integer(18);
  return record;
}

TimerRecord read_timer(const Rows& rows) {
  TimerRecord record;
  record.owner = rows.get<Address>(0);
  record.loop = rows.get<LoopId>(1);
  record.step = rows.text(2);
  record.due = rows.get<Instant>(3);
  return record;
}

ClockRecord read_clock(Database& db, const Rows& rows) {
  ClockRecord record;
  record.owner = rows.get<Address>(0);
  record.case_id = read_case_id(db, rows.text(1), "case_clocks.case_id");
  record.clock = rows.text(2);
  record.started_at = rows.get<Instant>(3);
  record.extended_days = rows.integer(4);
  record.told_at = rows.get<Instant>(5);
  return record;
}

AttentionRecord read_attention(Database& db, const Rows& rows) {
  AttentionRecord record;
  record.owner = rows.get<Address>(0);
  record.id = rows.get<MessageId>(1);
  if (!rows.text(2).empty()) record.case_id = read_case_id(db, rows.text(2), "attention.case_id");
  record.loop = rows.get<LoopId>(3);
  record.code = rows.text(4);
  record.about = rows.get<MessageId>(5);
  record.text = rows.text(6);
  record.at = rows.get<Instant>(7);
  record.attended_at = rows.get<Instant>(8);
  record.attended_by = rows.text(9);
  return record;
}

}  // namespace minqing::store
