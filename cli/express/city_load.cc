#include "cli/express/city_load.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace minqing::express {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr std::size_t kFullCategory = 4;
constexpr Millis kFirstLook{200};
constexpr Millis kNextLook{200};
/// A host that was stopped while it was asked must not hold up the load.
constexpr Millis kCallTimeout{2'000};

Result<json> ask(LiveNetwork& network,
                 const std::string& host,
                 const std::string& request,
                 Millis timeout) {
  ASSIGN_OR_RETURN(const std::string answer, network.call_node(host, request, timeout));
  json out = json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!out.is_object())
    return Error{Errc::kCorrupt, "an answer of the local API is no JSON object"};
  return out;
}

}  // namespace

CityLoad::CityLoad(LiveNetwork& network,
                   const City& city,
                   const Directory& directory,
                   std::uint64_t seed,
                   MayAsk may_ask)
    : network_{network}, city_{city}, may_ask_{std::move(may_ask)}, random_{seed} {
  for (const Category& category : directory.content().categories) {
    if (category.code.size() == kFullCategory && !category.sealed) {
      categories_.push_back(category.code);
    }
  }
}

bool CityLoad::is_passing(const Error& error) const {
  if (!may_ask_) return false;
  return error.code == Errc::kUnavailable || error.code == Errc::kTimeout ||
         error.code == Errc::kBusy;
}

Status CityLoad::file_one() {
  const auto& village = city_.villages[random_() % city_.villages.size()];
  const std::string& category = categories_[random_() % categories_.size()];
  const std::string number = std::to_string(++submitted_);
  const json request{{"verb", "submit"},
                     {"at", village.address.text()},
                     {"as", kCityAgent},
                     {"id", format_uuid(ids_.make(clock_.now()))},
                     {"set",
                      {{"title", "演示诉求" + number},
                       {"text", "第" + number + "件演示诉求，随机产生。"},
                       {"channel", "AGENT"},
                       {"nature", "APPEAL"},
                       {"category", category}}}};
  return ask_for({village.address, village.host, request.dump()});
}

Status CityLoad::ask_for(Petition petition) {
  if (!may_ask(petition.host)) {
    unanswered_.push_back(std::move(petition));
    return ok();
  }
  const Millis timeout = may_ask_ ? kCallTimeout : LiveNetwork::kCallTimeout;
  const auto answer = ask(network_, petition.host, petition.request, timeout);
  if (!answer) {
    if (!is_passing(answer.error())) return answer.error();
    unanswered_.push_back(std::move(petition));
    return ok();
  }
  const std::string case_id = answer->at("case").get<std::string>();
  accepted_.insert(case_id);
  open_.push_back({.village = petition.village,
                   .host = petition.host,
                   .case_id = case_id,
                   .state = "RECEIVED",
                   .next_look = steady_clock::now() + kFirstLook});
  return ok();
}

Status CityLoad::look(std::size_t limit) {
  for (std::size_t i = std::min(limit, unanswered_.size()); i > 0; --i) {
    Petition petition = std::move(unanswered_.front());
    unanswered_.pop_front();
    RETURN_IF_ERROR(ask_for(std::move(petition)));
  }
  const auto now = steady_clock::now();
  for (std::size_t looked = 0; looked < limit && !open_.empty(); ++looked) {
    if (open_.front().next_look > now) return ok();
    OpenCase one = std::move(open_.front());
    open_.pop_front();
    RETURN_IF_ERROR(look_at(std::move(one)));
  }
  return ok();
}

Status CityLoad::look_at(OpenCase one) {
  const auto again = [&] {
    one.next_look = steady_clock::now() + kNextLook;
    open_.push_back(std::move(one));
    return ok();
  };
  if (!may_ask(one.host)) return again();
  const json request{{"verb", "case"}, {"at", one.village.text()}, {"case", one.case_id}};
  const Millis timeout = may_ask_ ? kCallTimeout : LiveNetwork::kCallTimeout;
  const auto answer = ask(network_, one.host, request.dump(), timeout);
  if (!answer) return is_passing(answer.error()) ? again() : Status{answer.error()};
  const json& record = answer->at("record");
  one.state = record.at("state").get<std::string>();
  if (one.state != "CLOSED") return again();
  const auto created = parse_instant(record.at("created_at").get<std::string>());
  const auto closed = parse_instant(record.at("updated_at").get<std::string>());
  if (!created || !closed) return Error{Errc::kCorrupt, one.case_id + ": no times in its record"};
  closed_after_.push_back(*closed - *created);
  return ok();
}

Micros CityLoad::percentile(double share) const {
  if (closed_after_.empty()) return Micros{0};
  std::vector<Micros> sorted = closed_after_;
  std::ranges::sort(sorted);
  const double last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::llround(last * share))];
}

std::string CityLoad::oldest_open() const {
  if (open_.empty() && !unanswered_.empty()) {
    return "a petition at " + unanswered_.front().village.text() + " has no answer";
  }
  if (open_.empty()) return {};
  const auto oldest = std::ranges::min_element(open_, {}, &OpenCase::case_id);
  return oldest->village.text() + " " + oldest->case_id + ": " + oldest->state;
}

}  // namespace minqing::express
