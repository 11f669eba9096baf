#include "core/may_send.h"

#include "core/mutant.h"

namespace minqing {
namespace {

bool is_kin(const Address& a, const Address& b) {
  if (mutated(Mutant::kSiblingsMaySend) && a.superior() == b.superior()) return true;
  if (a.is_agency() && b.is_agency()) return false;
  if (!a.is_agency() && !b.is_agency()) return is_above(a, b) || is_above(b, a);
  const Address& agency = a.is_agency() ? a : b;
  const Address& office = a.is_agency() ? b : a;
  return covers(agency.division(), office.division()) ||
         covers(office.division(), agency.division());
}

Admission state_of(const AddressEntry* entry) {
  if (entry == nullptr) return Admission::kUnknownAddress;
  if (entry->state == EntryState::kDissolved) return Admission::kDissolved;
  if (entry->state != EntryState::kActive || entry->node.empty()) return Admission::kNotActive;
  return Admission::kAllowed;
}

}  // namespace

const char* to_string(Admission admission) {
  switch (admission) {
    case Admission::kAllowed: return "allowed";
    case Admission::kUnknownAddress: return "unknown-address";
    case Admission::kNotActive: return "not-active";
    case Admission::kDissolved: return "dissolved";
    case Admission::kForbiddenPair: return "forbidden-pair";
  }
  CHECK(false);
}

Admission may_send(const Directory& directory,
                   const Address& from,
                   const Address& to,
                   MessageClass cls) {
  for (const Address* address : {&from, &to}) {
    if (address->is_none()) return Admission::kUnknownAddress;
    if (const Admission state = state_of(directory.find(*address)); state != Admission::kAllowed) {
      return state;
    }
  }
  if (from == to || cls == MessageClass::kSelf) return Admission::kForbiddenPair;
  if (is_kin(from, to) || directory.is_linked(from, to)) return Admission::kAllowed;
  return Admission::kForbiddenPair;
}

}  // namespace minqing
