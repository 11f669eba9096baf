#include "wire/entry_codec.h"

#include "wire/body_codec.h"
#include "wire/header_codec.h"

namespace minqing::wire {
namespace {

Result<casework::Body> body_from_columns(const courier::LogRow& row) {
  casework::Body body;
  body.kind = static_cast<casework::Kind>(row.kind);
  body.loop = row.loop;
  if (row.cls == MessageClass::kProgress || row.cls == MessageClass::kFinal) {
    body.in_reply_to = row.loop;
  }
  if (!row.case_id.empty()) {
    ASSIGN_OR_RETURN(body.case_id, CaseId::parse(row.case_id));
  }
  return body;
}

Result<casework::Body> body_of(const courier::LogRow& row) {
  if (row.body.empty()) return body_from_columns(row);
  auto body = decode_body(row.body);
  if (!body && row.verdict != "ok") return body_from_columns(row);
  return body;
}

}  // namespace

Result<casework::Entry> read_entry(const courier::LogRow& row) {
  casework::Entry entry;
  entry.direction = row.direction;
  entry.owner = row.owner;
  entry.peer = row.peer;
  entry.pos = row.pos;
  entry.leaf = row.leaf;
  entry.at = row.at;
  entry.verdict = row.verdict;
  ASSIGN_OR_RETURN(entry.header, decode_header(row.header));
  ASSIGN_OR_RETURN(entry.body, body_of(row));
  return entry;
}

}  // namespace minqing::wire
