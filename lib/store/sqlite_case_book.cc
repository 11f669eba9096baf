#include "store/sqlite_case_book.h"

#include "store/content_json.h"

namespace minqing::store {
namespace {

using casework::AttentionRecord;
using casework::CaseRecord;
using casework::ClockRecord;
using casework::LoopRecord;
using casework::TimerRecord;

template <class Id>
const Id* or_null(const Id& id) {
  return id.is_none() ? nullptr : &id;
}

}  // namespace

std::optional<CaseRecord> SqliteCaseBook::find_case(const Address& owner, const CaseId& case_id) {
  Rows rows = case_by_id_.rows(owner, case_id.text());
  if (!rows.next()) return std::nullopt;
  return read_case(db_, rows);
}

void SqliteCaseBook::put_case(const CaseRecord& record) {
  if (is_text_same(record)) return put_row(record);
  const Indexed before = indexed(record);
  put_row(record);
  if (before.number == 0) {
    put_number_.run(record.owner, record.case_id.text());
  } else {
    take_out_grams_.run(before.number, before.grams);
  }
  const Indexed after = indexed(record);
  put_grams_.run(after.number, after.grams);
}

bool SqliteCaseBook::is_text_same(const CaseRecord& r) {
  Rows rows = is_text_same_.rows(r.owner, r.case_id.text(), r.part, r.title, r.text);
  return rows.next();
}

SqliteCaseBook::Indexed SqliteCaseBook::indexed(const CaseRecord& record) {
  Rows rows = indexed_.rows(record.owner, record.case_id.text());
  if (!rows.next()) return {};
  return {rows.integer(0), std::string{rows.text(1)}};
}

void SqliteCaseBook::put_row(const CaseRecord& r) {
  put_case_.run(r.owner, r.case_id.text(), r.part, r.state, r.title, r.text, r.category, r.area,
                r.channel, r.nature, r.urgency, r.confidentiality, join_addresses(r.respondents),
                r.petitioner_ref, r.receipt_hash, r.lead, r.outcome, r.answer, r.solved, r.attitude,
                r.result, r.returns, r.created_at, r.updated_at, r.last_pos, r.merged_into.text(),
                r.told_state, r.told_due, r.told_version, r.case_owner, r.told_by);
}

std::vector<CaseRecord> SqliteCaseBook::merged_into(const Address& owner, const CaseId& target) {
  std::vector<CaseRecord> records;
  Rows rows = merged_into_.rows(owner, target.text());
  while (rows.next()) records.push_back(read_case(db_, rows));
  return records;
}

std::optional<LoopRecord> SqliteCaseBook::find_loop(const Address& owner, const LoopId& loop) {
  Rows rows = loop_by_id_.rows(owner, loop);
  if (!rows.next()) return std::nullopt;
  return read_loop(db_, rows);
}

void SqliteCaseBook::put_loop(const LoopRecord& r) {
  put_loop_.run(r.owner, r.loop, r.end_held, r.peer, r.case_id.text(), r.kind, r.lane,
                r.request_leaf, or_null(r.parent), r.progress, r.end, or_null(r.final_id),
                r.final_kind, content_to_json(r.final_content), r.opened_at, r.reply_by, r.ended_at,
                r.is_overdue, r.extended_days);
}

std::vector<LoopRecord> SqliteCaseBook::read_loops(Rows rows) {
  std::vector<LoopRecord> records;
  while (rows.next()) records.push_back(read_loop(db_, rows));
  return records;
}

std::vector<LoopRecord> SqliteCaseBook::loops_of_case(const Address& owner, const CaseId& case_id) {
  return read_loops(loops_of_case_.rows(owner, case_id.text()));
}

std::vector<LoopRecord> SqliteCaseBook::open_asks_to(const Address& peer, std::size_t limit) {
  return read_loops(open_asks_to_.rows(peer, limit));
}

std::vector<LoopRecord> SqliteCaseBook::children_of(const Address& owner, const LoopId& parent) {
  return read_loops(children_.rows(owner, parent));
}

std::optional<AttentionRecord> SqliteCaseBook::find_attention(const Address& owner,
                                                              const MessageId& id) {
  Rows rows = attention_by_id_.rows(owner, id);
  if (!rows.next()) return std::nullopt;
  return read_attention(db_, rows);
}

void SqliteCaseBook::put_attention(const AttentionRecord& r) {
  put_attention_.run(r.owner, r.id, r.case_id.text(), or_null(r.loop), r.code, or_null(r.about),
                     r.text, r.at, r.attended_at, r.attended_by);
}

std::vector<AttentionRecord> SqliteCaseBook::open_attention(const Address& owner,
                                                            std::size_t limit) {
  return read_list(attention_open_.rows(owner, limit));
}

std::vector<AttentionRecord> SqliteCaseBook::held_words(const Address& owner, std::size_t limit) {
  return read_list(held_words_.rows(owner, limit));
}

std::vector<AttentionRecord> SqliteCaseBook::read_list(Rows rows) {
  std::vector<AttentionRecord> list;
  while (rows.next()) list.push_back(read_attention(db_, rows));
  return list;
}

void SqliteCaseBook::put_kept(const Address& owner, const MessageId& row, const MessageId& keep) {
  put_kept_.run(owner, row, keep);
}

std::vector<ClockRecord> SqliteCaseBook::clocks_of(const Address& owner, const CaseId& case_id) {
  return read_clocks(clocks_of_.rows(owner, case_id.text()));
}

void SqliteCaseBook::put_clock(const ClockRecord& r) {
  put_clock_.run(r.owner, r.case_id.text(), r.clock, r.started_at, r.extended_days, r.told_at);
}

void SqliteCaseBook::drop_clock(const ClockRecord& r) {
  drop_clock_.run(r.owner, r.case_id.text(), r.clock);
}

std::vector<ClockRecord> SqliteCaseBook::untold_clocks(const casework::UntoldClocks& wanted,
                                                       std::size_t limit) {
  return read_clocks(untold_clocks_.rows(wanted.clock, wanted.from, limit, wanted.cases));
}

std::vector<ClockRecord> SqliteCaseBook::read_clocks(Rows rows) {
  std::vector<ClockRecord> records;
  while (rows.next()) records.push_back(read_clock(db_, rows));
  return records;
}

void SqliteCaseBook::arm(const TimerRecord& timer) {
  arm_.run(timer.owner, timer.loop, timer.step, timer.due);
}

void SqliteCaseBook::disarm(const Address& owner, const LoopId& loop) {
  disarm_all_.run(owner, loop);
}

void SqliteCaseBook::disarm(const TimerRecord& timer) {
  disarm_.run(timer.owner, timer.loop, timer.step);
}

std::vector<TimerRecord> SqliteCaseBook::due_timers(Instant now, std::size_t limit) {
  std::vector<TimerRecord> timers;
  Rows rows = due_.rows(now, limit);
  while (rows.next()) timers.push_back(read_timer(rows));
  return timers;
}

std::optional<Instant> SqliteCaseBook::next_timer() {
  Rows rows = next_due_.rows();
  if (!rows.next()) return std::nullopt;
  return rows.get<Instant>(0);
}

}  // namespace minqing::store
