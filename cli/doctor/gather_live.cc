#include <nlohmann/json.hpp>

#include "cli/daemon_call.h"
#include "cli/doctor/gather.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr Millis kPatience{3'000};

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

void read_answer(const Json& answer, LiveFacts& facts) {
  const auto number = answer.find("unreceipted");
  if (number != answer.end() && number->is_number_unsigned()) facts.unreceipted = *number;
  const std::string oldest = text_of(answer, "oldest_unreceipted_at");
  facts.oldest_unreceipted_at = parse_instant(oldest).value_or(Instant{});
  if (const auto safety = answer.find("saved_not_safe");
      safety != answer.end() && safety->is_object()) {
    facts.knows_safety = true;
    facts.not_safe_rows = safety->value("rows", std::uint64_t{0});
    facts.oldest_not_safe_at =
        parse_instant(text_of(*safety, "oldest_with_keeper_at")).value_or(Instant{});
  }
  for (const Json& stream : answer.value("stopped", Json::array())) {
    if (!stream.is_object()) continue;
    facts.stopped.push_back({text_of(stream, "from"), text_of(stream, "to"),
                             text_of(stream, "code"), text_of(stream, "since")});
  }
  for (const Json& reason : answer.value("unhealthy", Json::array())) {
    if (reason.is_string()) facts.unhealthy.push_back(reason);
  }
}

}  // namespace

LiveFacts gather_live(const std::filesystem::path& socket) {
  LiveFacts facts;
  std::error_code ignored;
  if (!std::filesystem::exists(socket, ignored)) return facts;
  const auto answer = call_daemon(socket, R"({"verb":"status"})", kPatience);
  if (!answer) return facts;
  const Json json = Json::parse(*answer, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return facts;
  facts.is_running = true;
  read_answer(json, facts);
  return facts;
}

}  // namespace minqing::cli
