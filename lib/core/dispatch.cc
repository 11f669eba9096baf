#include "core/dispatch.h"

#include <algorithm>
#include <tuple>

namespace minqing {
namespace {

bool in_force(const Duty& duty, Instant now) {
  const bool begun = duty.valid_from == Instant{} || now >= duty.valid_from;
  const bool ended = duty.valid_to != Instant{} && now >= duty.valid_to;
  return begun && !ended;
}

std::string describe(const Directory& directory, const Duty& duty, const char* verdict) {
  return std::string{verdict} + ": category \"" + duty.category + "\" x area " + duty.area +
         ", priority " + std::to_string(duty.priority) + " -> " + directory.label(duty.lead) +
         (duty.reason.empty() ? "" : " (" + duty.reason + ")");
}

}  // namespace

DispatchChoice choose_lead(const Directory& directory,
                           std::string_view area,
                           std::string_view category,
                           Instant now) {
  std::vector<const Duty*> matching;
  DispatchChoice choice;
  std::vector<std::string> passed_over;
  for (const Duty& duty : directory.content().duties) {
    if (!category.starts_with(duty.category) || !covers(duty.area, area)) continue;
    const AddressEntry* lead = directory.find(duty.lead);
    if (!in_force(duty, now)) {
      passed_over.push_back(describe(directory, duty, "passed over, not in force"));
    } else if (lead == nullptr || lead->state != EntryState::kActive) {
      passed_over.push_back(describe(directory, duty, "passed over, lead not active"));
    } else {
      matching.push_back(&duty);
    }
  }
  std::ranges::stable_sort(matching, std::ranges::greater{}, [](const Duty* duty) {
    return std::tuple{duty->category.size(), duty->area.size(), duty->priority};
  });
  if (matching.empty()) {
    choice.lead = Address::of(area);
    choice.explanation.push_back("no duty matches: the petition office of " +
                                 directory.label(choice.lead) + " keeps it");
  } else {
    choice.duty = matching.front();
    choice.lead = choice.duty->lead;
    choice.assists = choice.duty->assists;
    for (const Duty* duty : matching) {
      choice.explanation.push_back(
          describe(directory, *duty, duty == choice.duty ? "chosen" : "weaker match"));
    }
  }
  std::ranges::move(passed_over, std::back_inserter(choice.explanation));
  return choice;
}

}  // namespace minqing
