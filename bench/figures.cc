#include "bench/figures.h"

#include <algorithm>

namespace minqing::bench {

Quantity& Figures::quantity(const std::string& bench, const std::string& name) {
  const auto found = std::ranges::find_if(
      quantities_, [&](const Quantity& q) { return q.bench == bench && q.name == name; });
  if (found != quantities_.end()) return *found;
  Quantity fresh;
  fresh.bench = bench;
  fresh.name = name;
  fresh.ours.contestant = kOurs;
  quantities_.push_back(std::move(fresh));
  return quantities_.back();
}

void Figures::declare(const std::string& bench,
                      const std::string& name,
                      const std::string& unit,
                      const std::vector<std::string>& references,
                      const std::string& goal) {
  Quantity& declared = quantity(bench, name);
  declared.unit = unit;
  declared.goal = goal;
  for (const std::string& reference : references) declared.references.push_back({reference, {}});
}

void Figures::add(const std::string& bench,
                  const std::string& name,
                  const std::string& unit,
                  const std::string& contestant,
                  double value) {
  Quantity& to = quantity(bench, name);
  to.unit = unit;
  if (contestant == kOurs) {
    to.ours.rounds.push_back(value);
    return;
  }
  auto found = std::ranges::find(to.references, contestant, &Series::contestant);
  if (found == to.references.end()) {
    to.references.push_back({contestant, {}});
    found = to.references.end() - 1;
  }
  found->rounds.push_back(value);
}

void Figures::note(const std::string& bench, std::string sentence) {
  notes_.push_back({bench, std::move(sentence)});
}

}  // namespace minqing::bench
