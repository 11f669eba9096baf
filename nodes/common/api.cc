#include "nodes/common/api.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/uuid7.h"
#include "nodes/common/api_attention.h"
#include "nodes/common/api_deadline.h"
#include "nodes/common/api_refill.h"
#include "ops/crash_point.h"

namespace minqing::node {
namespace {

using casework::Kind;

constexpr std::size_t kReceiptCodeDigits = 16;

/// What a citizen types to ask for the case: digits only, about 53 random bits.
std::string make_receipt_code(Random& random) {
  std::string code;
  for (std::size_t i = 0; i < kReceiptCodeDigits; ++i) {
    code += static_cast<char>('0' + random.below(10));
  }
  return code;
}

Status set_fields(const ApiRequest& request, casework::Content& content) {
  for (const auto& [name, value] : request.set) {
    RETURN_IF_ERROR(casework::set_field(content, name, value));
  }
  return ok();
}

/// Whoever reads now must not take what is there for all there is.
std::string marked_refilling(const std::string& answer) {
  auto json = nlohmann::ordered_json::parse(answer);
  json["refilling"] = true;
  return json.dump();
}

}  // namespace

Api::Api(const NodeConfig& config, std::uint32_t own_uid, Ports ports)
    : config_{config}, own_uid_{own_uid}, ports_{std::move(ports)} {}

bool Api::may_read(std::uint32_t uid) const {
  if (uid == own_uid_ || uid == 0) return true;
  if (std::ranges::find(config_.reader_uids, uid) != config_.reader_uids.end()) return true;
  return std::ranges::any_of(config_.staff, [&](const StaffConfig& staff) {
    return std::ranges::find(staff.uids, uid) != staff.uids.end();
  });
}

/// Who only reads may not bring anything in, although all of it proves itself.
bool Api::may_carry_in(std::uint32_t uid) const {
  if (uid == own_uid_ || uid == 0) return true;
  return std::ranges::any_of(config_.staff, [&](const StaffConfig& staff) {
    return std::ranges::find(staff.uids, uid) != staff.uids.end();
  });
}

std::string Api::handle(std::string_view text, std::uint32_t uid, Instant now) {
  ++counters_.requests;
  const auto request = parse_api_request(text);
  auto said = request ? answer(*request, uid, now) : Result<std::string>{request.error()};
  if (said)
    return ports_.brain.refill().is_refilling() ? marked_refilling(*said) : *std::move(said);
  ++counters_.refused;
  return error_json(said.error());
}

Result<std::string> Api::answer(const ApiRequest& request, std::uint32_t uid, Instant now) {
  if (request.verb == "submit") return submit(request, uid, now);
  if (request.verb == "act") return act(request, uid, now);
  if (request.verb == "void") return give_up(request, uid);
  if (!may_read(uid)) {
    return Error{Errc::kNotAllowed, "user id " + std::to_string(uid) +
                                        " may not read here: node.toml names who may, in "
                                        "[[staff]] uids and [node] reader_uids"};
  }
  if (request.verb == "mycase") return my_case(request, now);
  if (request.verb == "refill") return refill(request, uid);
  if (request.verb == "recover") return recover(request, uid);
  if (request.verb == "balance") return balance(request, uid);
  if (request.verb == "carry-export") return ports_.carry.export_part(request, now);
  if (request.verb == "carry-import") {
    if (may_carry_in(uid)) return ports_.carry.import_part(request);
    return Error{Errc::kNotAllowed, "user id " + std::to_string(uid) +
                                        " may not carry in here: node.toml names who may, in "
                                        "[[staff]] uids"};
  }
  return read(request, now);
}

/// Looking is for readers; what changes the store's life is for the node's own user.
Result<std::string> Api::refill(const ApiRequest& request, std::uint32_t uid) {
  const bool changes = request.which == "go-on" || request.which == "again";
  if (!changes && !request.which.empty()) {
    return Error{Errc::kInvalid, "\"which\" must be go-on or again, or be left out"};
  }
  if (changes && uid != own_uid_ && uid != 0) {
    return Error{Errc::kNotAllowed, "only the system user this node runs as may say so"};
  }
  if (request.which == "go-on") RETURN_IF_ERROR(ports_.brain.go_on());
  if (request.which == "again") RETURN_IF_ERROR(ports_.brain.refill_again());
  return refill_json(ports_.brain.refill().progress(), ports_.brain.refill().counters());
}

/// The recovery secret opens everything that was ever kept: only the node's own user brings it.
Result<std::string> Api::recover(const ApiRequest& request, std::uint32_t uid) {
  if (uid != own_uid_ && uid != 0) {
    return Error{Errc::kNotAllowed, "only the system user this node runs as may recover"};
  }
  const auto secret = SecretKey::parse(request.key);
  if (!secret || secret->is_none()) {
    return Error{Errc::kInvalid, "\"key\" must be 64 hexadecimal digits: a recovery secret"};
  }
  RETURN_IF_ERROR(ports_.brain.recover(*secret));
  return refill_json(ports_.brain.refill().progress(), ports_.brain.refill().counters());
}

Result<std::string> Api::balance(const ApiRequest& request, std::uint32_t uid) {
  if (!request.which.empty() && request.which != "start") {
    return Error{Errc::kInvalid, "\"which\" must be start, or be left out"};
  }
  if (request.which == "start") {
    if (uid != own_uid_ && uid != 0) {
      return Error{Errc::kNotAllowed, "only the system user this node runs as may say so"};
    }
    RETURN_IF_ERROR(ports_.brain.balance_now());
  }
  return balance_json(ports_.brain.balance().progress(), ports_.brain.balance().counters());
}

Result<Address> Api::hosted(const ApiRequest& request) const {
  if (request.at.empty()) return Error{Errc::kInvalid, "needs \"at\", a hosted address"};
  ASSIGN_OR_RETURN(Address at, Address::parse(request.at));
  const AddressEntry* entry = ports_.brain.directory()->find(at);
  if (entry == nullptr || entry->node != config_.name) {
    const std::string host = entry == nullptr || entry->node.empty() ? "no node" : entry->node;
    return Error{Errc::kNotFound, at.text() + " is hosted by " + host + ", not by " + config_.name};
  }
  return at;
}

Status Api::set_fields_and_id(const ApiRequest& request, Command& command) {
  if (!request.id.empty()) {
    const auto id = parse_uuid(request.id);
    if (!id || !is_uuid7(*id)) return Error{Errc::kInvalid, "\"id\" must be a UUIDv7"};
    command.id = *id;
  }
  return set_fields(request, command.act.content);
}

Result<Command> Api::command_of(const ApiRequest& request, std::uint32_t uid) const {
  Command command;
  ASSIGN_OR_RETURN(command.act.at, hosted(request));
  RETURN_IF_ERROR(set_fields_and_id(request, command));
  if (request.as.empty() && request.verb == "submit" && uid == own_uid_) {
    command.act.roles = {casework::Role::kCitizen};
    return command;
  }
  const auto staff = std::ranges::find(config_.staff, request.as, &StaffConfig::id);
  if (staff == config_.staff.end()) {
    return Error{Errc::kNotAllowed, "there is no staff \"" + request.as + "\" at " + config_.name +
                                        ": node.toml names them in [[staff]]"};
  }
  if (std::ranges::find(staff->uids, uid) == staff->uids.end()) {
    return Error{Errc::kNotAllowed, "user id " + std::to_string(uid) + " may not act as \"" +
                                        request.as + "\": node.toml, [[staff]] uids"};
  }
  command.act.roles = staff->roles;
  command.act.staff = staff->id;
  return command;
}

Status Api::keep_identity(const std::string& identity, casework::Content& content, Instant now) {
  if (identity.size() > limits::kIdentityBytesMax) {
    return Error{Errc::kTooLarge,
                 "an identity has at most " + std::to_string(limits::kIdentityBytesMax) + " bytes"};
  }
  const auto ref = random_bytes<store::VaultRef>(ports_.random);
  ops::crash_point("vault-before-commit");
  RETURN_IF_ERROR(ports_.vault.put(ref, as_bytes(identity), now));
  ops::crash_point("vault-after-commit");
  content.petitioner_ref = ref.hex();
  return ok();
}

Result<std::string> Api::submit(const ApiRequest& request, std::uint32_t uid, Instant now) {
  if (!not_taking_.empty()) return Error{Errc::kBusy, not_taking_};
  ASSIGN_OR_RETURN(Command command, command_of(request, uid));
  casework::Command& petition = command.act;
  if (!command.id.is_none()) {
    if (const auto row = ports_.ledger.load(petition.at, command.id)) {
      ASSIGN_OR_RETURN(const CaseId known, CaseId::parse(row->case_id));
      return submitted_json(known, "");  // the code was shown once
    }
  }
  petition.kind = Kind::kPetitionSubmit;
  casework::Content& content = petition.content;
  if (content.area.empty()) content.area = petition.at.division();
  if (!tier_of_code(content.area)) {
    return Error{Errc::kInvalid, "\"area\" must be a division's code, like 330824115201"};
  }
  petition.case_id = CaseId::make(content.area, now, ports_.random);
  const std::string code = make_receipt_code(ports_.random);
  content.receipt_hash = ports_.cipher.receipt_hash(petition.case_id.text(), code).hex();
  if (request.identity && !request.identity->empty()) {
    // Tried without it first, so that a refused petition leaves nothing in the vault.
    RETURN_IF_ERROR(ports_.brain.would_accept(command));
    RETURN_IF_ERROR(keep_identity(*request.identity, content, now));
  }
  RETURN_IF_ERROR(ports_.brain.on_command(command));
  return submitted_json(petition.case_id, code);
}

Result<std::string> Api::act(const ApiRequest& request, std::uint32_t uid, Instant now) {
  ASSIGN_OR_RETURN(Command command, command_of(request, uid));
  const casework::KindRow* kind = casework::find_kind(request.kind);
  if (kind == nullptr) {
    return Error{Errc::kInvalid,
                 "there is no kind \"" + request.kind + "\": `minqing kinds` lists them"};
  }
  if (kind->kind == Kind::kPetitionSubmit) {
    return Error{Errc::kInvalid, "a petition comes in by the verb submit"};
  }
  command.act.kind = kind->kind;
  if (!request.case_id.empty()) {
    ASSIGN_OR_RETURN(command.act.case_id, CaseId::parse(request.case_id));
  }
  if (!request.loop.empty()) {
    const auto loop = parse_uuid(request.loop);
    if (!loop) return Error{Errc::kInvalid, "\"loop\" must be a loop's id"};
    command.act.loop = *loop;
  }
  if (request.reply_within_ms > 0) {
    constexpr Millis kLongest = std::chrono::days{3'650};
    if (request.reply_within_ms > kLongest.count()) {
      return Error{Errc::kInvalid, "\"reply_within_ms\" is longer than ten years"};
    }
    command.act.reply_by = now + Millis{request.reply_within_ms};
  }
  ASSIGN_OR_RETURN(const auto entries, ports_.brain.on_command(command));
  return entries_json(entries);
}

Result<std::string> Api::read(const ApiRequest& request, Instant now) {
  if (request.verb == "status") return status_json(ports_.status());
  if (request.verb == "route") return route_json(*ports_.brain.directory(), request, now);
  if (request.verb == "streams") {
    return streams_json(ports_.brain.outbox(), ports_.ledger.out_streams(),
                        ports_.ledger.in_streams());
  }
  using Verb = Result<std::string> (*)(store::Reader&, const Address&, const ApiRequest&);
  const Verb verb = request.verb == "log"         ? &log_json
                    : request.verb == "trace"     ? &trace_json
                    : request.verb == "attention" ? &attention_json
                                                  : nullptr;
  const bool is_of_cases = request.verb == "cases" || request.verb == "case";
  if (verb == nullptr && request.verb != "loops" && request.verb != "why-deadline" &&
      !is_of_cases) {
    return Error{Errc::kInvalid,
                 "there is no verb \"" + request.verb + "\": docs/LOCAL_API.md lists them"};
  }
  ASSIGN_OR_RETURN(const Address at, hosted(request));
  if (is_of_cases) {
    const SafetyPort safety{.unsafe =
                                [&](const Address& owner, const CaseId& id) {
                                  return ports_.brain.keeping().unsafe_of_case(owner, id.text());
                                },
                            .keeper =
                                [&](const Address& owner, const casework::CaseRecord& record) {
                                  return casework::keeper_of(*ports_.brain.directory(), owner,
                                                             &record);
                                }};
    return request.verb == "case" ? case_json(ports_.reader, at, request, safety)
                                  : cases_json(ports_.reader, at, request, safety,
                                               ports_.brain.directory()->calendar(), now);
  }
  if (request.verb == "why-deadline") {
    return why_deadline_json(ports_.reader, *ports_.brain.directory(), at, request, now);
  }
  if (verb == nullptr) return loops_json(ports_.reader, at, request, now);
  return verb(ports_.reader, at, request);
}

}  // namespace minqing::node
