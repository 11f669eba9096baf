#include "nodes/common/config.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/limits.h"
#include "ops/daemon_config.h"

namespace minqing::node {
namespace {

using ops::Choice;
using ops::Section;

constexpr std::array<Choice<HandlerKind>, 2> kHandlerWords{
    {{"demo", HandlerKind::kDemo}, {"folder", HandlerKind::kFolder}}};
constexpr std::array<Choice<DemoStage>, 2> kStageWords{
    {{"agency", DemoStage::kAgency}, {"office", DemoStage::kOffice}}};

constexpr std::size_t kStaffMax = 10'000;

std::vector<casework::Role> read_roles(const Section& section, std::size_t least) {
  std::vector<casework::Role> out;
  for (std::size_t i = 0; const std::string& word : section.texts("roles", {.min = least})) {
    const auto role = casework::parse_role(word);
    if (!role || *role == casework::Role::kSystem) {
      section.reject("roles", i,
                     "must be one of CITIZEN AGENT CLERK DISPATCHER HANDLER UNIT_HEAD SUPERVISOR "
                     "ADMIN PARTNER");
    } else {
      out.push_back(*role);
    }
    ++i;
  }
  return out;
}

std::vector<BrokerConfig> read_brokers(const Section& root) {
  std::vector<BrokerConfig> out;
  for (const Section& section : root.sections("broker", {.min = 1, .max = kBrokersMax})) {
    BrokerConfig broker;
    broker.endpoint = section.text("endpoint");
    if (!broker.endpoint.starts_with("tcp://")) {
      section.reject("endpoint", "must be like \"tcp://broker.example:7711\"");
    }
    const auto key = PublicKey::parse(section.text("key"));
    if (!key || key->is_none()) {
      section.reject("key", "must be the 64 hexadecimal digits of the broker's key.pub");
    } else {
      broker.key = *key;
    }
    out.push_back(std::move(broker));
  }
  return out;
}

std::vector<StaffConfig> read_staff(const Section& root, std::uint32_t own_uid) {
  std::vector<StaffConfig> out;
  std::set<std::string> seen;
  for (const Section& section : root.sections("staff", {.max = kStaffMax})) {
    StaffConfig staff;
    staff.id = section.text("id");
    if (staff.id.size() > limits::kStaffIdBytesMax) {
      section.reject("id", "is longer than " + std::to_string(limits::kStaffIdBytesMax) + " bytes");
    }
    if (!seen.insert(staff.id).second) section.reject("id", "is there twice");
    staff.roles = read_roles(section, 1);
    staff.uids = ops::read_uids(section, "uids");
    if (!section.has("uids")) staff.uids = {own_uid};
    out.push_back(std::move(staff));
  }
  return out;
}

HandlerConfig read_handler(const Section& section) {
  HandlerConfig handler;
  const std::string address = section.text("address");
  if (address != "*") {
    const auto parsed = Address::parse(address);
    if (parsed) {
      handler.address = *parsed;
    } else {
      section.reject("address", parsed.error().detail + "; \"*\" stands for all others");
    }
  }
  handler.kind = section.choice("kind", kHandlerWords);
  if (handler.kind == HandlerKind::kDemo) {
    handler.stage = section.choice("stage", kStageWords, DemoStage::kAgency);
    handler.delay = section.millis("delay_ms", {.max = std::chrono::hours{1}}, Millis{0});
  } else {
    handler.directory = section.path("directory");
    handler.roles = {casework::Role::kHandler};
    if (section.has("roles")) handler.roles = read_roles(section, 1);
    if (!handler.address) section.reject("address", "of a folder must be one address");
  }
  return handler;
}

std::vector<HandlerConfig> read_handlers(const Section& root) {
  std::vector<HandlerConfig> out;
  std::set<std::optional<Address>> seen;
  for (const Section& section : root.sections("handler")) {
    HandlerConfig handler = read_handler(section);
    if (!seen.insert(handler.address).second) section.reject("address", "has a handler already");
    out.push_back(std::move(handler));
  }
  return out;
}

std::optional<DigestConfig> read_digest(const Section& root) {
  const Section section = root.child("digest");
  DigestConfig digest;
  digest.hour = static_cast<int>(
      section.integer("hour", {.min = 0, .max = 23, .unit = "o'clock"}, digest.hour));
  digest.days_kept = static_cast<int>(
      section.integer("days_kept", {.min = 1, .max = 3'650, .unit = "days"}, digest.days_kept));
  digest.directory = section.path("directory", "digest");
  if (!root.has("digest")) return std::nullopt;
  return digest;
}

}  // namespace

Result<NodeConfig> load_config(const std::string& path, std::uint32_t own_uid) {
  ASSIGN_OR_RETURN(ops::ConfigFile file, ops::ConfigFile::load(path));
  const Section root = file.root();
  NodeConfig out;
  const Section node = ops::read_daemon(root, "node", out);
  out.reader_uids = ops::read_uids(node, "reader_uids");
  out.store_bytes_max = ops::read_file_bytes_max(node, "store_bytes_max");
  out.brokers = read_brokers(root);
  out.staff = read_staff(root, own_uid);
  out.digest = read_digest(root);
  out.handlers = read_handlers(root);
  RETURN_IF_ERROR(file.finish());
  return out;
}

}  // namespace minqing::node
