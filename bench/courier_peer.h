// CourierPeer: the least that is a node to the broker: says hello, answers pings, keeps credit both
// ways. It has no store and no seals: what it sends is shaped like sealed envelopes and receipts,
// which is all a broker reads. So a measurement of the broker is not one of nodes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/address.h"
#include "courier/credit.h"
#include "courier/frame.h"
#include "net/dealer_socket.h"
#include "net/event_loop.h"
#include "seal/system_random.h"

namespace minqing::bench {

class CourierPeer {
 public:
  struct Options {
    std::string node;  // enrolled; its keys are in `keys`
    std::filesystem::path keys;
    std::string endpoint;
    PublicKey server_key;
    DirectoryVersion directory;  // that it says it has: an older one than the broker's is sent one
  };
  /// Dials. Errors: the key file's, the socket's.
  static Result<std::unique_ptr<CourierPeer>> dial(const net::Context& context,
                                                   const Options& options);

  /// Says hello until welcomed and given credit; gives credit itself. Errors: kTimeout,
  /// interruption.
  Status enter(std::chrono::milliseconds patience);

  /// All that has come, answered where the session wants it; envelopes and receipts are the
  /// caller's. Grants credit for the envelopes. Never blocks.
  struct Heard {
    std::vector<courier::SealedEnvelope> envelopes;
    std::vector<courier::BoxedReceipt> receipts;
    std::size_t stored = 0;   // the broker keeps them in a mailbox: not passed through
    std::size_t refused = 0;  // streams
  };
  Result<Heard> hear();

  /// May `count` envelopes of `bytes` go now by the broker's credit?
  bool has_credit(std::size_t count, std::size_t bytes) const;
  /// Spends credit for its envelopes. Errors: kBusy - the socket is full.
  Status send(const courier::Frame& frame);

  const LifeId& life() const { return life_; }
  net::PollHandle poll_handle() const { return socket_.poll_handle(); }

 private:
  CourierPeer(const Options& options, net::DealerSocket socket, const LifeId& life)
      : node_{options.node},
        directory_{options.directory},
        socket_{std::move(socket)},
        life_{life} {}
  Status grant();

  std::string node_;
  DirectoryVersion directory_;
  net::DealerSocket socket_;
  LifeId life_;
  bool is_welcome_ = false;
  courier::CreditPurse purse_;
  courier::CreditMeter meter_;
};

/// A stream of envelopes of one size that a broker cannot tell from sealed ones.
class EnvelopeMaker {
 public:
  /// The whole sealed envelope is as near to `bytes` as its fixed part lets it be, and not smaller.
  EnvelopeMaker(const Address& from, const Address& to, const LifeId& life, std::size_t bytes);
  /// The next of the stream.
  courier::SealedEnvelope make();
  std::size_t bytes() const { return bytes_; }

 private:
  courier::SealedEnvelope make_with(Seq seq, std::size_t box_bytes) const;

  seal::SystemRandom random_;
  Header header_;
  LifeId life_;
  KeyId key_;  // of nobody: no broker looks it up
  std::size_t box_bytes_ = 0;
  std::size_t bytes_ = 0;
  Seq last_;
};

/// The receipt for `envelope` and all before it in its stream.
courier::BoxedReceipt receipt_for(const courier::SealedEnvelope& envelope,
                                  const LifeId& receiver_life);

}  // namespace minqing::bench
