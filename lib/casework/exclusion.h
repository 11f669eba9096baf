// Accusations (检举控告): they never reach, in any form, the unit they are about or those under it.
// Source: Regulations on Petition Work (信访工作条例) art. 30, 46(5); domain "Rules for the
// router". Pure; applied when filing, registering, sending (act.h) and receiving (judge.h).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/directory.h"

namespace minqing::casework {

/// True for nature ACCUSATION, and for a category that the directory marks as sealed.
bool is_accusation(const Directory& directory, std::string_view category, std::string_view nature);

/// True when `place` is about to learn of an accusation against itself or its own superior unit.
/// Of a respondent that is a division: it and every office and agency in its area. Of an agency:
/// it and the agencies of the same slug below its division.
bool is_excluded(const std::vector<Address>& respondents, const Address& place);

/// The discipline channel that may take it: an active address of OrgKind::kDiscipline at the
/// division of `at` or the nearest above, not excluded. nullopt: there is none.
std::optional<Address> nearest_discipline(const Directory& directory,
                                          const std::vector<Address>& respondents,
                                          const Address& at);

/// May an accusation be sent to `place`? Only to the discipline channel, never to an excluded one.
bool may_take_accusation(const Directory& directory,
                         const std::vector<Address>& respondents,
                         const Address& place);

}  // namespace minqing::casework
