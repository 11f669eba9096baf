#include "wire/describe_parts.h"

namespace minqing::wire {
namespace {

void show_keys(JsonText& json, const char* key, const std::vector<KeyEntry>& keys) {
  json.open_list(key);
  for (const KeyEntry& entry : keys) {
    json.open_object();
    json.add("id", entry.id.hex());
    json.add("key", entry.key.hex());
    json.add("state", to_string(entry.state));
    json.add("since", format_instant(entry.since));
    json.close_object();
  }
  json.close_list();
}

void show_addresses(JsonText& json, const std::vector<AddressEntry>& addresses) {
  json.open_list("addresses");
  for (const AddressEntry& entry : addresses) {
    json.open_object();
    json.add("address", entry.address.text());
    json.add("nameZh", entry.name_zh);
    json.add("nameEn", entry.name_en);
    json.add("kind", to_string(entry.kind));
    json.add("state", to_string(entry.state));
    json.add_if("node", entry.node);
    show_keys(json, "signing", entry.signing);
    show_keys(json, "sealing", entry.sealing);
    json.add_if("successor", entry.successor.text());
    json.add_if("keeper", entry.keeper.text());
    json.add_if("recovery", entry.recovery.is_none() ? std::string{} : entry.recovery.hex());
    json.close_object();
  }
  json.close_list();
}

void show_duties(JsonText& json, const std::vector<Duty>& duties) {
  json.open_list("duties");
  for (const Duty& duty : duties) {
    json.open_object();
    json.add("category", duty.category);
    json.add("area", duty.area);
    json.add("lead", duty.lead.text());
    json.open_list("assists");
    for (const Address& assist : duty.assists) json.add({}, assist.text());
    json.close_list();
    json.add_number("priority", duty.priority);
    json.add("validFrom", format_instant(duty.valid_from));
    json.add("validTo", format_instant(duty.valid_to));
    json.add_if("reason", duty.reason);
    json.close_object();
  }
  json.close_list();
}

void show_calendar(JsonText& json, const WorkCalendar::Content& calendar) {
  if (calendar.version == 0) return;
  json.open_object("calendar");
  json.add_count("calendarVersion", calendar.version);
  json.add_number("firstYear", calendar.first_year);
  json.add_number("lastYear", calendar.last_year);
  json.open_list("days");
  for (const CalendarDay& day : calendar.days) {
    json.open_object();
    json.add("day", format_day(day.day));
    json.add_flag("isWorkDay", day.is_work_day);
    json.add("name", day.name);
    json.close_object();
  }
  json.close_list();
  json.close_object();
}

}  // namespace

void show(JsonText& json, const Directory& directory) {
  const Directory::Content& content = directory.content();
  json.add("network", content.network);
  json.add_count("directoryVersion", content.version.value);
  json.add("issuedAt", format_instant(content.issued_at));
  json.add("expiresAt", format_instant(content.expires_at));
  json.add("authority", content.authority.hex());
  json.open_list("nodes");
  for (const NodeEntry& node : content.nodes) {
    json.open_object();
    json.add("name", node.name);
    json.add_if("transport", node.transport.is_none() ? std::string{} : node.transport.hex());
    json.add("state", to_string(node.state));
    json.close_object();
  }
  json.close_list();
  show_addresses(json, content.addresses);
  show_duties(json, content.duties);
  json.open_list("links");
  for (const Link& link : content.links) {
    json.open_object();
    json.add("a", link.a.text());
    json.add("b", link.b.text());
    json.close_object();
  }
  json.close_list();
  json.open_list("categories");
  for (const Category& category : content.categories) {
    json.open_object();
    json.add("code", category.code);
    json.add("nameZh", category.name_zh);
    json.add("nameEn", category.name_en);
    json.add_flag("sealed", category.sealed);
    json.close_object();
  }
  json.close_list();
  show_calendar(json, content.calendar);
}

}  // namespace minqing::wire
