// The verb `route`: who would lead, and why.
#include <nlohmann/json.hpp>

#include "core/dispatch.h"
#include "nodes/common/api_views.h"

namespace minqing::node {

using nlohmann::ordered_json;

Result<std::string> route_json(const Directory& directory, const ApiRequest& request, Instant now) {
  const auto area = Address::parse(request.area);
  if (!area || area->is_agency()) {
    return Error{Errc::kInvalid, "\"area\" must be a division's code, like 330824"};
  }
  if (directory.find_category(request.category) == nullptr || request.category.size() != 4) {
    return Error{Errc::kInvalid, "there is no category \"" + request.category + "\""};
  }
  const DispatchChoice choice = choose_lead(directory, request.area, request.category, now);
  ordered_json assists = ordered_json::array();
  for (const Address& unit : choice.assists) assists.push_back(unit.text());
  ordered_json out{{"ok", true}};
  out["lead"] = choice.lead.text();
  out["assists"] = std::move(assists);
  out["explanation"] = choice.explanation;
  return out.dump();
}

}  // namespace minqing::node
