// A small county on paper: the directory that tests of the casework share.
#pragma once

#include <initializer_list>
#include <string>

#include "core/check.h"
#include "core/directory.h"

namespace minqing::testing {

inline const Address kCity = Address::of("3308");
inline const Address kCounty = Address::of("330824");
inline const Address kTown = Address::of("330824115");
inline const Address kVillage1 = Address::of("330824115201");
inline const Address kVillage2 = Address::of("330824115202");
inline const Address kVillage3 = Address::of("330824115203");  // has no node
inline const Address kOtherCounty = Address::of("330825");
inline const Address kHousing = Address::of("housing@330824");
inline const Address kCityHousing = Address::of("housing@3308");
inline const Address kTownHousing = Address::of("housing@330824115");
inline const Address kEmergency = Address::of("emergency@330824");
inline const Address kGarden = Address::of("garden@330824");  // the estate's unit
inline const Address kDiscipline = Address::of("discipline@330824");
inline const Address kCityDiscipline = Address::of("discipline@3308");

inline Directory::Content paper_directory_content() {
  Directory::Content out;
  out.network = "paper";
  out.version = {7};
  const auto add = [&](const Address& address, const char* name,
                       OrgKind kind = OrgKind::kPartyGovernment, bool has_node = true) {
    AddressEntry entry;
    entry.address = address;
    entry.name_zh = name;
    entry.name_en = name;
    entry.kind = kind;
    if (has_node) {
      entry.node = address.text();
      NodeEntry node;
      node.name = entry.node;
      out.nodes.push_back(node);
    }
    out.addresses.push_back(entry);
  };
  add(kCity, "衢州市");
  add(kCounty, "开化县");
  add(kTown, "池淮镇", OrgKind::kTownshipOffice);
  add(kVillage1, "一村", OrgKind::kVillageCommittee);
  add(kVillage2, "二村", OrgKind::kVillageCommittee);
  add(kVillage3, "三村", OrgKind::kVillageCommittee, false);
  add(kOtherCounty, "龙游县");
  add(kHousing, "县住建局");
  add(kCityHousing, "市住建局");
  add(kTownHousing, "镇住建办");
  add(kEmergency, "县应急局");
  add(kGarden, "某单位", OrgKind::kInstitution);
  add(kDiscipline, "县纪委", OrgKind::kDiscipline);
  add(kCityDiscipline, "市纪委", OrgKind::kDiscipline);

  Duty housing;
  housing.category = "0101";
  housing.area = "330824";
  housing.lead = kHousing;
  housing.assists = {kEmergency};
  out.duties.push_back(housing);

  const auto category = [&](const char* code, const char* name, bool sealed = false) {
    out.categories.push_back({code, name, name, sealed});
  };
  category("01", "城乡建设与住房");
  category("0101", "物业管理");
  category("0201", "道路桥涵");
  category("1206", "违纪违法举报", true);
  return out;
}

inline Directory paper_directory() {
  auto made = Directory::make(paper_directory_content());
  CHECK(made.has_value());
  return *std::move(made);
}

}  // namespace minqing::testing
