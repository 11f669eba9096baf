// LiveCity: a small network on this machine with real daemons, for tests: a city, two counties, a
// township, two villages, four agencies. Everything lies in a directory that goes with the test.
//
// What cannot be done throws std::runtime_error with the daemon's words (and the tail of its log),
// so a test fails at the line that asked. One thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/express/live_network.h"
#include "tests/support/live_program.h"
#include "tests/support/live_wait.h"

namespace minqing::testing {

using Json = nlohmann::json;
using express::NodePlan;

inline const Address kCity = Address::of("3308");
inline const Address kCounty = Address::of("330824");
inline const Address kOtherCounty = Address::of("330825");
inline const Address kTown = Address::of("330824115");
inline const Address kVillage1 = Address::of("330824115201");
inline const Address kVillage2 = Address::of("330824115202");
inline const Address kHousing = Address::of("housing@330824");
inline const Address kEmergency = Address::of("emergency@330824");
inline const Address kDiscipline = Address::of("discipline@330824");
inline const Address kFarAgency = Address::of("housing@330825");

inline constexpr const char* kStaff = "li";  // has every role, at every node

/// A node that hosts `addresses`, with one clerk who may do everything.
NodePlan office(const std::string& name, std::vector<Address> addresses);
NodePlan agency(const std::string& name, std::vector<Address> addresses);

struct CityOptions {
  std::string log_level = "info";
};

class LiveCity {
 public:
  explicit LiveCity(const CityOptions& options = {});
  ~LiveCity();
  LiveCity(const LiveCity&) = delete;
  LiveCity& operator=(const LiveCity&) = delete;

  express::LiveNetwork& network() { return *network_; }
  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path network_root() const { return network_->dir().root(); }

  void enroll(const std::vector<NodePlan>& plans);
  void start_broker();
  /// Starts it and waits for its session.
  void start(const NodePlan& plan);
  /// Enrols all, starts the broker and all.
  void start_all(const std::vector<NodePlan>& plans);
  /// SIGTERM; throws unless it ends with exit code 0.
  void stop(const std::string& name);
  void kill(const std::string& name);

  /// The whole answer; throws when it is an error.
  Json call(const std::string& node, const Json& request);
  Json broker(const Json& request);
  Result<Json> try_call(const std::string& node, const Json& request);

  /// The case's id.
  std::string submit(const Address& at, const std::string& title = "雨棚");
  /// The entries.
  Json act(const Address& at,
           const std::string& kind,
           const std::string& case_id,
           const Json& set = Json::object());
  /// PETITION_SUBMIT, REGISTER and DISPATCH (to `lead`); the case's id.
  std::string dispatch(const Address& at, const Address& lead, const std::string& title = "雨棚");
  /// A probe; its loop's id.
  std::string probe(const Address& from, const Address& to);

  /// All loops of `at`, oldest page only; of one case when it is given.
  std::vector<Json> loops(const Address& at, const std::string& case_id = {});
  std::vector<Json> log(const Address& at, const std::string& case_id = {});
  /// Waits until `at` has an open loop of the case which it must answer.
  void wait_asked(const Address& at, const std::string& case_id);
  /// Waits until the case's loops at `at` (at least one) have all ended, and gives how.
  std::vector<std::string> wait_ended(const Address& at, const std::string& case_id);
  /// Waits until that loop has ended, and says how.
  std::string wait_loop(const Address& at, const std::string& loop);
  /// Waits until the node has nothing that its peers have not receipted.
  void wait_drained(const std::string& node);

  std::uint64_t broker_counter(const std::string& name);
  std::uint64_t node_counter(const std::string& node, const std::string& name);
  std::uint64_t mail();  // envelopes in the broker's mailboxes

  /// `minqing ARGUMENTS --dir ...`, as a shell would run it.
  ProgramRun minqing(std::vector<std::string> arguments, const std::string& input = {});
  /// The node's store, found whole by `verify` and `rebuild --check`; what they say otherwise.
  std::string store_faults(const std::string& node);

  std::string node_of(const Address& at) const;
  std::string log_of(const std::string& name) const;

 private:
  [[noreturn]] void fail(const std::string& what) const;
  template <class T>
  T must(Result<T> result, const std::string& what) const;

  std::filesystem::path root_;
  std::map<Address, std::string> hosts_;
  std::unique_ptr<express::LiveNetwork> network_;
};

/// Every file under `root` that holds `text`.
std::vector<std::string> files_with(const std::filesystem::path& root, const std::string& text);

}  // namespace minqing::testing
