// Api: what a node answers on its local socket (docs/LOCAL_API.md): who may do what, and the verbs.
//
// Everything is handled inside a turn; the daemon sends the answers after its commit, so that "ok"
// means committed. Reading verbs see what was committed before the turn.
// Trusts: the caller's uid, which the kernel tells.
#pragma once

#include <functional>
#include <string>

#include "nodes/common/api_request.h"
#include "nodes/common/api_views.h"
#include "nodes/common/brain.h"
#include "nodes/common/carry_desk.h"
#include "nodes/common/config.h"
#include "nodes/common/guess_limit.h"
#include "nodes/common/vault_cipher.h"
#include "store/reader.h"

namespace minqing::node {

struct ApiCounters {
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;
};

class Api {
 public:
  struct Ports {
    Brain& brain;
    courier::Ledger& ledger;
    store::Reader& reader;
    store::Vault& vault;
    const SecretVaultCipher& cipher;
    Random& random;
    std::function<NodeStatus()> status;
    CarryDesk& carry;
  };
  Api(const NodeConfig& config, std::uint32_t own_uid, Ports ports);

  /// The answer to one request of `uid`, as JSON; never empty.
  std::string handle(std::string_view request, std::uint32_t uid, Instant now);

  /// No new petitions are taken in while `reason` is not empty (disk nearly full).
  void set_not_taking(std::string reason) { not_taking_ = std::move(reason); }
  const ApiCounters& counters() const { return counters_; }

 private:
  Result<std::string> answer(const ApiRequest& request, std::uint32_t uid, Instant now);
  Result<std::string> submit(const ApiRequest& request, std::uint32_t uid, Instant now);
  Result<std::string> act(const ApiRequest& request, std::uint32_t uid, Instant now);
  // api_citizen.cc
  Result<std::string> my_case(const ApiRequest& request, Instant now);
  Result<casework::CaseRecord> case_by_code(const Address& at,
                                            const ApiRequest& request,
                                            Instant now);
  Result<std::string> petitioner_acts(const ApiRequest& request,
                                      const casework::CaseRecord& record,
                                      const std::vector<casework::LoopRecord>& loops);
  Result<std::string> give_up(const ApiRequest& request, std::uint32_t uid);  // api_void.cc
  Result<std::string> read(const ApiRequest& request, Instant now);
  Result<std::string> refill(const ApiRequest& request, std::uint32_t uid);
  Result<std::string> recover(const ApiRequest& request, std::uint32_t uid);
  Result<std::string> balance(const ApiRequest& request, std::uint32_t uid);
  Result<Address> hosted(const ApiRequest& request) const;
  Result<Command> command_of(const ApiRequest& request, std::uint32_t uid) const;
  static Status set_fields_and_id(const ApiRequest& request, Command& command);
  bool may_read(std::uint32_t uid) const;
  bool may_carry_in(std::uint32_t uid) const;
  Status keep_identity(const std::string& identity, casework::Content& content, Instant now);

  const NodeConfig& config_;
  std::uint32_t own_uid_;
  Ports ports_;
  std::string not_taking_;
  ApiCounters counters_;
  GuessLimit guesses_;
};

}  // namespace minqing::node
