// Who does what in a network: categories.toml, links.toml and duties.toml.
#include <algorithm>
#include <tuple>

#include "ops/network_loader.h"

namespace minqing::ops {
namespace {

constexpr std::size_t kAssistsMax = 32;
constexpr std::int64_t kPriorityMax = 1'000;

bool is_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

using DutyKey = std::tuple<std::string, std::string, int, Instant, Instant>;

DutyKey key_of(const Duty& duty) {
  return {duty.category, duty.area, duty.priority, duty.valid_from, duty.valid_to};
}

}  // namespace

void NetworkLoader::read_categories() {
  ConfigFile* file = open(categories_path_);
  if (file == nullptr) return;
  std::vector<std::pair<Section, std::string>> below_groups;
  for (const Section& section : file->root().sections("category", {.min = 1})) {
    Category category{.code = line(section, "code"),
                      .name_zh = line(section, "name_zh"),
                      .name_en = line(section, "name_en"),
                      .sealed = section.flag("sealed", false)};
    if (category.code.empty()) continue;
    const std::size_t digits = category.code.size();
    if (!is_digits(category.code) || (digits != 2 && digits != 4)) {
      section.reject("code",
                     "must be 2 digits (a group) or 4 digits, not " + quoted_text(category.code));
      continue;
    }
    if (category.sealed && digits != 4) section.reject("sealed", "is only for 4 digits");
    if (digits == 4) below_groups.emplace_back(section, category.code);
    const auto [at, is_new] = categories_.try_emplace(category.code, section.where("code"));
    if (is_new) {
      out_.content.categories.push_back(std::move(category));
    } else {
      section.reject("code", category.code + " is there already, at " + to_string(at->second));
    }
  }
  has_categories_ = !categories_.empty();
  for (const auto& [section, code] : below_groups) {
    if (categories_.contains(code.substr(0, 2))) continue;
    section.reject("code", code + " needs its group " + code.substr(0, 2) + ": add it");
  }
}

void NetworkLoader::read_links() {
  ConfigFile* file = open(links_path_);
  if (file == nullptr) return;
  has_links_ = true;
  for (const Section& section : file->root().sections("link")) {
    Link link{known(section, "a", line(section, "a")), known(section, "b", line(section, "b"))};
    line(section, "reason");
    if (link.a.is_none() || link.b.is_none()) continue;
    const auto pair = std::minmax(link.a, link.b);
    if (link.a == link.b) {
      section.reject("b", "is a itself: a link needs two addresses");
    } else if (!links_.emplace(pair.first, pair.second).second) {
      section.reject("a", "and b are linked already");
    } else {
      out_.content.links.push_back(std::move(link));
    }
  }
}

// --- duties --------------------------------------------------------------------------------------

void NetworkLoader::read_duties() {
  ConfigFile* file = open(duties_path_);
  if (file == nullptr) return;
  for (const Section& section : file->root().sections("duty")) read_duty(section);
  check_same();
  for (const DutyLine& line : duties_) {
    check_lead(line);
    for (const Category& category : out_.content.categories) {
      if (category.sealed) check_sealed(line, category.code);
    }
    out_.content.duties.push_back(line.duty);
  }
}

void NetworkLoader::read_duty(const Section& section) {
  Duty duty;
  duty.category = line(section, "category", "");  // absent: any category
  duty.area = line(section, "area");
  duty.lead = known(section, "lead", line(section, "lead"));
  read_assists(section, duty);
  duty.priority =
      static_cast<int>(section.integer("priority", {.min = -kPriorityMax, .max = kPriorityMax}, 0));
  duty.valid_from = section.instant("valid_from", Instant{});
  duty.valid_to = section.instant("valid_to", Instant{});
  duty.reason = line(section, "reason", "");
  if (duty.valid_to != Instant{} && duty.valid_to <= duty.valid_from) {
    section.reject("valid_to", "must be later than valid_from");
  }
  const bool is_prefix = std::ranges::any_of(
      categories_, [&](const auto& category) { return category.first.starts_with(duty.category); });
  if (has_categories_ && !is_prefix) {
    section.reject("category",
                   quoted_text(duty.category) + " begins no category of " + categories_path_);
  }
  if (has_divisions_ && !duty.area.empty() && !is_division(duty.area)) {
    section.reject("area",
                   "names " + quoted_text(duty.area) + ", which is not in " + divisions_path_);
    return;  // nothing more can be said about this line
  }
  if (!duty.area.empty()) duties_.push_back({section, std::move(duty)});
}

void NetworkLoader::read_assists(const Section& section, Duty& duty) {
  const std::vector<std::string> texts = section.texts("assists", {.max = kAssistsMax});
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    Address assist;
    const std::string fault = address_fault(texts[i], assist);
    if (!fault.empty()) {
      section.reject("assists", i, fault);
    } else if (assist == duty.lead) {
      section.reject("assists", i, "names the lead " + texts[i] + " again");
    } else if (std::ranges::find(duty.assists, assist) != duty.assists.end()) {
      section.reject("assists", i, "names " + texts[i] + " twice");
    } else {
      duty.assists.push_back(std::move(assist));
    }
  }
}

