#include "casework/attention.h"

namespace minqing::casework {
namespace {

AttentionRecord record_of(const Entry& entry) {
  AttentionRecord record;
  record.owner = entry.owner;
  record.id = entry.header.id;
  record.case_id = entry.body.case_id;
  record.loop = entry.body.loop;
  record.at = entry.at;
  return record;
}

/// Who it came from, as the list says it. Stored: never changes.
std::string from_words(const Entry& entry) {
  return "来自 from " + entry.peer.text();
}

void put_new(CaseBook& book, const AttentionRecord& record) {
  // Two peers may use one id: the first stays.
  if (!book.find_attention(record.owner, record.id)) book.put_attention(record);
}

void list_held(CaseBook& book, const Entry& entry) {
  AttentionRecord record = record_of(entry);
  record.code = entry.verdict;
  record.about = entry.header.id;
  record.text = from_words(entry);
  put_new(book, record);
}

void list_undeliverable(CaseBook& book, const Entry& entry) {
  AttentionRecord record = record_of(entry);
  record.code = "undeliverable:" + entry.body.content.code;
  record.about = entry.body.content.about;
  record.text = from_words(entry);
  if (const auto loop = book.find_loop(entry.owner, record.about)) {
    record.loop = loop->loop;
    record.case_id = loop->case_id;
  }
  put_new(book, record);
}

void list(CaseBook& book, const Entry& entry) {
  AttentionRecord record = record_of(entry);
  record.code = entry.body.content.code;
  record.about = entry.body.content.about;
  record.text = entry.body.content.text;
  put_new(book, record);
  if (record.code != kOtherVersion) return;
  auto loop = book.find_loop(entry.owner, record.about);
  if (!loop || loop->end_held != Side::kAsk) return;
  loop->request_leaf = entry.body.request_leaf;
  book.put_loop(*loop);
}

void mark_attended(CaseBook& book, const Entry& entry, const MessageId& about) {
  auto record = book.find_attention(entry.owner, about);
  if (!record || record->attended_at != Instant{}) return;
  record->attended_at = entry.at;
  record->attended_by = entry.body.author.staff;
  book.put_attention(*record);
}

}  // namespace

Draft attention_draft(const Address& owner, Attention what) {
  Draft draft;
  draft.from = owner;
  draft.to = owner;
  draft.body.kind = Kind::kAttention;
  draft.body.case_id = std::move(what.case_id);
  draft.body.loop = what.loop;
  draft.body.content.code = std::move(what.code);
  draft.body.content.about = what.about;
  draft.body.content.text = std::move(what.text);
  return draft;
}

void fold_attention(CaseBook& book, const Entry& entry) {
  const bool is_in = entry.direction == courier::Direction::kIn;
  if (is_in && entry.verdict.starts_with("held:")) return list_held(book, entry);
  if (entry.verdict != "ok") return;
  if (is_in && entry.body.kind == Kind::kUndeliverable) return list_undeliverable(book, entry);
  if (entry.direction != courier::Direction::kSelf) return;
  if (entry.body.kind == Kind::kAttention) list(book, entry);
  if (entry.body.kind == Kind::kAttended) {
    mark_attended(book, entry, entry.body.content.about);
  }
  if (entry.body.kind == Kind::kJudgedAgain) mark_attended(book, entry, entry.body.in_reply_to);
}

}  // namespace minqing::casework
