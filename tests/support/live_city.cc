#include "tests/support/live_city.h"

#include <algorithm>
#include <stdexcept>

#include <stdlib.h>

#include "seal/init.h"
#include "tests/support/live_files.h"

namespace minqing::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kPageRows = 500;

fs::path make_root() {
  std::string name = fs::temp_directory_path() / "mq.XXXXXX";  // short: sockets lie in it
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary directory"};
  return name;
}

NodePlan plan(const std::string& name, NodePlan::Program program, std::vector<Address> addresses) {
  NodePlan out;
  out.name = name;
  out.program = program;
  out.addresses = std::move(addresses);
  out.staff = {{.id = kStaff,
                .roles = {"CLERK", "DISPATCHER", "HANDLER", "UNIT_HEAD", "SUPERVISOR", "ADMIN"}}};
  return out;
}

}  // namespace

NodePlan office(const std::string& name, std::vector<Address> addresses) {
  return plan(name, NodePlan::Program::kOffice, std::move(addresses));
}
NodePlan agency(const std::string& name, std::vector<Address> addresses) {
  return plan(name, NodePlan::Program::kAgency, std::move(addresses));
}

LiveCity::LiveCity(const CityOptions& options) : root_{make_root()} {
  if (!seal::init()) throw std::runtime_error{"no randomness"};
  write_network_files(root_ / "files");
  auto opened = express::LiveNetwork::open({.root = root_ / "net",
                                            .network_files = root_ / "files",
                                            .programs = MINQING_BIN_DIR,
                                            .log_level = options.log_level});
  if (!opened) fail("no network: " + opened.error().detail);
  network_ = std::make_unique<express::LiveNetwork>(*std::move(opened));
}

LiveCity::~LiveCity() {
  network_.reset();
  std::error_code ignored;
  if (::getenv("MINQING_KEEP_TEST_DIRS") == nullptr) fs::remove_all(root_, ignored);
}

void LiveCity::fail(const std::string& what) const {
  throw std::runtime_error{what};
}

template <class T>
T LiveCity::must(Result<T> result, const std::string& what) const {
  if (!result) {
    fail(what + ": " + to_string(result.error().code) + ": " + result.error().detail);
  }
  return *std::move(result);
}

void LiveCity::enroll(const std::vector<NodePlan>& plans) {
  for (const NodePlan& plan : plans) {
    for (const Address& address : plan.addresses) hosts_[address] = plan.name;
  }
  must(network_->enroll(plans), "enrol");
}

void LiveCity::start_broker() {
  must(network_->start_broker(kPatience), "start broker");
}

void LiveCity::start(const NodePlan& plan) {
  must(network_->start_node(plan, kPatience), "start " + plan.name);
  must(network_->wait_live(plan.name, kPatience), "session of " + plan.name);
}

void LiveCity::start_all(const std::vector<NodePlan>& plans) {
  enroll(plans);
  start_broker();
  for (const NodePlan& plan : plans) must(network_->start_node(plan, kPatience), "start node");
  for (const NodePlan& plan : plans) must(network_->wait_live(plan.name, kPatience), plan.name);
}

void LiveCity::stop(const std::string& name) {
  const auto stopped = network_->process(name).stop(kPatience);
  if (stopped.exit_code != 0) {
    fail(name + " ended with " + std::to_string(stopped.exit_code) + "\n" + log_of(name));
  }
  network_->forget(name);
}

void LiveCity::kill(const std::string& name) {
  network_->process(name).kill();
  network_->forget(name);
}

Result<Json> LiveCity::try_call(const std::string& node, const Json& request) {
  ASSIGN_OR_RETURN(const std::string answer, node == "broker"
                                                 ? network_->call_broker(request.dump())
                                                 : network_->call_node(node, request.dump()));
  Json json = Json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.value("ok", false)) {
    return Error{Errc::kCorrupt, "no good answer: " + answer};
  }
  return json;
}

Json LiveCity::call(const std::string& node, const Json& request) {
  auto answer = try_call(node, request);
  if (!answer) {
    fail(node + " to " + request.dump() + ": " + answer.error().detail + "\n" +
         network_->log_tail(node));
  }
  return *std::move(answer);
}

Json LiveCity::broker(const Json& request) {
  return call("broker", request);
}

std::string LiveCity::node_of(const Address& at) const {
  const auto found = hosts_.find(at);
  if (found == hosts_.end()) fail(at.text() + " is not enrolled in this test");
  return found->second;
}

std::string LiveCity::log_of(const std::string& name) const {
  constexpr std::size_t kAll = 1'000'000;
  return network_->log_tail(name, kAll);
}

// --- casework ------------------------------------------------------------------------------------

std::string LiveCity::submit(const Address& at, const std::string& title) {
  const Json set{{"title", title},
                 {"text", title + "被拆除,请求恢复"},
                 {"category", "0101"},
                 {"channel", "VISIT"}};
  return call(node_of(at),
              {{"verb", "submit"}, {"at", at.text()}, {"as", kStaff}, {"set", set}})["case"];
}