/// Two duties that only their order in the file tells apart are a slip, not a decision.
void NetworkLoader::check_same() {
  std::map<DutyKey, Place> first;
  for (const DutyLine& line : duties_) {
    const auto [at, is_new] = first.try_emplace(key_of(line.duty), line.section.where());
    if (is_new) continue;
    line.section.reject("area", "and category, priority and dates are those of the duty at " +
                                    to_string(at->second) + ": give one a higher priority");
  }
}

/// The office of the area asks the lead; what may_send refuses would be a duty nobody can do.
void NetworkLoader::check_lead(const DutyLine& line) {
  const auto reaches = [&](const Address& who) {
    const Address area = Address::of(line.duty.area);
    return who.is_none() || covers(who.division(), line.duty.area) ||
           links_.contains(std::minmax(who, area));
  };
  if (!has_divisions_ || !has_links_) return;
  if (!reaches(line.duty.lead)) {
    line.section.reject("lead", line.duty.lead.text() + " does not serve the whole of " +
                                    line.duty.area + ": choose another, or link the two");
  }
  for (const Address& assist : line.duty.assists) {
    if (reaches(assist)) continue;
    line.section.reject("assists", assist.text() + " does not serve the whole of " +
                                       line.duty.area + ": choose another, or link the two");
  }
}

/// A sealed category (discipline reports) is led and assisted by the discipline channel alone, and
/// no broader duty may catch it where no such duty stands.
void NetworkLoader::check_sealed(const DutyLine& line, const std::string& sealed) {
  const Duty& duty = line.duty;
  if (!sealed.starts_with(duty.category)) return;
  if (duty.category != sealed) {
    const bool is_guarded = std::ranges::any_of(duties_, [&](const DutyLine& other) {
      return other.duty.category == sealed && covers(other.duty.area, duty.area);
    });
    if (is_guarded) return;
    line.section.reject("category", "would catch the sealed category " + sealed + " in " +
                                        duty.area + ": add a duty for " + sealed +
                                        " there, led by the discipline channel");
    return;
  }
  const auto is_other = [&](const Address& who) {
    const std::optional<OrgKind> kind = kind_at(who);
    return kind && *kind != OrgKind::kDiscipline;
  };
  if (is_other(duty.lead)) {
    line.section.reject(
        "lead", "of the sealed category " + sealed + " must be an agency of kind discipline");
  }
  if (std::ranges::any_of(duty.assists, is_other)) {
    line.section.reject(
        "assists", "of the sealed category " + sealed + " must be agencies of kind discipline");
  }
  if (duty.valid_from != Instant{} || duty.valid_to != Instant{}) {
    line.section.reject("category", "is sealed: its duty may have no dates");
  }
}

}  // namespace minqing::ops
