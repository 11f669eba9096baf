// Whatever comes between: per session and stream mail comes in order, and all that was kept
// arrives.
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "broker_testing.h"

namespace minqing::broker {
namespace {

using namespace minqing::testing;
using courier::Frame;

/// City and town write to the county, whose node comes, goes, grants and receipts as it likes.
class World {
 public:
  World() {
    broker_.open(9, "3308");
    broker_.open(8, "330824115");
  }

  void step(std::uint8_t choice) {
    switch (choice % 8) {
      case 0:
      case 1: write(kCity, 9, choice); break;
      case 2: write(kTown, 8, choice); break;
      case 3: come(); break;
      case 4: go(); break;
      case 5: grant(choice % 16 < 8 ? 1 : 50); break;
      case 6: receipt(); break;
      case 7: break;  // an empty turn
      default: CHECK(false);
    }
    if (choice % 3 != 0) turn();  // else several things in one turn
  }

  void drain() {
    come();
    grant(100'000);
    for (int i = 0; i < 100; ++i) turn();
  }
  /// Numbers of every stream that were sent to any session.
  const std::map<courier::StreamName, std::set<std::uint64_t>>& arrived() const { return arrived_; }
  std::set<std::uint64_t> written(const courier::StreamName& stream) const {
    std::set<std::uint64_t> out;
    const auto found = last_.find(stream);
    if (found == last_.end()) return out;
    for (std::uint64_t seq = 1; seq <= found->second; ++seq) out.insert(seq);
    return out;
  }
  const std::map<courier::StreamName, std::uint64_t>& streams() const { return last_; }

 private:
  void write(const Address& from, std::uint8_t session, std::uint8_t choice) {
    Letter letter{.from = from, .to = kCounty};
    letter.lane = static_cast<Lane>(choice / 8 % 3);
    letter.side = choice / 24 % 2 == 0 ? Side::kAsk : Side::kAnswer;
    letter.seq = ++last_[stream_of(letter)];
    broker_.post(session, letter);
  }
  void come() {
    if (session_ == 200) return;
    turn();  // what passed through goes to the former session
    session_ = static_cast<std::uint8_t>(session_ + 1);
    live_ = true;
    total_ = 0;
    in_session_.clear();
    broker_.hello(session_, "330824");
    listen();
  }
  void go() {
    if (!live_) return;
    turn();  // what passed through and was not sent is lost: its sender's to send again
    broker_.brain.on_send_failed(PaperBroker::key(session_), SendFailure::kUnroutable, broker_.now);
    // An older session must not be taken for a new one.
    live_ = false;
    for (std::uint8_t older = 10; older < session_; ++older) {
      broker_.brain.on_send_failed(PaperBroker::key(older), SendFailure::kUnroutable, broker_.now);
    }
  }
  void grant(std::uint64_t more) {
    if (!live_) return;
    total_ += more;
    broker_.grant(session_, "330824", total_);
  }
  void receipt() {
    if (!live_) return;
    for (const auto& [stream, seqs] : arrived_) {
      // Cumulative: up to the first hole.
      std::uint64_t upto = 0;
      while (seqs.contains(upto + 1)) ++upto;
      Frame frame;
      frame.receipts.push_back({});
      frame.receipts.back().clear.stream = stream;
      frame.receipts.back().clear.seq = {upto};
      broker_.hear(session_, "330824", std::move(frame));
    }
  }
  void turn() {
    broker_.turn();
    listen();
  }
  void listen() {
    for (const auto& envelope : broker_.all(session_, &Frame::envelopes)) {
      const Header& header = envelope.header;
      const courier::StreamName stream{header.from, header.to, header.lane, header.side,
                                       envelope.transport.life};
      const std::uint64_t seq = envelope.transport.seq.value;
      std::uint64_t& last = in_session_[stream];
      RC_ASSERT(seq > last);
      last = seq;
      arrived_[stream].insert(seq);
    }
  }

  PaperBroker broker_;
  std::uint8_t session_ = 10;
  bool live_ = false;
  std::uint64_t total_ = 0;
  std::map<courier::StreamName, std::uint64_t> last_;        // written
  std::map<courier::StreamName, std::uint64_t> in_session_;  // the last one in this session
  std::map<courier::StreamName, std::set<std::uint64_t>> arrived_;
};

RC_GTEST_PROP(OrderPropertyTest,
              NothingOvertakesAndNothingIsLeftBehind,
              (const std::vector<std::uint8_t>& choices)) {
  World world;
  for (const std::uint8_t choice : choices) world.step(choice);
  world.drain();
  for (const auto& [stream, last] : world.streams()) {
    const auto found = world.arrived().find(stream);
    RC_ASSERT(found != world.arrived().end());
    RC_ASSERT(found->second == world.written(stream));
  }
}

}  // namespace
}  // namespace minqing::broker
