#include "cli/network_words.h"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "casework/keep.h"
#include "cli/show.h"
#include "cli/table.h"

namespace minqing::cli {
namespace {

using std::chrono::days;
using Json = nlohmann::ordered_json;

constexpr days kExpiryWarning{14};
constexpr std::size_t kNamedMax = 8;  // of a list in a finding; the rest is counted

std::int64_t days_left(const Directory& directory, Instant now) {
  return std::chrono::floor<days>(directory.content().expires_at - now).count();
}

std::string count_line(const char* title, std::size_t count) {
  return std::string{title} + "  " + std::to_string(count) + "\n";
}

std::string keys_words(const std::vector<KeyEntry>& keys) {
  std::string out;
  for (const KeyEntry& key : keys) {
    out += (out.empty() ? "" : ", ") + key.id.hex() + " " + state_words(key.state);
  }
  return out.empty() ? "-" : out;
}

std::string some_of(const Directory& directory, const std::vector<Address>& addresses) {
  std::string out;
  for (std::size_t i = 0; i < std::min(addresses.size(), kNamedMax); ++i) {
    out += (i == 0 ? "" : ", ") + directory.label(addresses[i]);
  }
  return addresses.size() > kNamedMax ? out + ", …" : out;
}

Json keys_json(const std::vector<KeyEntry>& keys) {
  Json out = Json::array();
  for (const KeyEntry& key : keys) {
    out.push_back({{"id", key.id.hex()},
                   {"key", key.key.hex()},
                   {"state", to_string(key.state)},
                   {"since", format_instant(key.since)}});
  }
  return out;
}

}  // namespace

std::string state_words(EntryState state) {
  const char* zh = "";
  switch (state) {
    case EntryState::kActive: zh = "有效"; break;
    case EntryState::kSuspended: zh = "暂停"; break;
    case EntryState::kRevoked: zh = "吊销"; break;
    case EntryState::kDissolved: zh = "撤销"; break;
    case EntryState::kMoving: zh = "迁移中"; break;
    case EntryState::kRetired: zh = "停用"; break;
  }
  return std::string{zh} + " " + to_string(state);
}

std::string tier_words(const Address& address) {
  const Tier tier = address.tier();
  return std::string{tier_zh(tier)} + " " + to_string(tier);
}

std::string summary_text(const Directory& directory, Instant now) {
  const Directory::Content& content = directory.content();
  std::map<Tier, std::size_t> divisions;
  std::size_t agencies = 0;
  std::size_t hosted = 0;
  for (const AddressEntry& entry : content.addresses) {
    if (entry.address.is_agency()) {
      ++agencies;
    } else {
      ++divisions[entry.address.tier()];
    }
    if (!entry.node.empty()) ++hosted;
  }
  std::string out = "网络 network     " + content.network + "\n";
  out += "版本 version     " + std::to_string(content.version.value) + "\n";
  out += "签发 issued      " + local_time(content.issued_at) + "\n";
  out += "到期 expires     " + local_time(content.expires_at) + " (" +
         std::to_string(days_left(directory, now)) + " d)\n";
  out += "签发者 authority " + content.authority.hex() + "\n\n";
  for (const auto& [tier, count] : divisions) {
    out += "  " + std::to_string(count) + " " + tier_zh(tier) + " " + to_string(tier) + "\n";
  }
  out += "  " + std::to_string(agencies) + " 部门单位 agencies\n";
  out += count_line("已接入 addresses hosted", hosted);
  out += count_line("节点 nodes             ", content.nodes.size());
  out += count_line("职责 duties            ", content.duties.size());
  out += count_line("联络 links             ", content.links.size());
  out += count_line("类别 categories        ", content.categories.size());
  return out;
}

std::string nodes_text(const Directory& directory) {
  if (directory.content().nodes.empty()) return "(尚无节点 no node is enrolled)\n";
  Table table{{{.title = "节点 node"},
               {.title = "状态 state"},
               {.title = "单位 addresses", .align = Align::kRight},
               {.title = "首个 first"},
               {.title = "传输公钥 transport"}}};
  for (const NodeEntry& node : directory.content().nodes) {
    const auto hosted = directory.hosted_by(node.name);
    table.add({node.name, state_words(node.state), std::to_string(hosted.size()),
               hosted.empty() ? "-" : directory.label(hosted.front()->address),
               node.transport.hex().substr(0, 16)});
  }
  return table.text();
}

std::string address_text(const Directory& directory, const AddressEntry& entry) {
  std::string out;
  const auto line = [&out](const char* title, const std::string& value) {
    const std::string space(22 - display_width(title), ' ');
    out += title + space + one_line(value) + "\n";
  };
  line("地址 address", entry.address.text());
  line("名称 name", entry.name_zh + " " + entry.name_en);
  line("层级 tier", tier_words(entry.address));
  line("性质 kind", std::string{org_kind_zh(entry.kind)} + " " + to_string(entry.kind));
  line("状态 state", state_words(entry.state));
  line("节点 node", entry.node.empty() ? "(未接入 not enrolled)" : entry.node);
  line("签名密钥 signing", keys_words(entry.signing));
  line("封装密钥 sealing", keys_words(entry.sealing));
  if (!entry.successor.is_none()) line("承接单位 successor", directory.label(entry.successor));
  const auto keeper = casework::keeper_of(directory, entry.address);
  line("保全单位 keeper",
       keeper.is_there() ? directory.label(keeper.keeper)
                         : std::string{"无 none: "} + keeper.why_none_zh + " " + keeper.why_none);
  return out;
}

std::string addresses_text(const Directory& directory) {
  Table table{{{.title = "地址 address"},
               {.title = "名称 name"},
               {.title = "层级 tier"},
               {.title = "状态 state"},
               {.title = "节点 node"}}};
  for (const AddressEntry& entry : directory.content().addresses) {
    table.add({entry.address.text(), entry.name_zh, tier_words(entry.address),
               state_words(entry.state), entry.node.empty() ? "-" : entry.node});
  }
  return table.text();
}

std::string directory_json(const Directory& directory, Instant now) {
  const Directory::Content& content = directory.content();
  Json nodes = Json::array();
  for (const NodeEntry& node : content.nodes) {
    nodes.push_back({{"name", node.name},
                     {"transport", node.transport.hex()},
                     {"state", to_string(node.state)},
                     {"addresses", directory.hosted_by(node.name).size()}});
  }
  Json addresses = Json::array();
  for (const AddressEntry& entry : content.addresses) {
    addresses.push_back({{"address", entry.address.text()},
                         {"name_zh", entry.name_zh},
                         {"name_en", entry.name_en},
                         {"kind", to_string(entry.kind)},
                         {"state", to_string(entry.state)},
                         {"node", entry.node},
                         {"signing", keys_json(entry.signing)},
                         {"sealing", keys_json(entry.sealing)},
                         {"successor", entry.successor.text()},
                         {"keeper", entry.keeper.text()},
                         {"recovery", entry.recovery.hex()}});
  }
  const Json json{{"network", content.network},
                  {"version", content.version.value},
                  {"issued_at", format_instant(content.issued_at)},
                  {"expires_at", format_instant(content.expires_at)},
                  {"days_left", days_left(directory, now)},
                  {"authority", content.authority.hex()},
                  {"nodes", std::move(nodes)},
                  {"addresses", std::move(addresses)},
                  {"duties", content.duties.size()},
                  {"links", content.links.size()},
                  {"categories", content.categories.size()}};
  return json.dump(2) + "\n";
}

std::vector<NetworkFinding> findings_of(const Directory& directory, Instant now) {
  using Weight = NetworkFinding::Weight;
  const Directory::Content& content = directory.content();
  std::vector<NetworkFinding> out;
  if (directory.is_expired(now)) {
    out.push_back({Weight::kFault, "目录已过期 expired since " + local_time(content.expires_at) +
                                       ": sign a new one with `minqing network renew`"});
  } else if (content.expires_at - now < kExpiryWarning) {
    out.push_back({Weight::kWarning,
                   "目录将于 " + std::to_string(days_left(directory, now)) +
                       " 天后到期 expires soon: sign a new one with `minqing network renew`"});
  }
  std::vector<Address> unhosted;
  std::vector<Address> cut_off;
  std::vector<Address> keyless;
  for (const AddressEntry& entry : content.addresses) {
    if (entry.state == EntryState::kDissolved) continue;
    if (entry.node.empty()) {
      unhosted.push_back(entry.address);
      continue;
    }
    const NodeEntry* node = directory.find_node(entry.node);
    if (node != nullptr && node->state == EntryState::kRevoked) {
      cut_off.push_back(entry.address);
    } else if (active_key(entry.signing) == nullptr || active_key(entry.sealing) == nullptr) {
      keyless.push_back(entry.address);
    }
  }
  const auto add = [&](Weight weight, const std::vector<Address>& list, const char* what) {
    if (list.empty()) return;
    out.push_back(
        {weight, std::to_string(list.size()) + " " + what + ": " + some_of(directory, list)});
  };
  add(Weight::kWarning, unhosted, "个单位未接入 addresses have no node");
  add(Weight::kFault, cut_off, "个单位的节点已吊销 addresses are on a revoked node, enroll anew");
  add(Weight::kFault, keyless, "个单位没有有效密钥 addresses have no active key, enroll anew");
  return out;
}

std::string findings_text(const std::vector<NetworkFinding>& findings) {
  std::string out;
  for (const NetworkFinding& finding : findings) {
    const bool is_fault = finding.weight == NetworkFinding::Weight::kFault;
    out += (is_fault ? "错误 fault:   " : "提示 warning: ") + finding.text + "\n";
  }
  return out;
}

std::string findings_json(const Directory& directory, const std::vector<NetworkFinding>& findings) {
  Json faults = Json::array();
  Json warnings = Json::array();
  for (const NetworkFinding& finding : findings) {
    (finding.weight == NetworkFinding::Weight::kFault ? faults : warnings).push_back(finding.text);
  }
  return Json{{"version", directory.version().value},
              {"faults", std::move(faults)},
              {"warnings", std::move(warnings)}}
             .dump(2) +
         "\n";
}

}  // namespace minqing::cli
