#include "tests/sim/logs.h"

#include "casework/attention.h"
#include "casework/kinds.h"
#include "store/reader.h"
#include "wire/body_codec.h"

namespace minqing::sim {
namespace {

constexpr int kPage = limits::kPageRowsMax;

Status read_rows(store::Reader& reader, const Address& owner, OwnerLog& log) {
  for (Pos next{1};;) {
    ASSIGN_OR_RETURN(auto page, reader.log(owner, next, store::Bodies::kLoad, kPage));
    if (page.empty()) return ok();
    next = Pos{page.back().pos.value + 1};
    for (courier::LogRow& row : page) log.rows.push_back(std::move(row));
  }
}

Status read_loops(store::Reader& reader, const Address& owner, OwnerLog& log) {
  store::LoopFilter filter;
  filter.owner = owner;
  filter.choice = store::LoopChoice::kAll;
  while (true) {
    ASSIGN_OR_RETURN(const auto page, reader.loops(filter, kPage));
    if (page.empty()) return ok();
    filter.rows_skipped += static_cast<int>(page.size());
    for (const casework::LoopRecord& loop : page) log.loops[loop.loop] = loop;
  }
}

}  // namespace

Status read_logs(const std::string& path, Logs& logs) {
  ASSIGN_OR_RETURN(const auto reader, store::Reader::open(path));
  ASSIGN_OR_RETURN(const std::vector<Address> owners, reader->owners());
  for (const Address& owner : owners) {
    OwnerLog& log = logs[owner];
    RETURN_IF_ERROR(read_rows(*reader, owner, log));
    RETURN_IF_ERROR(read_loops(*reader, owner, log));
  }
  return ok();
}

std::optional<Leaf> other_version(const OwnerLog& log, const MessageId& id) {
  for (const courier::LogRow& row : log.rows) {
    if (casework::Kind{row.kind} != casework::Kind::kAttention) continue;
    const auto body = wire::decode_body(row.body);
    if (!body || body->content.about != id) continue;
    if (body->content.code == casework::kOtherVersion) return body->request_leaf;
  }
  return std::nullopt;
}

std::set<MessageId> looked_at(const OwnerLog& log, casework::Kind kind) {
  std::set<MessageId> out;
  for (const courier::LogRow& row : log.rows) {
    if (casework::Kind{row.kind} != kind) continue;
    const auto body = wire::decode_body(row.body);
    if (!body) continue;
    out.insert(kind == casework::Kind::kAttended ? body->content.about : body->in_reply_to);
  }
  return out;
}

std::string describe_row(const courier::LogRow& row) {
  const casework::KindRow* kind = casework::find_kind(casework::Kind{row.kind});
  return row.owner.text() + " #" + std::to_string(row.pos.value) + " " + to_string(row.direction) +
         " " + (kind == nullptr ? "?" : kind->code) + " " + row.peer.text() + " seq " +
         std::to_string(row.seq.value) + " " + row.verdict;
}

}  // namespace minqing::sim
