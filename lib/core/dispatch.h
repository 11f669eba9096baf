// Dispatch as data: whose matter is it? Longest category prefix, then longest area prefix, then
// priority, then the order in the directory; none -> the area's petition office (design: "Directory
// and keys"; Regulations on Petition Work art. 5(3): area x competence).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/directory.h"

namespace minqing {

struct DispatchChoice {
  Address lead;
  std::vector<Address> assists;
  const Duty* duty = nullptr;            // nullptr: nobody has the duty, the area's office keeps it
  std::vector<std::string> explanation;  // one line per rule looked at that matched, winner first
};

/// `area` is a division code; `category` has 4 digits. Duties whose lead is not active, or out of
/// their dates at `now`, are passed over (and said so in the explanation).
DispatchChoice choose_lead(const Directory& directory,
                           std::string_view area,
                           std::string_view category,
                           Instant now);

}  // namespace minqing
