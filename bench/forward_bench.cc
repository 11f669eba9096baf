#include "bench/forward_bench.h"

#include <array>
#include <atomic>
#include <thread>

#include "bench/forward_line.h"
#include "bench/network.h"
#include "bench/statistics.h"
#include "core/limits.h"
#include "net/event_loop.h"

namespace minqing::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* kForwardBench = "forward";
constexpr std::array<std::size_t, 3> kSizes{512, 1'024, 16 * 1'024};
constexpr std::size_t kBatchMax = 64;
constexpr std::size_t kWindowMax = limits::kWindowEnvelopesMax;
constexpr std::size_t kWindowBytes = 4ULL << 20U;
constexpr Micros kPollAgain{10'000};
constexpr milliseconds kStall{10'000};

/// The receiver's thread, while it lives.
class Receiver {
 public:
  explicit Receiver(ForwardLine& line) : thread_{[this, &line] { run(line); }} {}
  ~Receiver() {
    is_stopping_.store(true);
    thread_.join();
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  bool has_failed() const { return has_failed_.load(); }

 private:
  void run(ForwardLine& line) {
    net::Poller poller;
    while (!is_stopping_.load()) {
      if (!line.serve()) {
        has_failed_.store(true);
        return;
      }
      poller.clear();
      poller.watch(line.receiver_handle());
      poller.wait(kPollAgain);
    }
  }
  std::atomic<bool> is_stopping_{false};
  std::atomic<bool> has_failed_{false};
  std::thread thread_;
};

struct Shape {
  std::size_t bytes = 0;
  std::size_t batch = 1;   // messages in a frame
  std::size_t window = 1;  // messages not confirmed yet
};

struct Outcome {
  double messages_per_second = 0;
  std::vector<double> micros;  // when the window is 1
};

Status wait_for_news(ForwardLine& line, const Receiver& receiver, steady_clock::time_point since) {
  if (interrupted()) return interruption();
  if (receiver.has_failed()) {
    return Error{Errc::kUnavailable, "the receiver behind the " + line.name() + " failed"};
  }
  if (steady_clock::now() - since > kStall) {
    return Error{Errc::kTimeout, "nothing comes through the " + line.name()};
  }
  net::Poller poller;
  poller.watch(line.sender_handle());
  poller.wait(kPollAgain);
  return ok();
}

/// Until `confirmed` messages are.
Status settle(ForwardLine& line, const Receiver& receiver, std::uint64_t confirmed) {
  const auto begin = steady_clock::now();
  while (true) {
    ASSIGN_OR_RETURN(const std::uint64_t now, line.confirmed());
    if (now >= confirmed) return ok();
    RETURN_IF_ERROR(wait_for_news(line, receiver, begin));
  }
}

Result<Outcome> run(ForwardLine& line, const Shape& shape, milliseconds time) {
  const Receiver receiver{line};
  line.begin(shape.bytes);
  Outcome out;
  const auto warm = steady_clock::now() + time / 10;
  auto begin = steady_clock::now();
  std::uint64_t sent = 0;
  std::uint64_t first = 0;
  std::uint64_t known = 0;
  bool is_measuring = false;
  auto news_at = begin;
  auto sent_at = begin;
  while (true) {
    ASSIGN_OR_RETURN(const std::uint64_t confirmed, line.confirmed());
    const auto now = steady_clock::now();
    if (confirmed != known) {
      news_at = now;
      known = confirmed;
      if (is_measuring && shape.window == 1) {
        out.micros.push_back(std::chrono::duration<double, std::micro>(now - sent_at).count());
      }
    }
    if (!is_measuring && now >= warm) {
      is_measuring = true;
      begin = now;
      first = confirmed;
    }
    if (is_measuring && now >= begin + time) {
      const double seconds = std::chrono::duration<double>(now - begin).count();
      out.messages_per_second = static_cast<double>(confirmed - first) / seconds;
      break;
    }
    bool is_sending = false;
    if (sent - confirmed + shape.batch <= shape.window) {
      sent_at = steady_clock::now();
      ASSIGN_OR_RETURN(is_sending, line.send(shape.batch));
      if (is_sending) sent += shape.batch;
    }
    if (!is_sending) RETURN_IF_ERROR(wait_for_news(line, receiver, news_at));
  }
  RETURN_IF_ERROR(settle(line, receiver, sent));
  return out;
}

/// Two nodes with sessions: a county and its housing bureau.
Result<std::unique_ptr<ForwardLine>> make_courier_line(express::LiveNetwork& network,
                                                       const net::Context& sender_context,
                                                       const net::Context& receiver_context) {
  const Address from = Address::of("330824");
  const Address to = Address::of("housing@330824");
  RETURN_IF_ERROR(network.enroll({make_plan("sender", {from}), make_plan("receiver", {to})}));
  RETURN_IF_ERROR(network.start_broker(kPatience));
  ASSIGN_OR_RETURN(auto sender, dial_broker(network, sender_context, "sender"));
  ASSIGN_OR_RETURN(auto receiver, dial_broker(network, receiver_context, "receiver"));
  RETURN_IF_ERROR(sender->enter(kPatience));
  RETURN_IF_ERROR(receiver->enter(kPatience));
  return std::unique_ptr<ForwardLine>{std::make_unique<CourierLine>(
      CourierLine::End{std::move(sender), from}, CourierLine::End{std::move(receiver), to})};
}

std::string size_name(std::size_t bytes) {
  return bytes < 1'024 ? std::to_string(bytes) + " B" : std::to_string(bytes / 1'024) + " KiB";
}

struct Case {
  std::string name;
  Shape shape;
};

std::vector<Case> all_cases() {
  std::vector<Case> out;
  for (const std::size_t bytes : kSizes) {
    const std::size_t window = std::min(kWindowMax, kWindowBytes / bytes);
    const std::size_t batch = std::min(kBatchMax, limits::kFrameBytesTarget / bytes);
    out.push_back({size_name(bytes) + ", one a frame", {bytes, 1, window}});
    out.push_back(
        {size_name(bytes) + ", " + std::to_string(batch) + " a frame", {bytes, batch, window}});
    out.push_back({size_name(bytes) + ", one at a time", {bytes, 1, 1}});
  }
  return out;
}

void declare(Figures& figures, const std::vector<Case>& cases, const std::string& reference) {
  for (const Case& of : cases) {
    if (of.shape.window > 1) {
      figures.declare(kForwardBench, of.name, "messages/s", {reference});
    } else {
      figures.declare(kForwardBench, of.name + ": there and back, p50", "µs", {reference});
      figures.declare(kForwardBench, of.name + ": there and back, p99", "µs", {reference});
    }
  }
}

void add(Figures& figures, const Case& of, const std::string& who, const Outcome& outcome) {
  if (of.shape.window > 1) {
    figures.add(kForwardBench, of.name, "messages/s", who, outcome.messages_per_second);
    return;
  }
  figures.add(kForwardBench, of.name + ": there and back, p50", "µs", who,
              quantile(outcome.micros, 0.5));
  figures.add(kForwardBench, of.name + ": there and back, p99", "µs", who,
              quantile(outcome.micros, 0.99));
}

}  // namespace

Status bench_forward(const Workspace& workspace,
                     const Options& options,
                     Shuffle& shuffle,
                     Figures& figures) {
  ASSIGN_OR_RETURN(auto network, open_network(workspace, "forward", options.network_files));
  ASSIGN_OR_RETURN(const auto sender_context, net::Context::make({}));
  ASSIGN_OR_RETURN(const auto receiver_context, net::Context::make({}));
  ASSIGN_OR_RETURN(auto courier, make_courier_line(network, sender_context, receiver_context));
  ASSIGN_OR_RETURN(const BareRouter router, BareRouter::start(workspace));
  BareLine bare{router};
  RETURN_IF_ERROR(bare.enter(kPatience));
  const std::array<ForwardLine*, 2> lines{courier.get(), &bare};
  const std::vector<Case> cases = all_cases();
  declare(figures, cases, bare.name());
  for (int round = 0; round < options.rounds; ++round) {
    for (const std::size_t turn : shuffle.order(cases.size() * lines.size())) {
      const Case& of = cases[turn / lines.size()];
      ForwardLine& line = *lines[turn % lines.size()];
      ASSIGN_OR_RETURN(const Outcome outcome, run(line, of.shape, options.measure_time / 2));
      add(figures, of, line.name(), outcome);
    }
  }
  return ok();
}

}  // namespace minqing::bench
