// A request of the local API (docs/LOCAL_API.md), read from its JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace minqing::node {

/// What any verb may carry; empty = not given. Which verb needs what is the API's business.
struct ApiRequest {
  std::string verb;
  std::string id;  // chosen by the client, so that a repeat is not done twice
  std::string at;
  std::string as;
  std::string kind;
  std::string case_id;
  std::string loop;
  std::string state;
  std::string text;
  std::string which;
  std::string area;
  std::string category;
  std::string peer;
  std::string lane;
  std::string side;
  std::string reason;
  std::string after;
  std::string part;  // of a carry file, hexadecimal
  std::string code;  // mycase: the receipt code
  std::string key;   // recover: the recovery secret
  std::optional<std::string> identity;
  std::optional<bool> open;
  std::optional<bool> overdue;
  std::int64_t limit = 0;
  std::int64_t seq = 0;
  std::int64_t reply_within_ms = 0;
  std::int64_t within_ms = 0;
  std::vector<std::pair<std::string, std::string>> set;  // fields of the content
};

/// Errors: kInvalid naming the key: not JSON, an unknown or doubled key, a wrong type.
Result<ApiRequest> parse_api_request(std::string_view text);

}  // namespace minqing::node
