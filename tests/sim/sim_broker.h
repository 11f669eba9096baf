// SimBroker: the broker's real brain and mailbox store in a shell of the simulation: the turn of
// broker/daemon.cc over a simulated network, disk and clock.
#pragma once

#include <deque>
#include <memory>

#include "broker/brain.h"
#include "store/mailbox_store.h"
#include "tests/sim/city.h"
#include "tests/sim/process.h"

namespace minqing::sim {

class SimBroker final : public Process {
 public:
  SimBroker(World world, const City& city, std::size_t index, std::uint64_t seed);
  ~SimBroker() override;

  void on_frame(LineName line, Bytes connection, Bytes frame);
  /// Dies, loses its disk, and starts anew.
  void wipe();
  /// Whose mail it is, a line each mailbox.
  std::string mail_words();
  /// What was found readable of what people wrote, ever. Must be false.
  bool has_leaked();

 private:
  struct Received {
    LineName line;
    Bytes connection;
    Bytes frame;
  };

  Status open() override;
  void close() override;
  void turn(Instant now) override;
  void lose_network() override;
  void join_network() override;
  void hear(Instant now);

  const City& city_;
  std::size_t index_;
  bool has_leaked_ = false;
  std::unique_ptr<store::MailboxStore> mailboxes_;
  std::unique_ptr<broker::Brain> brain_;
  std::deque<Received> inbox_;
};

}  // namespace minqing::sim
