#include "bench/express_loop.h"

#include <nlohmann/json.hpp>

namespace minqing::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* kAsking = "asking";
constexpr const char* kAnswering = "answering";
constexpr milliseconds kLoopPatience{20'000};

const Address kFrom = Address::of("330824");        // a county
const Address kTo = Address::of("housing@330824");  // its housing bureau

}  // namespace

Result<std::unique_ptr<ExpressLoop>> ExpressLoop::start(const Workspace& workspace,
                                                        const std::filesystem::path& network_files,
                                                        std::uint32_t padding) {
  ASSIGN_OR_RETURN(auto network, open_network(workspace, "loop", network_files));
  const std::filesystem::path board_file = workspace.file("loop.board");
  ASSIGN_OR_RETURN(auto board, SharedFile<LoadBoard>::create(board_file));
  board->padding_bytes.store(padding);
  std::vector<FlushCounter> counters;
  for (const char* process : kProcesses) {
    ASSIGN_OR_RETURN(auto counter, FlushCounter::make(workspace, process));
    counters.push_back(std::move(counter));
  }
  std::unique_ptr<ExpressLoop> loop{
      new ExpressLoop{std::move(network), std::move(board), std::move(counters)}};
  RETURN_IF_ERROR(loop->start_all(board_file));
  return loop;
}

Status ExpressLoop::start_all(const std::filesystem::path& board_file) {
  const express::NodePlan asking = make_plan(kAsking, {kFrom});
  express::NodePlan answering = make_plan(kAnswering, {kTo});
  answering.program = express::NodePlan::Program::kAgency;
  RETURN_IF_ERROR(network_.enroll({asking, answering}));
  {
    const Environment counted = counters_.at(1).environment();
    RETURN_IF_ERROR(network_.start_broker(kPatience));
  }
  {
    const Environment counted = counters_.at(2).environment();
    RETURN_IF_ERROR(network_.start_node(answering, kPatience));
  }
  {
    const Environment counted = counters_.at(0).environment();
    const Environment load{{kLoadBoardVariable, board_file.string()},
                           {kLoadFromVariable, kFrom.text()},
                           {kLoadToVariable, kTo.text()}};
    ASSIGN_OR_RETURN(asking_, start_program(network_, asking, "minqing-bench-node"));
  }
  RETURN_IF_ERROR(network_.wait_live(kAnswering, kPatience));
  RETURN_IF_ERROR(
      wait_until("the asking node answers", kPatience, [&] { return wake().has_value(); }));
  board_->window.store(1);
  RETURN_IF_ERROR(wake());
  RETURN_IF_ERROR(wait_closed(1));
  board_->window.store(0);
  return ok();
}

/// Any call gives the node a turn, in which it reads the board.
Status ExpressLoop::wake() {
  RETURN_IF_ERROR(network_.call_node(kAsking, R"({"verb":"status"})"));
  return ok();
}

Status ExpressLoop::wait_closed(std::uint64_t loops) {
  Status closed =
      wait_until("loops close", kLoopPatience, [&] { return board_->closed.load() >= loops; });
  if (closed || interrupted()) return closed;
  return Error{closed.error().code, closed.error().detail + "\nasking node:\n" +
                                        network_.log_tail(kAsking) + "broker:\n" +
                                        network_.log_tail("broker")};
}

std::vector<FlushCounter::Reading> ExpressLoop::read_flushes() const {
  std::vector<FlushCounter::Reading> out;
  for (const FlushCounter& counter : counters_) out.push_back(counter.read());
  return out;
}

Result<LoopRound> ExpressLoop::run(std::uint32_t window, milliseconds time) {
  board_->window.store(window);
  RETURN_IF_ERROR(wake());
  RETURN_IF_ERROR(wait_closed(board_->closed.load() + 1));
  RETURN_IF_ERROR(pass(kWarmUp));
  const auto flushes_before = read_flushes();
  const std::uint64_t first = board_->closed.load();
  const auto begin = steady_clock::now();
  RETURN_IF_ERROR(pass(time));
  const std::uint64_t last = board_->closed.load();
  const auto end = steady_clock::now();
  const auto flushes_after = read_flushes();
  board_->window.store(0);
  RETURN_IF_ERROR(
      wait_until("the last loops close", kLoopPatience, [&] { return board_->open.load() == 0; }));
  if (board_->failed.load() != 0) {
    return Error{Errc::kConflict, std::to_string(board_->failed.load()) +
                                      " loops were refused or ended without their reply:\n" +
                                      network_.log_tail(kAsking)};
  }
  if (last - first > kLoadSamples || last == first) {
    return Error{Errc::kInvalid,
                 "measured " + std::to_string(last - first) + " loops: choose another --seconds"};
  }
  LoopRound round;
  round.loops = last - first;
  round.seconds = std::chrono::duration<double>(end - begin).count();
  for (std::uint64_t number = first; number < last; ++number) {
    round.micros.push_back(board_->micros.at(number % kLoadSamples).load());
  }
  for (std::size_t i = 0; i < kProcesses.size(); ++i) {
    const std::uint64_t all = flushes_after[i].all - flushes_before[i].all;
    round.flushes += all;
    round.log_flushes += flushes_after[i].of_log - flushes_before[i].of_log;
    round.flushes_by_process.push_back({kProcesses.at(i), all});
  }
  return round;
}

Result<std::size_t> ExpressLoop::envelope_bytes() {
  ASSIGN_OR_RETURN(const std::string answer, network_.call_broker(R"({"verb":"status"})"));
  const auto status = nlohmann::json::parse(answer, nullptr, /*allow_exceptions=*/false);
  const auto counters = status.value("counters", nlohmann::json::object());
  const auto bytes = counters.value("envelope_bytes_received", std::uint64_t{0});
  const auto envelopes = counters.value("envelopes_received", std::uint64_t{0});
  if (envelopes == 0) return Error{Errc::kNotFound, "the broker has counted no envelopes"};
  return bytes / envelopes;
}

}  // namespace minqing::bench
