#include "wire/keep_codec.h"

#include <capnp/message.h>

#include "core/limits.h"
#include "schemas/keep.capnp.h"
#include "wire/message_io.h"

namespace minqing::wire {
namespace {

using courier::KeepRecord;
using courier::KeptIdentity;
using courier::KeptRow;

constexpr std::size_t kVerdictBytesMax = 128;
constexpr std::size_t kRefBytesMax = 64;

Result<KeptRow> read_kept_row(const schema::KeepRecord::Row::Reader& in) {
  KeptRow out;
  const std::uint16_t direction = in.getDirection();
  if (direction != static_cast<std::uint16_t>(courier::Direction::kOut) &&
      direction != static_cast<std::uint16_t>(courier::Direction::kSelf)) {
    return bad_field("rows.direction", "neither out nor self");
  }
  out.direction = static_cast<courier::Direction>(direction);
  const bool is_self = out.direction == courier::Direction::kSelf;
  out.seq = {in.getSeq()};
  if (is_self != (out.seq == Seq{})) return bad_field("rows.seq", "not as its direction");
  ASSIGN_OR_RETURN(out.at, instant_of(in.getAt(), "rows.at"));
  out.versions = {.directory = {in.getDirectoryVersion()},
                  .rules = in.getRulesVersion(),
                  .calendar = in.getCalendarVersion()};
  ASSIGN_OR_RETURN(out.life, fixed<LifeId>(view_of(in.getLife()), "rows.life"));
  ASSIGN_OR_RETURN(out.verdict, text_of(view_of(in.getVerdict()), TextRule::kLine, "rows.verdict",
                                        kVerdictBytesMax));
  ASSIGN_OR_RETURN(out.salt, fixed<Salt>(view_of(in.getSalt()), "rows.salt"));
  out.header = copy_of(in.getHeader());
  out.body = copy_of(in.getBody());
  out.signature = copy_of(in.getSignature());
  if (out.header.empty()) return bad_field("rows.header", "empty");
  if (is_self != out.signature.empty()) return bad_field("rows.signature", "not as its direction");
  return out;
}

Status read_record(const schema::KeepRecord::Reader& in, KeepRecord& out) {
  RETURN_IF_ERROR(check_type(MessageType::kKeepRecord, in.getType(), in.getVersion()));
  ASSIGN_OR_RETURN(out.owner, address_of(view_of(in.getOwner()), "owner"));
  RETURN_IF_ERROR(check_items(in.getRows().size(), "rows", limits::kKeepRowsMax));
  for (const auto& item : in.getRows()) {
    ASSIGN_OR_RETURN(KeptRow row, read_kept_row(item));
    out.rows.push_back(std::move(row));
  }
  RETURN_IF_ERROR(check_items(in.getIdentities().size(), "identities", limits::kKeepRowsMax));
  for (const auto& item : in.getIdentities()) {
    KeptIdentity identity;
    ASSIGN_OR_RETURN(identity.ref, text_of(view_of(item.getRef()), TextRule::kLine,
                                           "identities.ref", kRefBytesMax));
    identity.identity = copy_of(item.getIdentity());
    out.identities.push_back(std::move(identity));
  }
  return ok();
}

}  // namespace

Bytes encode_keep_record(const KeepRecord& record) {
  std::size_t bytes = 512;
  for (const KeptRow& row : record.rows) {
    bytes += row.header.size() + row.body.size() + row.signature.size() + 256;
  }
  capnp::MallocMessageBuilder message{static_cast<unsigned>(bytes / 8)};
  auto out = message.initRoot<schema::KeepRecord>();
  out.setType(static_cast<std::uint16_t>(MessageType::kKeepRecord));
  out.setVersion(kFormatVersion);
  out.setOwner(record.owner.text());
  auto rows = out.initRows(count_of(record.rows.size()));
  for (unsigned i = 0; i < rows.size(); ++i) {
    const KeptRow& row = record.rows[i];
    rows[i].setDirection(static_cast<std::uint16_t>(row.direction));
    rows[i].setSeq(row.seq.value);
    rows[i].setAt(to_micros(row.at));
    rows[i].setDirectoryVersion(row.versions.directory.value);
    rows[i].setRulesVersion(row.versions.rules);
    rows[i].setCalendarVersion(row.versions.calendar);
    rows[i].setLife(to_data(row.life.view()));
    rows[i].setVerdict(row.verdict);
    rows[i].setHeader(to_data(row.header));
    rows[i].setSalt(to_data(row.salt.view()));
    rows[i].setBody(to_data(row.body));
    rows[i].setSignature(to_data(row.signature));
  }
  auto identities = out.initIdentities(count_of(record.identities.size()));
  for (unsigned i = 0; i < identities.size(); ++i) {
    identities[i].setRef(record.identities[i].ref);
    identities[i].setIdentity(to_data(record.identities[i].identity));
  }
  return flatten(message);
}

Result<KeepRecord> decode_keep_record(ByteView bytes) {
  KeepRecord out;
  RETURN_IF_ERROR(
      read_message(bytes, "keep record", limits::kBodyBytesMax, [&](capnp::MessageReader& message) {
        return read_record(message.getRoot<schema::KeepRecord>(), out);
      }));
  return out;
}

}  // namespace minqing::wire
