#include "casework/exclusion.h"

#include <algorithm>

#include "core/mutant.h"

namespace minqing::casework {
namespace {

bool excludes(const Address& respondent, const Address& place) {
  if (!respondent.is_agency()) return covers(respondent.division(), place.division());
  return place.agency() == respondent.agency() && place.is_agency() &&
         covers(respondent.division(), place.division());
}

}  // namespace

bool is_accusation(const Directory& directory, std::string_view category, std::string_view nature) {
  if (nature == "ACCUSATION") return true;
  const Category* exact = directory.find_category(category);
  if (exact != nullptr && exact->sealed) return true;
  const Category* group = directory.find_category(category.substr(0, 2));
  return group != nullptr && group->sealed;
}

bool is_excluded(const std::vector<Address>& respondents, const Address& place) {
  if (mutated(Mutant::kAccusedServed)) return false;
  return std::ranges::any_of(
      respondents, [&](const Address& respondent) { return excludes(respondent, place); });
}

bool may_take_accusation(const Directory& directory,
                         const std::vector<Address>& respondents,
                         const Address& place) {
  const AddressEntry* entry = directory.find(place);
  return entry != nullptr && entry->kind == OrgKind::kDiscipline &&
         !is_excluded(respondents, place);
}

std::optional<Address> nearest_discipline(const Directory& directory,
                                          const std::vector<Address>& respondents,
                                          const Address& at) {
  for (std::optional<Address> office = Address::of(at.division()); office;
       office = office->superior()) {
    for (const AddressEntry& entry : directory.content().addresses) {
      if (entry.kind == OrgKind::kDiscipline && entry.state == EntryState::kActive &&
          entry.address.division() == office->division() &&
          !is_excluded(respondents, entry.address)) {
        return entry.address;
      }
    }
  }
  return std::nullopt;
}

}  // namespace minqing::casework
