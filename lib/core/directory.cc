#include "core/directory.h"

#include <algorithm>
#include <array>

namespace minqing {
namespace {

struct KindWord {
  OrgKind kind;
  const char* word;
  const char* zh;
};

constexpr std::array kKindWords{
    KindWord{OrgKind::kPartyGovernment, "party-government", "党政机关"},
    KindWord{OrgKind::kTownshipOffice, "township-office", "乡镇街道"},
    KindWord{OrgKind::kVillageCommittee, "village-committee", "村社"},
    KindWord{OrgKind::kPublicService, "public-service", "公共服务企业"},
    KindWord{OrgKind::kInstitution, "institution", "事业单位"},
    KindWord{OrgKind::kSocial, "social", "社会组织"},
    KindWord{OrgKind::kDiscipline, "discipline", "纪检监察"},
    KindWord{OrgKind::kReview, "review", "复查复核机构"},
};

/// Collects every fault, so that an administrator mends them in one go.
class Faults {
 public:
  void add(std::string what) { lines_ += (lines_.empty() ? "" : "\n") + std::move(what); }
  bool any() const { return !lines_.empty(); }
  Error error() const { return {Errc::kInvalid, lines_}; }

 private:
  std::string lines_;
};

std::pair<Address, Address> ordered(const Address& a, const Address& b) {
  return a < b ? std::pair{a, b} : std::pair{b, a};
}

}  // namespace

const char* to_string(OrgKind kind) {
  return kKindWords.at(static_cast<std::size_t>(kind)).word;
}
const char* org_kind_zh(OrgKind kind) {
  return kKindWords.at(static_cast<std::size_t>(kind)).zh;
}

std::optional<OrgKind> parse_org_kind(std::string_view word) {
  for (const KindWord& row : kKindWords) {
    if (row.word == word) return row.kind;
  }
  return std::nullopt;
}

const char* to_string(EntryState state) {
  switch (state) {
    case EntryState::kActive: return "active";
    case EntryState::kSuspended: return "suspended";
    case EntryState::kRevoked: return "revoked";
    case EntryState::kDissolved: return "dissolved";
    case EntryState::kMoving: return "moving";
    case EntryState::kRetired: return "retired";
  }
  CHECK(false);
}

Result<Directory> Directory::make(Content content) {
  Directory out;
  out.content_ = std::move(content);
  const Content& c = out.content_;
  Faults faults;
  for (std::size_t i = 0; i < c.nodes.size(); ++i) {
    if (!out.by_node_.emplace(c.nodes[i].name, i).second) {
      faults.add("node " + c.nodes[i].name + " is listed twice");
    }
    if (!c.nodes[i].transport.is_none() &&
        !out.by_transport_.emplace(c.nodes[i].transport, i).second) {
      faults.add("node " + c.nodes[i].name + " has the transport key of another node");
    }
  }
  for (std::size_t i = 0; i < c.addresses.size(); ++i) {
    const AddressEntry& entry = c.addresses[i];
    if (!out.by_address_.emplace(entry.address, i).second) {
      faults.add("address " + entry.address.text() + " is listed twice");
    }
    if (!entry.node.empty()) {
      out.by_host_[entry.node].push_back(i);
      if (!out.by_node_.contains(entry.node)) {
        faults.add("address " + entry.address.text() + " is hosted by unknown node " + entry.node);
      }
    }
  }
  const auto must_exist = [&](const Address& address, const std::string& who) {
    if (!address.is_none() && !out.by_address_.contains(address)) {
      faults.add(who + " names unknown address " + address.text());
    }
  };
  for (const AddressEntry& entry : c.addresses) {
    must_exist(entry.successor, "successor of " + entry.address.text());
    must_exist(entry.keeper, "keeper of " + entry.address.text());
    if (const auto up = entry.address.superior()) {
      must_exist(*up, "superior of " + entry.address.text());
    }
  }
  for (const Duty& duty : c.duties) {
    const std::string who = "duty (category \"" + duty.category + "\", area " + duty.area + ")";
    must_exist(duty.lead, who);
    if (duty.lead.is_none()) faults.add(who + " has no lead");
    for (const Address& assist : duty.assists) must_exist(assist, who);
  }
  for (const Link& link : c.links) {
    must_exist(link.a, "link");
    must_exist(link.b, "link");
    out.links_[ordered(link.a, link.b)] = true;
  }
  for (std::size_t i = 0; i < c.categories.size(); ++i) {
    if (!out.by_category_.emplace(c.categories[i].code, i).second) {
      faults.add("category " + c.categories[i].code + " is listed twice");
    }
  }
  if (auto calendar = WorkCalendar::make(c.calendar)) {
    out.calendar_ = *std::move(calendar);
  } else {
    faults.add("calendar: " + calendar.error().detail);
  }
  if (faults.any()) return faults.error();
  for (auto& [node, hosted] : out.by_host_) {
    std::ranges::sort(hosted, {}, [&](std::size_t i) { return c.addresses[i].address; });
  }
  return out;
}

const AddressEntry* Directory::find(const Address& address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : &content_.addresses[found->second];
}

const NodeEntry* Directory::find_node(std::string_view name) const {
  const auto found = by_node_.find(name);
  return found == by_node_.end() ? nullptr : &content_.nodes[found->second];
}

const NodeEntry* Directory::find_node_by_key(const PublicKey& transport) const {
  const auto found = by_transport_.find(transport);
  return found == by_transport_.end() ? nullptr : &content_.nodes[found->second];
}

const Category* Directory::find_category(std::string_view code) const {
  const auto found = by_category_.find(code);
  return found == by_category_.end() ? nullptr : &content_.categories[found->second];
}

std::vector<const AddressEntry*> Directory::hosted_by(std::string_view node) const {
  std::vector<const AddressEntry*> out;
  if (const auto found = by_host_.find(node); found != by_host_.end()) {
    for (const std::size_t i : found->second) out.push_back(&content_.addresses[i]);
  }
  return out;
}

std::vector<const AddressEntry*> Directory::children_of(const Address& division) const {
  std::vector<const AddressEntry*> out;
  for (auto it = by_address_.upper_bound(division); it != by_address_.end(); ++it) {
    const Address& below = it->first;
    if (below.is_agency() || !covers(division.division(), below.division())) break;
    if (below.superior() == division) out.push_back(&content_.addresses[it->second]);
  }
  return out;
}

bool Directory::is_linked(const Address& a, const Address& b) const {
  return links_.contains(ordered(a, b));
}

std::string Directory::label(const Address& address) const {
  const AddressEntry* entry = find(address);
  return entry == nullptr ? address.text() : entry->name_zh + "(" + address.text() + ")";
}

const KeyEntry* active_key(const std::vector<KeyEntry>& keys) {
  const auto found = std::ranges::find(keys, EntryState::kActive, &KeyEntry::state);
  return found == keys.end() ? nullptr : &*found;
}

const KeyEntry* find_key(const std::vector<KeyEntry>& keys, const KeyId& id) {
  const auto found = std::ranges::find(keys, id, &KeyEntry::id);
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace minqing
