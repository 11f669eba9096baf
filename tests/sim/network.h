// Network: lines between nodes and brokers, as ZeroMQ over TCP gives them, and their faults.
//
// A line is a node's DEALER socket to one broker. It dials by itself; each time it gets through, a
// new connection begins, which the broker knows by a new name and the node does not notice. Within
// a connection frames keep their order. When it ends, each direction loses the end of what was on
// its way; what does arrive of it may come after the first frames of the next connection.
// Faults beyond that: single frames lost, sent twice, changed; junk before the hello.
// One thread; everything happens on the Timeline.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/ids.h"
#include "tests/sim/faults.h"
#include "tests/sim/seeded_random.h"
#include "tests/sim/timeline.h"

namespace minqing::sim {

enum class Way : std::uint8_t { kUp = 0, kDown = 1 };  // node to broker, broker to node

struct LineName {
  std::size_t node = 0;
  std::size_t broker = 0;
};

/// Where frames come out.
struct Ends {
  std::function<void(LineName line, Bytes connection, Bytes frame)> at_broker;
  std::function<void(LineName line, Bytes frame)> at_node;
};

/// How bad the weather is on all lines, per mille of frames.
struct Weather {
  std::uint64_t loss = 0;
  std::uint64_t repeat = 0;
  std::uint64_t tampered = 0;
  std::uint64_t junk_first = 0;  // of new connections
};

class Network {
 public:
  Network(Timeline& timeline, SeededRandom& random, FaultTally& tally, LineName size, Ends ends);

  // --- the processes' side -----------------------------------------------------------------------
  /// The node opens (or reopens) its socket: a former connection is gone.
  void dial(LineName line);
  void hang_up(LineName line);
  void broker_up(std::size_t broker);
  void broker_down(std::size_t broker);
  enum class Sent { kYes, kNo };  // kNo: no connection, or its queue is full
  Sent send_up(LineName line, Bytes frame);
  Sent send_down(std::size_t broker, const Bytes& connection, Bytes frame);

  // --- faults ------------------------------------------------------------------------------------
  void set_weather(const Weather& weather) { weather_ = weather; }
  /// Nothing passes that way for so long; kUp and kDown one after the other is a cut.
  void block(LineName line, Way way, Micros duration);
  /// Every frame of the line takes that much longer.
  void slow(LineName line, Micros delay) { at(line).extra = delay; }
  /// The node's queue takes no more for so long, though the connection stands.
  void fill(LineName line, Micros duration) { at(line).full_until = timeline_.now() + duration; }
  /// The connection breaks; the line dials anew.
  void reset(LineName line);
  /// Ends all faults.
  void heal();

 private:
  struct Direction {
    std::uint64_t sent = 0;
    std::uint64_t kept = ~std::uint64_t{0};  // frames beyond this never arrive
    std::vector<Bytes> held;                 // while blocked
  };
  struct Connection {
    std::uint64_t number = 0;
    LineName line;
    std::uint64_t socket = 0;  // of the node
    bool is_open = true;
    Micros linger{0};  // once it is closed: how much later the rest of it arrives
    std::array<Direction, 2> ways;
  };
  using ConnectionPtr = std::shared_ptr<Connection>;
  struct Line {
    bool is_dialled = false;   // the node has a socket
    std::uint64_t socket = 0;  // which one: each dial makes a new one
    std::uint64_t dial = 0;    // a dial that was overtaken does nothing
    ConnectionPtr connection;
    std::array<Instant, 2> blocked_until;
    std::array<Instant, 2> last_due;
    std::uint64_t newest_heard = 0;  // the newest connection that the broker heard a frame of
    Instant full_until;
    Micros extra{0};
  };

  Line& at(LineName line) { return lines_.at(line.node * size_.broker + line.broker); }
  bool is_blocked(Line& line, Way way) const;
  void connect_later(LineName name, Micros delay);
  void connect(LineName name);
  void close(Line& line);
  void send(const ConnectionPtr& connection, Way way, Bytes frame);
  void travel(const ConnectionPtr& connection, Way way, Bytes frame);
  void arrive(const ConnectionPtr& connection, Way way, std::uint64_t number, const Bytes& frame);
  void hand_over(const ConnectionPtr& connection, Way way, const Bytes& frame);
  void unblock(LineName name, Way way);
  void junk(const ConnectionPtr& connection, Way way);
  Bytes tampered(const Bytes& frame);
  static Bytes name_of(const Connection& connection);

  Timeline& timeline_;
  SeededRandom& random_;
  FaultTally& tally_;
  LineName size_;
  Ends ends_;
  Weather weather_;
  std::vector<Line> lines_;
  std::vector<bool> broker_is_up_;
  std::uint64_t connections_ = 0;
  std::map<std::uint64_t, ConnectionPtr> by_number_;  // the open ones
};

}  // namespace minqing::sim