Json LiveCity::act(const Address& at,
                   const std::string& kind,
                   const std::string& case_id,
                   const Json& set) {
  Json request{{"verb", "act"}, {"at", at.text()}, {"as", kStaff}, {"kind", kind}, {"set", set}};
  if (!case_id.empty()) request["case"] = case_id;
  return call(node_of(at), request)["entries"];
}

std::string LiveCity::dispatch(const Address& at, const Address& lead, const std::string& title) {
  const std::string case_id = submit(at, title);
  act(at, "REGISTER", case_id, {{"nature", "APPEAL"}, {"category", "0101"}});
  act(at, "DISPATCH", case_id, {{"asked", lead.text()}});
  return case_id;
}

std::string LiveCity::probe(const Address& from, const Address& to) {
  return act(from, "PROBE", "", {{"asked", to.text()}}).at(0).at("loop");
}

std::vector<Json> LiveCity::loops(const Address& at, const std::string& case_id) {
  const Json answer = call(
      node_of(at), {{"verb", "loops"}, {"at", at.text()}, {"which", "all"}, {"limit", kPageRows}});
  std::vector<Json> out;
  for (const Json& loop : answer.at("loops")) {
    if (case_id.empty() || loop.at("case") == case_id) out.push_back(loop);
  }
  return out;
}

std::vector<Json> LiveCity::log(const Address& at, const std::string& case_id) {
  Json request{{"verb", "log"}, {"at", at.text()}, {"limit", kPageRows}};
  if (!case_id.empty()) request["case"] = case_id;
  std::vector<Json> out;
  for (Json answer = call(node_of(at), request);; answer = call(node_of(at), request)) {
    for (const Json& row : answer.at("rows")) out.push_back(row);
    if (!answer.contains("next")) return out;
    request["after"] = answer.at("next");
  }
}

void LiveCity::wait_asked(const Address& at, const std::string& case_id) {
  const auto is_asked = [&] {
    return std::ranges::any_of(loops(at, case_id), [](const Json& loop) {
      return loop.at("end") == "open" && loop.at("end_held") == "answer";
    });
  };
  if (!eventually(is_asked)) {
    fail(at.text() + " is not asked in " + case_id + "\n" + network_->log_tail(node_of(at)));
  }
}

std::vector<std::string> LiveCity::wait_ended(const Address& at, const std::string& case_id) {
  std::vector<std::string> ends;
  const bool have_ended = eventually([&] {
    ends.clear();
    for (const Json& loop : loops(at, case_id)) ends.push_back(loop.at("end"));
    return !ends.empty() && std::ranges::find(ends, "open") == ends.end();
  });
  if (!have_ended) fail(case_id + " stays open at " + at.text() + "\n" + log_of(node_of(at)));
  return ends;
}

std::string LiveCity::wait_loop(const Address& at, const std::string& loop) {
  std::string end = "unknown";
  const bool has_ended = eventually([&] {
    for (const Json& row : loops(at)) {
      if (row.at("loop") == loop) end = row.at("end");
    }
    return end != "unknown" && end != "open";
  });
  if (!has_ended) fail("loop " + loop + " of " + at.text() + " is " + end);
  return end;
}

void LiveCity::wait_drained(const std::string& node) {
  const auto unreceipted = [&]() -> std::uint64_t {
    return call(node, {{"verb", "status"}}).at("unreceipted");
  };
  if (!eventually([&] { return unreceipted() == 0; })) {
    fail(node + " has " + std::to_string(unreceipted()) + " envelopes without receipt\n" +
         call(node, {{"verb", "status"}}).dump(2) + network_->log_tail(node));
  }
}

// --- figures and tools ---------------------------------------------------------------------------

std::uint64_t LiveCity::broker_counter(const std::string& name) {
  return node_counter("broker", name);
}

std::uint64_t LiveCity::node_counter(const std::string& node, const std::string& name) {
  const Json status = call(node, {{"verb", "status"}});
  const Json& counters = status.at("counters");
  if (!counters.contains(name)) fail(node + " counts no " + name + ": " + counters.dump(2));
  return counters.at(name).get<std::uint64_t>();
}

std::uint64_t LiveCity::mail() {
  return broker({{"verb", "status"}}).at("mail").at("envelopes");
}

ProgramRun LiveCity::minqing(std::vector<std::string> arguments, const std::string& input) {
  arguments.insert(arguments.end(), {"--dir", network_root().string()});
  return run_program(program_path("minqing"), arguments, {.input = input});
}

std::string LiveCity::store_faults(const std::string& node) {
  const std::string store = network_->dir().node_store(node).string();
  std::string faults;
  const ProgramRun verify = minqing({"verify", "--store", store});
  if (verify.exit_code != 0) faults += "verify: " + verify.out + verify.err;
  const ProgramRun rebuild = minqing({"rebuild", "--check", "--store", store});
  if (rebuild.exit_code != 0) faults += "rebuild --check: " + rebuild.out + rebuild.err;
  return faults;
}

std::vector<std::string> files_with(const fs::path& root, const std::string& text) {
  std::vector<std::string> out;
  for (const auto& item : fs::recursive_directory_iterator{root}) {
    if (item.is_regular_file() && read_text(item.path()).find(text) != std::string::npos) {
      out.push_back(fs::relative(item.path(), root));
    }
  }
  return out;
}

}  // namespace minqing::testing
