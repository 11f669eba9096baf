#include "nodes/common/api_request.h"

#include <map>

#include <nlohmann/json.hpp>

namespace minqing::node {
namespace {

using nlohmann::json;

Error wrong(const std::string& key, const char* what) {
  return {Errc::kInvalid, "\"" + key + "\" must be " + what};
}

/// A field's value as people would write it after `--set field=`.
Result<std::string> word_of(const std::string& name, const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return value.dump();
  if (!value.is_array()) return wrong("set." + name, "text, a whole number or a list of addresses");
  std::string joined;
  for (const json& item : value) {
    if (!item.is_string()) return wrong("set." + name, "a list of texts");
    joined += (joined.empty() ? "" : ",") + item.get<std::string>();
  }
  return joined;
}

Status read_set(const json& value, ApiRequest& out) {
  if (!value.is_object()) return wrong("set", "an object of fields");
  for (const auto& [name, item] : value.items()) {
    ASSIGN_OR_RETURN(std::string word, word_of(name, item));
    out.set.emplace_back(name, std::move(word));
  }
  return ok();
}

Status read_key(const std::string& key, const json& value, ApiRequest& out) {
  static const std::map<std::string, std::string ApiRequest::*, std::less<>> kTexts{
      {"verb", &ApiRequest::verb}, {"id", &ApiRequest::id},
      {"at", &ApiRequest::at},     {"as", &ApiRequest::as},
      {"kind", &ApiRequest::kind}, {"case", &ApiRequest::case_id},
      {"loop", &ApiRequest::loop}, {"state", &ApiRequest::state},
      {"text", &ApiRequest::text}, {"which", &ApiRequest::which},
      {"area", &ApiRequest::area}, {"category", &ApiRequest::category},
      {"peer", &ApiRequest::peer}, {"lane", &ApiRequest::lane},
      {"side", &ApiRequest::side}, {"reason", &ApiRequest::reason},
      {"part", &ApiRequest::part}, {"key", &ApiRequest::key},
      {"code", &ApiRequest::code}};
  if (const auto text = kTexts.find(key); text != kTexts.end()) {
    if (!value.is_string()) return wrong(key, "text");
    out.*text->second = value.get<std::string>();
    return ok();
  }
  if (key == "set") return read_set(value, out);
  if (key == "identity") {
    if (!value.is_string()) return wrong(key, "text");
    out.identity = value.get<std::string>();
    return ok();
  }
  if (key == "open" || key == "overdue") {
    if (!value.is_boolean()) return wrong(key, "true or false");
    (key == "open" ? out.open : out.overdue) = value.get<bool>();
    return ok();
  }
  if (key == "after") {  // a position, or what a former answer gave as `next`
    if (!value.is_string() && !value.is_number_unsigned()) return wrong(key, "text or a number");
    out.after = value.is_string() ? value.get<std::string>() : value.dump();
    return ok();
  }
  if (key == "limit" || key == "reply_within_ms" || key == "within_ms" || key == "seq") {
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0) {
      return wrong(key, "a whole number, not below 0");
    }
    std::int64_t& number = key == "limit"       ? out.limit
                           : key == "seq"       ? out.seq
                           : key == "within_ms" ? out.within_ms
                                                : out.reply_within_ms;
    number = value.get<std::int64_t>();
    return ok();
  }
  return Error{Errc::kInvalid, "unknown key \"" + key + "\": docs/LOCAL_API.md lists them"};
}

}  // namespace

Result<ApiRequest> parse_api_request(std::string_view text) {
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded() || !parsed.is_object()) {
    return Error{Errc::kInvalid, "a request is one JSON object in UTF-8"};
  }
  ApiRequest out;
  for (const auto& [key, value] : parsed.items()) RETURN_IF_ERROR(read_key(key, value, out));
  if (out.verb.empty()) return Error{Errc::kInvalid, "a request needs a \"verb\""};
  return out;
}

}  // namespace minqing::node
