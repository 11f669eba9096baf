#include "cli/network/enrolment.h"

#include <set>

#include <nlohmann/json.hpp>

#include "cli/network/layout.h"
#include "core/limits.h"
#include "ops/fault_list.h"
#include "seal/keys.h"

namespace minqing::network {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "minqing-enrolment 1";

void add_part(Bytes& out, ByteView part) {
  const auto size = static_cast<std::uint32_t>(part.size());
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out.push_back(static_cast<std::uint8_t>(size >> shift));
  }
  out.insert(out.end(), part.begin(), part.end());
}

/// What an item's signature stands over: a context string, then each part behind its length.
Bytes signed_text(const EnrolRequest& request, const EnrolRequest::Item& item) {
  static constexpr std::string_view kContext{"minqing-enrolment-v1\0", 21};
  const std::string made_at = format_instant(request.made_at);
  Bytes out;
  for (const char c : kContext) out.push_back(static_cast<std::uint8_t>(c));
  add_part(out, as_bytes(request.network));
  add_part(out, as_bytes(request.node));
  add_part(out, as_bytes(made_at));
  add_part(out, request.transport.view());
  add_part(out, as_bytes(item.address.text()));
  add_part(out, item.signing.view());
  add_part(out, item.sealing.view());
  if (!item.recovery.is_none()) add_part(out, item.recovery.view());
  return out;
}

Status check_subject(const EnrolRequest& request) {
  RETURN_IF_ERROR(check_node_name(request.node));
  if (request.network.empty() || !ops::is_plain_line(request.network)) {
    return Error{Errc::kInvalid, "the request names no network"};
  }
  if (request.transport.is_none()) {
    return Error{Errc::kInvalid, "the request has no transport key"};
  }
  if (request.items.empty()) {
    return Error{Errc::kInvalid, "the request hosts no address: name at least one with --host"};
  }
  if (request.items.size() > limits::kDirectoryItemsMax) {
    return Error{Errc::kTooLarge, "the request hosts more addresses than a directory holds"};
  }
  std::set<Address> seen;
  for (const EnrolRequest::Item& item : request.items) {
    if (!seen.insert(item.address).second) {
      return Error{Errc::kInvalid, "address " + item.address.text() + " is requested twice"};
    }
  }
  return ok();
}

Error bad(const std::string& field, const char* expected) {
  return {Errc::kInvalid, "enrolment request: " + field + " must be " + expected +
                              "; make the request anew with `minqing enroll`"};
}

/// A string member; empty when it is absent or anything else.
std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

template <class T>
Result<T> hex_of(const Json& json, const char* key, const std::string& where) {
  const auto value = T::parse(text_of(json, key));
  if (value && !value->is_none()) return *value;
  return bad(where + "." + key,
             T::kSize == 64 ? "128 hexadecimal digits" : "64 hexadecimal digits");
}

Result<EnrolRequest::Item> item_of(const Json& json, std::size_t index) {
  const std::string where = "addresses[" + std::to_string(index) + "]";
  if (!json.is_object()) return bad(where, "an object");
  EnrolRequest::Item item;
  auto address = Address::parse(text_of(json, "address"));
  if (!address) return Error{Errc::kInvalid, where + ": " + address.error().detail};
  item.address = *std::move(address);
  ASSIGN_OR_RETURN(item.signing, hex_of<PublicKey>(json, "signing", where));
  ASSIGN_OR_RETURN(item.sealing, hex_of<PublicKey>(json, "sealing", where));
  if (json.contains("recovery")) {
    ASSIGN_OR_RETURN(item.recovery, hex_of<PublicKey>(json, "recovery", where));
  }
  ASSIGN_OR_RETURN(item.signature, hex_of<SignatureBytes>(json, "signature", where));
  return item;
}

}  // namespace

Result<EnrolRequest> make_request(const EnrolSubject& subject,
                                  const seal::KeyRing& keys,
                                  Instant now,
                                  const RecoveryKeys& recovery) {
  EnrolRequest request{.network = subject.network,
                       .node = subject.node,
                       .made_at = now,
                       .transport = keys.transport_public(),
                       .items = {}};
  for (const Address& address : subject.addresses) {
    const std::vector<seal::AddressKeys>& pairs = keys.of(address);
    if (pairs.empty()) {
      return Error{Errc::kNotFound,
                   "the key ring of node " + subject.node + " has no keys for " + address.text()};
    }
    const auto kept = recovery.find(address);
    request.items.push_back({.address = address,
                             .signing = pairs.back().signing_public,
                             .sealing = pairs.back().sealing_public,
                             .recovery = kept == recovery.end() ? PublicKey{} : kept->second,
                             .signature = {}});
  }
  RETURN_IF_ERROR(check_subject(request));
  for (EnrolRequest::Item& item : request.items) {
    const auto signer =
        seal::SigningKeys::from_seed(keys.of(item.address).back().signing_seed.bytes);
    item.signature = signer.sign(signed_text(request, item));
  }
  return request;
}

Status verify_request(const EnrolRequest& request) {
  RETURN_IF_ERROR(check_subject(request));
  for (const EnrolRequest::Item& item : request.items) {
    if (!seal::is_signed_by(item.signing, signed_text(request, item), item.signature)) {
      return Error{Errc::kCorrupt,
                   "the entry of " + item.address.text() +
                       " is not signed by its own key: the request was changed on the way, or "
                       "its maker does not hold the key; make it anew with `minqing enroll`"};
    }
  }
  return ok();
}

std::string request_to_json(const EnrolRequest& request) {
  Json items = Json::array();
  for (const EnrolRequest::Item& item : request.items) {
    Json entry{{"address", item.address.text()},
               {"signing", item.signing.hex()},
               {"sealing", item.sealing.hex()}};
    if (!item.recovery.is_none()) entry["recovery"] = item.recovery.hex();
    entry["signature"] = item.signature.hex();
    items.push_back(std::move(entry));
  }
  const Json json{{"format", kFormat},
                  {"network", request.network},
                  {"node", request.node},
                  {"made_at", format_instant(request.made_at)},
                  {"transport", request.transport.hex()},
                  {"addresses", std::move(items)}};
  return json.dump(2) + "\n";
}

Result<EnrolRequest> request_from_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return bad("the file", "one JSON object");
  if (text_of(json, "format") != kFormat) return bad("format", "\"minqing-enrolment 1\"");
  EnrolRequest request;
  request.network = text_of(json, "network");
  request.node = text_of(json, "node");
  const auto made_at = parse_instant(text_of(json, "made_at"));
  if (!made_at) return bad("made_at", "a time like 2026-01-31T08:00:00+08:00");
  request.made_at = *made_at;
  ASSIGN_OR_RETURN(request.transport, hex_of<PublicKey>(json, "transport", "request"));
  const auto items = json.find("addresses");
  if (items == json.end() || !items->is_array()) return bad("addresses", "a list");
  for (const Json& item : *items) {
    ASSIGN_OR_RETURN(EnrolRequest::Item read, item_of(item, request.items.size()));
    request.items.push_back(std::move(read));
  }
  RETURN_IF_ERROR(verify_request(request));
  return request;
}

}  // namespace minqing::network
