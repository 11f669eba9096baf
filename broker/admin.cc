#include "broker/admin.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace minqing::broker {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMailboxesListedMax = 10'000;

ordered_json good() {
  return {{"ok", true}};
}

Result<Bytes> bytes_of_hex(const std::string& text) {
  Bytes out(text.size() / 2);
  if (text.empty() || text.size() % 2 != 0 || !from_hex(text, out)) {
    return Error{Errc::kInvalid, "\"signed\" must be a signed directory in hexadecimal digits"};
  }
  return out;
}

}  // namespace

std::string status_json(const BrokerStatus& status) {
  ordered_json counters = ordered_json::object();
  for (const auto& [name, total] : status.counters) counters[name] = total;
  ordered_json out = good();
  out["broker"] = status.broker;
  out["program"] = status.program;
  out["endpoint"] = status.endpoint;
  out["level"] = to_string(status.level);
  out["directory"] = {{"version", status.directory.value},
                      {"expires_at", format_instant(status.directory_expires_at)}};
  out["sessions"] = status.sessions;
  out["mail"] = {{"envelopes", status.mail.envelopes}, {"bytes", status.mail.bytes}};
  out["unhealthy"] = status.unhealthy;
  out["counters"] = std::move(counters);
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string error_json(const Error& error) {
  const ordered_json out{{"ok", false},
                         {"error", {{"code", to_string(error.code)}, {"detail", error.detail}}}};
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Admin::Admin(std::vector<std::uint32_t> uids, Ports ports)
    : uids_{std::move(uids)}, ports_{std::move(ports)} {}

std::string Admin::handle(std::string_view request, std::uint32_t uid) {
  auto said = answer(request, uid);
  return said ? *std::move(said) : error_json(said.error());
}

Result<std::string> Admin::answer(std::string_view request, std::uint32_t uid) {
  if (uid != 0 && std::ranges::find(uids_, uid) == uids_.end()) {
    return Error{Errc::kNotAllowed, "user id " + std::to_string(uid) +
                                        " may not administer this broker: broker.toml names who "
                                        "may, in [broker] admin_uids"};
  }
  const json parsed = json::parse(request, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object() || !parsed.contains("verb") || !parsed["verb"].is_string()) {
    return Error{Errc::kInvalid, "a request is one JSON object in UTF-8 with a \"verb\""};
  }
  const std::string verb = parsed["verb"].get<std::string>();
  std::map<std::string, std::string> words;  // what the verb is given
  for (const auto& [key, value] : parsed.items()) {
    if (key == "verb" || (key == "signed" && verb == "directory")) continue;
    const bool is_word = (verb == "carry-export" && (key == "node" || key == "after")) ||
                         (verb == "carry-import" && key == "part");
    if (is_word && value.is_string()) {
      words[key] = value.get<std::string>();
      continue;
    }
    if (is_word) return Error{Errc::kInvalid, "\"" + key + "\" must be text"};
    return Error{Errc::kInvalid, "unknown key \"" + key + "\": docs/LOCAL_API.md lists them"};
  }
  if (verb == "status") return status_json(ports_.status());
  if (verb == "sessions") return sessions();
  if (verb == "mailboxes") return mailboxes();
  if (verb == "carry-export" || verb == "carry-import") return carry(verb, words);
  if (verb == "directory") {
    if (!parsed.contains("signed") || !parsed["signed"].is_string()) {
      return Error{Errc::kInvalid, "needs \"signed\", the signed directory"};
    }
    ASSIGN_OR_RETURN(Bytes bytes, bytes_of_hex(parsed["signed"].get<std::string>()));
    ASSIGN_OR_RETURN(const DirectoryVersion version, ports_.take_directory(std::move(bytes)));
    ordered_json out = good();
    out["version"] = version.value;
    return out.dump();
  }
  return Error{Errc::kInvalid,
               "there is no verb \"" + verb + "\": docs/LOCAL_API.md lists the broker's"};
}

Result<std::string> Admin::carry(const std::string& verb,
                                 const std::map<std::string, std::string>& words) const {
  const std::string key = verb == "carry-export" ? "node" : "part";
  if (!words.contains(key)) {
    return Error{Errc::kInvalid, "needs \"" + key + "\": docs/LOCAL_API.md says what it is"};
  }
  if (verb == "carry-import") return ports_.carry_import(words.at(key));
  const auto after = words.find("after");
  return ports_.carry_export(words.at(key), after == words.end() ? "" : after->second);
}

std::string Admin::sessions() const {
  ordered_json out = good();
  ordered_json& items = out["sessions"] = ordered_json::array();
  for (const auto& [key, session] : ports_.brain.sessions().all()) {
    if (session.state != kLive) continue;
    items.push_back({{"node", session.node},
                     {"session", session.number.value},
                     {"program", session.program},
                     {"directory", session.directory.value},
                     {"since", format_instant(session.since)},
                     {"last_heard", format_instant(session.last_heard)},
                     {"addresses", ports_.brain.directory().hosted_by(session.node).size()},
                     {"undelivered", session.behind.size()},
                     {"under_way_bytes", session.under_way.bytes()}});
  }
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string Admin::mailboxes() const {
  ordered_json out = good();
  ordered_json& items = out["mailboxes"] = ordered_json::array();
  std::size_t skipped = 0;
  for (const courier::Mailbox::Listing& box : ports_.mailbox.list()) {
    if (items.size() >= kMailboxesListedMax) {
      ++skipped;
      continue;
    }
    items.push_back({{"addressee", box.key.addressee.text()},
                     {"lane", to_string(box.key.lane)},
                     {"side", to_string(box.key.side)},
                     {"envelopes", box.depth.envelopes},
                     {"bytes", box.depth.bytes},
                     {"oldest", format_instant(box.oldest)}});
  }
  if (skipped > 0) out["skipped"] = skipped;
  return out.dump();
}

}  // namespace minqing::broker
