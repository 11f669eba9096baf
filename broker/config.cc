#include "broker/config.h"

#include <type_traits>

#include "core/limits.h"
#include "ops/daemon_config.h"

namespace minqing::broker {
namespace {

using ops::Section;

void read_limits(const Section& limits_section, BrokerConfig& out) {
  const auto number = [&](const char* key, std::int64_t least, const char* unit, auto& value) {
    value = static_cast<std::remove_reference_t<decltype(value)>>(limits_section.integer(
        key, {.min = least, .unit = unit}, static_cast<std::int64_t>(value)));
  };
  out.sessions_max = limits::kSessionsMax;
  number("sessions", 1, "sessions", out.sessions_max);
  number("mailbox_envelopes", 1, "envelopes", out.delivery.mailbox_envelopes_max);
  number("mailbox_bytes", static_cast<std::int64_t>(limits::kEnvelopeBytesMax), "bytes",
         out.delivery.mailbox_bytes_max);
  number("mailbox_pair_envelopes", 1, "envelopes", out.delivery.mailbox_pair_envelopes_max);
  number("under_way_bytes", static_cast<std::int64_t>(limits::kEnvelopeBytesMax), "bytes",
         out.delivery.under_way_bytes_max);
  out.mailbox_file_bytes_max = ops::read_file_bytes_max(limits_section, "mailbox_file_bytes");
  number("disk_free_amber_bytes", 0, "bytes", out.levels.disk_free_amber_bytes);
  number("disk_free_red_bytes", 0, "bytes", out.levels.disk_free_red_bytes);
  number("mailbox_amber_bytes", 0, "bytes", out.levels.mailbox_amber_bytes);
  number("mailbox_red_bytes", 0, "bytes", out.levels.mailbox_red_bytes);
  number("memory_amber_bytes", 0, "bytes", out.levels.memory_amber_bytes);
  number("memory_red_bytes", 0, "bytes", out.levels.memory_red_bytes);
  const LevelThresholds& levels = out.levels;
  if (levels.disk_free_red_bytes > levels.disk_free_amber_bytes) {
    limits_section.reject("disk_free_red_bytes", "must not be above disk_free_amber_bytes");
  }
  if (levels.mailbox_red_bytes < levels.mailbox_amber_bytes) {
    limits_section.reject("mailbox_red_bytes", "must not be below mailbox_amber_bytes");
  }
  if (levels.memory_red_bytes < levels.memory_amber_bytes) {
    limits_section.reject("memory_red_bytes", "must not be below memory_amber_bytes");
  }
}

}  // namespace

Result<BrokerConfig> load_config(const std::string& path) {
  ASSIGN_OR_RETURN(ops::ConfigFile file, ops::ConfigFile::load(path));
  const Section root = file.root();
  BrokerConfig out;
  const Section broker = ops::read_daemon(root, "broker", out);
  out.endpoint = broker.text("endpoint");
  if (!out.endpoint.starts_with("tcp://")) {
    broker.reject("endpoint", "must be like \"tcp://0.0.0.0:7711\"");
  }
  out.admin_uids = ops::read_uids(broker, "admin_uids");
  read_limits(root.child("limits"), out);
  RETURN_IF_ERROR(file.finish());
  return out;
}

}  // namespace minqing::broker
