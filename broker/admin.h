// Admin: what a broker answers on its local socket (docs/LOCAL_API.md).
// Trusts: the caller's uid, which the kernel tells. Reading and writing need the same right: the
// daemon's own user, root, or one named in broker.toml.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "broker/brain.h"

namespace minqing::broker {

/// What `status` and /status.json say.
struct BrokerStatus {
  std::string broker;
  std::string program;
  std::string endpoint;
  Level level = Level::kGreen;
  DirectoryVersion directory;
  Instant directory_expires_at;
  std::size_t sessions = 0;
  courier::MailboxDepth mail;
  std::vector<std::pair<std::string, std::uint64_t>> counters;
  std::vector<std::string> unhealthy;  // reasons; empty = healthy
};
std::string status_json(const BrokerStatus& status);

/// The answer that says what is wrong.
std::string error_json(const Error& error);

class Admin {
 public:
  struct Ports {
    const Brain& brain;
    courier::Mailbox& mailbox;
    std::function<BrokerStatus()> status;
    /// Takes a newer signed directory into force. Errors: kConflict, kCorrupt, kInvalid.
    std::function<Result<DirectoryVersion>(Bytes signed_directory)> take_directory;
    /// broker/carry_desk.h
    std::function<Result<std::string>(const std::string& node, const std::string& after)>
        carry_export;
    std::function<Result<std::string>(const std::string& part)> carry_import;
  };
  Admin(std::vector<std::uint32_t> uids, Ports ports);

  /// The answer to one request of `uid`, as JSON; never empty.
  std::string handle(std::string_view request, std::uint32_t uid);

 private:
  Result<std::string> answer(std::string_view request, std::uint32_t uid);
  Result<std::string> carry(const std::string& verb,
                            const std::map<std::string, std::string>& words) const;
  std::string sessions() const;
  std::string mailboxes() const;

  std::vector<std::uint32_t> uids_;
  Ports ports_;
};

}  // namespace minqing::broker
