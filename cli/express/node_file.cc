#include "cli/express/node_file.h"

namespace minqing::express {
namespace {

/// A TOML basic string. Names here hold no control characters.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string line(const char* key, const std::string& value) {
  return std::string{key} + " = " + quoted(value) + "\n";
}

std::string list(const char* key, const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ", ") + quoted(value);
  return std::string{key} + " = [" + out + "]\n";
}

std::string handler_table(const HandlerPlan& handler) {
  std::string out =
      "\n[[handler]]\n" + line("address", handler.address) + line("kind", handler.kind);
  if (!handler.stage.empty()) out += line("stage", handler.stage);
  if (handler.kind == "demo") out += "delay_ms = " + std::to_string(handler.delay.count()) + "\n";
  if (!handler.directory.empty()) out += line("directory", handler.directory);
  return out;
}

}  // namespace

std::string node_file(const NodePlan& plan,
                      const std::string& endpoint,
                      const std::string& broker_key,
                      const std::string& log_level) {
  std::string out = "[node]\n" + line("name", plan.name) + line("state_dir", ".") +
                    line("directory", "../../directory.bin") +
                    line("authority", "../../authority.pub");
  if (plan.store_bytes_max > 0) {
    out += "store_bytes_max = " + std::to_string(plan.store_bytes_max) + "\n";
  }
  out += "\n[[broker]]\n" + line("endpoint", endpoint) + line("key", broker_key);
  out += "\n[status]\nport = 0\n\n[log]\n" + line("level", log_level);
  for (const StaffPlan& staff : plan.staff) {
    out += "\n[[staff]]\n" + line("id", staff.id) + list("roles", staff.roles);
  }
  for (const HandlerPlan& handler : plan.handlers) out += handler_table(handler);
  return out;
}

std::string broker_file(const std::string& endpoint, const std::string& log_level) {
  return "[broker]\n" + line("name", "broker-1") + line("state_dir", ".") +
         line("directory", "../directory.bin") + line("authority", "../authority.pub") +
         line("endpoint", endpoint) + "\n[status]\nport = 0\n\n[log]\n" + line("level", log_level);
}

}  // namespace minqing::express
