#include "casework/keep.h"

#include "casework/exclusion.h"
#include "core/limits.h"
#include "core/may_send.h"

namespace minqing::casework {
namespace {

constexpr std::size_t kCountBytes = 4;

KeeperChoice nobody(const char* why, const char* why_zh) {
  return {.keeper = {}, .why_none = why, .why_none_zh = why_zh};
}

/// Can this one keep for `owner`? Its store must be another one, and a line must be allowed.
KeeperChoice try_keeper(const Directory& directory,
                        const AddressEntry& owner,
                        const Address& keeper) {
  const AddressEntry* entry = directory.find(keeper);
  if (entry == nullptr || entry->node.empty() || entry->sealing.empty()) {
    return nobody("not-enrolled", "保全单位未接入");
  }
  if (entry->node == owner.node) return nobody("same-node", "保全单位与本单位同一节点");
  const Admission admission = may_send(directory, owner.address, keeper, row_of(Kind::kKeep).cls);
  if (admission == Admission::kForbiddenPair) return nobody("may-not-talk", "与保全单位无往来权限");
  if (admission != Admission::kAllowed) return nobody("not-active", "保全单位或本单位已停用");
  return {.keeper = keeper};
}

}  // namespace

Bytes pack_keep(const KeepContent& content) {
  Bytes out;
  out.reserve(kCountBytes + content.rows.size() * MessageId::kSize + content.sealed.size());
  const auto count = static_cast<std::uint32_t>(content.rows.size());
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out.push_back(static_cast<std::uint8_t>(count >> shift));
  }
  for (const MessageId& id : content.rows) {
    out.insert(out.end(), id.bytes.begin(), id.bytes.end());
  }
  out.insert(out.end(), content.sealed.begin(), content.sealed.end());
  return out;
}

std::optional<KeepContent> read_keep(ByteView padding) {
  if (padding.size() < kCountBytes) return std::nullopt;
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < kCountBytes; ++i) count |= std::uint32_t{padding[i]} << (8U * i);
  padding = padding.subspan(kCountBytes);
  if (count == 0 || count > limits::kKeepRowsMax || padding.size() <= count * MessageId::kSize) {
    return std::nullopt;
  }
  KeepContent out;
  for (; count > 0; --count) {
    out.rows.push_back(*MessageId::from(padding.first(MessageId::kSize)));
    if (out.rows.back().is_none()) return std::nullopt;
    padding = padding.subspan(MessageId::kSize);
  }
  out.sealed.assign(padding.begin(), padding.end());
  return out;
}

Draft keep_draft(const Address& owner,
                 const Address& keeper,
                 const KeyId& key,
                 const KeepContent& content) {
  Draft draft;
  draft.from = owner;
  draft.to = keeper;
  draft.lane = Lane::kBulk;
  draft.body.kind = Kind::kKeep;
  draft.body.content.code = key.hex();
  draft.body.content.padding = pack_keep(content);
  return draft;
}

KeeperChoice keeper_of(const Directory& directory, const Address& owner) {
  return keeper_of(directory, owner, nullptr);
}

KeeperChoice keeper_of(const Directory& directory, const Address& owner, const CaseRecord* record) {
  const AddressEntry* entry = directory.find(owner);
  if (entry == nullptr) return nobody("not-enrolled", "本单位未接入");
  const auto superior = owner.superior();
  Address first = entry->keeper.is_none() ? superior.value_or(Address{}) : entry->keeper;
  if (first.is_none()) return nobody("no-superior", "无上级,目录也未指定保全单位");
  if (first == owner) return nobody("same-node", "保全单位与本单位同一节点");
  if (entry->recovery.is_none()) return nobody("no-recovery-key", "目录中无恢复密钥");
  const bool accuses =
      record != nullptr && is_accusation(directory, record->category, record->nature);
  if (!accuses || !is_excluded(record->respondents, first)) {
    return try_keeper(directory, *entry, first);
  }
  for (auto up = superior; up; up = up->superior()) {
    if (is_excluded(record->respondents, *up)) continue;
    const KeeperChoice choice = try_keeper(directory, *entry, *up);
    if (choice.is_there()) return choice;
  }
  return nobody("excluded", "涉及检举控告,无可保全的上级");
}

bool may_keep(const Directory& directory, const Address& owner, const Address& keeper) {
  const AddressEntry* entry = directory.find(owner);
  if (entry != nullptr && entry->keeper == keeper) return true;
  for (auto up = owner.superior(); up; up = up->superior()) {
    if (*up == keeper) return true;
  }
  return false;
}

void fold_keep(CaseBook& book, const Entry& entry) {
  if (entry.direction != courier::Direction::kOut) return;
  const auto content = read_keep(entry.body.content.padding);
  if (!content) return;
  for (const MessageId& id : content->rows) book.put_kept(entry.owner, id, entry.header.id);
}

}  // namespace minqing::casework
