#include "bench/load_handler.h"

#include <algorithm>
#include <cstring>

namespace minqing::bench {

using std::chrono::steady_clock;

std::size_t LoadHandler::IdHash::operator()(const LoopId& id) const noexcept {
  std::uint64_t tail = 0;  // the random part of a UUIDv7
  std::memcpy(&tail, id.bytes.data() + 8, sizeof tail);
  return tail;
}

std::uint64_t LoadHandler::room() const {
  const std::uint64_t window = board_->window.load();
  const std::uint64_t open = board_->open.load();
  return window > open ? window - open : 0;
}

std::vector<node::Command> LoadHandler::take_commands(Instant, std::size_t limit) {
  std::vector<node::Command> out;
  const std::uint64_t count = std::min<std::uint64_t>(limit, room());
  if (count == 0) return out;
  turn_began_ = steady_clock::now();
  node::Command command;
  command.act.kind = casework::Kind::kProbe;
  command.act.at = from_;
  command.act.staff = "load";
  command.act.roles = {casework::Role::kAdmin};
  command.act.content.asked = {to_};
  command.act.content.padding = Bytes(board_->padding_bytes.load(), 0x5a);
  out.assign(count, command);
  board_->open.fetch_add(count);
  return out;
}

void LoadHandler::on_outcome(const node::Command&, const Status& outcome) {
  if (outcome) return;
  board_->open.fetch_sub(1);
  board_->failed.fetch_add(1);
}

void LoadHandler::on_loop(const casework::LoopRecord& loop,
                          const std::optional<casework::CaseRecord>&) {
  if (loop.kind != casework::Kind::kProbe || loop.end_held != Side::kAsk) return;
  if (loop.end == casework::LoopEnd::kOpen) {
    began_.try_emplace(loop.loop, turn_began_);
    return;
  }
  const auto began = began_.find(loop.loop);
  if (began == began_.end()) return;  // of an earlier run of this node
  const auto took =
      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - began->second);
  began_.erase(began);
  board_->open.fetch_sub(1);
  if (loop.end != casework::LoopEnd::kResolved) {
    board_->failed.fetch_add(1);
    return;
  }
  const std::uint64_t number = board_->closed.load();
  board_->micros[number % kLoadSamples].store(static_cast<std::uint32_t>(took.count()));
  board_->closed.store(number + 1);
}

std::optional<Instant> LoadHandler::next_deadline() const {
  if (room() == 0) return std::nullopt;
  return Instant{};  // at once
}

}  // namespace minqing::bench
