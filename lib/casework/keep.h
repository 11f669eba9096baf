// KEEP (代存): a notice in which an address gives what only its disk holds to its keeper, sealed so
// that the keeper cannot read it (docs/adr/0011). Pure.
//
// The keeper's log holds it as any notice; it folds to nothing there. At the owner it says which of
// its rows are kept: by id, since positions change when a store is refilled.
#pragma once

#include <optional>
#include <vector>

#include "casework/desk.h"

namespace minqing::casework {

/// What a KEEP carries in Content.padding (schemas/keep.capnp).
struct KeepContent {
  std::vector<MessageId> rows;  // the kept rows; at most limits::kKeepRowsMax
  Bytes sealed;                 // to the owner's recovery key
  friend bool operator==(const KeepContent&, const KeepContent&) = default;
};
Bytes pack_keep(const KeepContent& content);
/// nullopt: not what pack_keep makes.
std::optional<KeepContent> read_keep(ByteView padding);

/// `key`: of the recovery key it was sealed to.
Draft keep_draft(const Address& owner,
                 const Address& keeper,
                 const KeyId& key,
                 const KeepContent& content);

/// Who keeps for an address, or why nobody does.
struct KeeperChoice {
  Address keeper;                // none: nobody
  const char* why_none = "";     // "no-superior", "no-recovery-key", "same-node", ...
  const char* why_none_zh = "";  // for people
  bool is_there() const { return !keeper.is_none(); }
};
/// The address that `owner`'s directory entry names, else its superior.
KeeperChoice keeper_of(const Directory& directory, const Address& owner);
/// Of a row of one case: when it accuses the keeper or a unit above it, the next superior that is
/// not excluded, or nobody. `record` nullptr: about no case.
KeeperChoice keeper_of(const Directory& directory, const Address& owner, const CaseRecord* record);

/// May `keeper` be given KEEPs by `owner`? Its named keeper and its superiors may.
bool may_keep(const Directory& directory, const Address& owner, const Address& keeper);

/// The part of fold() for KEEP: at its owner.
void fold_keep(CaseBook& book, const Entry& entry);

}  // namespace minqing::casework
