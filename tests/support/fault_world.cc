#include "tests/support/fault_world.h"

#include <csignal>
#include <stdexcept>

#include <stdlib.h>

#include "cli/express/history.h"

namespace minqing::testing {
namespace {

constexpr const char* kCrashVariable = "MINQING_CRASH_AT";
constexpr std::chrono::seconds kHealing{160};  // a resend timer may be as long as a minute

NodePlan with_demo(NodePlan plan, const char* stage) {
  plan.handlers = {{.address = "*", .kind = "demo", .stage = stage}};
  return plan;
}

/// What a case comes to in this world, beside what it comes to everywhere.
const std::vector<casework::Kind> kWorkedOut{casework::Kind::kDispatch,
                                             casework::Kind::kAssistRequest,
                                             casework::Kind::kResultSubmit,
                                             casework::Kind::kAssistReply,
                                             casework::Kind::kPetitionSubmit,
                                             casework::Kind::kRegister,
                                             casework::Kind::kHandlingOpinion,
                                             casework::Kind::kEvaluation,
                                             casework::Kind::kClose};

}  // namespace

FaultWorld::FaultWorld(Lines lines)
    : sender_{with_demo(office(kSenderName, {kCounty}), "office")},
      receiver_{with_demo(agency(kReceiverName, {kHousing, kEmergency}), "agency")} {
  city_.enroll({sender_, receiver_});
  city_.start_broker();
  if (lines == Lines::kBad) {
    for (NodePlan* plan : {&sender_, &receiver_}) {
      auto line = express::Line::open(city_.network().broker_endpoint());
      if (!line) throw std::runtime_error{line.error().detail};
      plan->dial = line->endpoint();
      lines_.emplace(plan->name, *std::move(line));
    }
  }
  city_.start(receiver_);
  city_.start(sender_);
}

const NodePlan& FaultWorld::plan_of(const std::string& name) const {
  return name == kSenderName ? sender_ : receiver_;
}

void FaultWorld::start(const std::string& name) {
  if (city_.network().has_process(name)) return;
  // Not whether it answers: the next crash point may be on the way there.
  if (name == kBrokerName) {
    (void)city_.network().start_broker(kPatience);
  } else {
    (void)city_.network().start_node(plan_of(name), kPatience);
  }
}

void FaultWorld::start_doomed(const std::string& name, const std::string& point, int nth) {
  if (city_.network().has_process(name)) city_.kill(name);
  ::setenv(kCrashVariable, (point + ":" + std::to_string(nth)).c_str(), 1);
  start(name);
  ::unsetenv(kCrashVariable);
}

bool FaultWorld::is_running(const std::string& name) {
  return city_.network().has_process(name) && city_.network().process(name).is_running();
}

int FaultWorld::reap(const std::string& name) {
  if (!city_.network().has_process(name)) return -SIGKILL;  // it died before its first answer
  const int exit_code = city_.network().process(name).stop(std::chrono::milliseconds{0}).exit_code;
  city_.network().forget(name);
  return exit_code;
}

bool FaultWorld::submit(const std::string& text) {
  const Json set{{"title", "雨棚 " + std::to_string(++submitted_)},
                 {"text", text},
                 {"category", "0101"},
                 {"channel", "VISIT"}};
  const auto answer = city_.try_call(kSenderName, {{"verb", "submit"},
                                                   {"at", kCounty.text()},
                                                   {"as", kStaff},
                                                   {"identity", "张春兰 13900000000"},
                                                   {"set", set}});
  if (!answer) return false;
  accepted_.insert(answer->at("case"));
  return true;
}

std::size_t FaultWorld::closed() {
  std::size_t count = 0;
  for (const Json& row : city_.log(kCounty)) {
    if (row.at("kind") == "CLOSE") ++count;
  }
  return count;
}

std::size_t FaultWorld::open_loops() {
  return city_.call(kSenderName, {{"verb", "status"}}).at("open_loops");
}

// --- the end -------------------------------------------------------------------------------------

bool FaultWorld::has_open_cases() {
  Json next{{"verb", "cases"}, {"at", kCounty.text()}, {"open", true}, {"limit", 500}};
  while (true) {
    const auto page = city_.try_call(kSenderName, next);
    if (!page || !page->at("cases").empty()) return true;
    if (!page->contains("next")) return false;
    next["after"] = page->at("next");
  }
}

bool FaultWorld::is_at_rest() {
  const auto status = city_.try_call(kSenderName, {{"verb", "status"}});
  const auto other = city_.try_call(kReceiverName, {{"verb", "status"}});
  if (!status || !other) return false;
  return status->at("unreceipted") == 0 && other->at("unreceipted") == 0 &&
         status->at("open_loops") == 0 && other->at("open_loops") == 0;
}

bool FaultWorld::is_all_closed() {
  // First what costs the daemons little to say; and again behind the cases, for the closing of the
  // last one is told to those who took part in it.
  return is_at_rest() && !has_open_cases() && is_at_rest();
}

std::vector<std::string> FaultWorld::heal_and_check() {
  for (auto& [name, line] : lines_) line.mend();
  for (const std::string& name : {kBrokerName, kReceiverName, kSenderName}) start(name);
  std::vector<std::string> faults;
  if (!eventually([&] { return is_all_closed(); }, kHealing)) {
    for (const std::string& name : {kSenderName, kReceiverName, kBrokerName}) {
      const auto status = city_.try_call(name, {{"verb", "status"}});
      faults.push_back(
          name + " did not come to rest: " + (status ? status->dump(1) : status.error().detail) +
          "\n" + city_.network().log_tail(name));
    }
    return faults;
  }
  if (!eventually([&] { return city_.mail() == 0; })) faults.emplace_back("mail is left over");
  check_streams(faults);
  check_history(faults);
  for (const std::string& name : {kSenderName, kReceiverName}) {
    if (const std::string said = city_.store_faults(name); !said.empty()) faults.push_back(said);
  }
  return faults;
}

void FaultWorld::check_streams(std::vector<std::string>& faults) {
  for (const std::string& name : {kSenderName, kReceiverName}) {
    const Json streams = city_.call(name, {{"verb", "streams"}});
    if (streams.at("out").empty()) faults.push_back(name + " has sent nothing");
    for (const Json& stream : streams.at("out")) {
      if (stream.at("committed") != stream.at("receipted")) {
        faults.push_back(name + " is not drained: " + stream.dump());
      }
    }
  }
}

void FaultWorld::check_history(std::vector<std::string>& faults) {
  express::History history;
  for (const std::string& name : {kSenderName, kReceiverName}) {
    const Status read = history.add_store(city_.network().dir().node_store(name).string());
    if (!read) faults.push_back("the log of " + name + ": " + read.error().detail);
  }
  const express::HistoryVerdict verdict = history.check(
      {.accepted = accepted_, .unanswered = submitted_ - accepted_.size(), .once = kWorkedOut});
  faults.insert(faults.end(), verdict.examples.begin(), verdict.examples.end());
  if (history.figures().envelopes == 0) faults.emplace_back("nothing was sent");
}

}  // namespace minqing::testing
