// Counting a store's loops against its log, and its streams against the other end's. Read-only.
//
// Local balance: for each link (owner, peer) and end, what the log says (requests, and those of
// them that something in the log ended) and what the views say (loops, ended, open). Balanced:
// requests = finals + open, and views and log agree.
// Between two stores: leaves of a stream by number (courier/balance.h compares them).
// Leaves are computed anew over the bytes held, so damage shows; a purged body's is the stored one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "courier/balance.h"
#include "courier/ledger.h"
#include "store/database.h"

namespace minqing::store {

struct BalanceLine {
  Address owner;
  Address peer;
  Side end_held = Side::kAsk;  // kAsk: owner asked
  std::uint64_t requests = 0;  // in the log
  std::uint64_t finals = 0;    // of them, ended by a row of the log
  std::uint64_t loops = 0;     // in the views
  std::uint64_t loops_ended = 0;
  std::uint64_t loops_open = 0;
  bool is_balanced() const {
    return requests == finals + loops_open && requests == loops && finals == loops_ended;
  }
};

/// The leaf over a row's header, salt and body (seal/leaf.h).
using LeafFunction = std::function<Leaf(ByteView header, const Salt& salt, ByteView body)>;

/// One row as held here.
struct HeldRow {
  Seq seq;
  MessageId id;
  Leaf leaf;                // computed
  bool is_damaged = false;  // it is not the one that was stored
};

class BalanceReader {
 public:
  /// Errors: those of Database::open.
  static Result<std::unique_ptr<BalanceReader>> open(const std::string& path, LeafFunction leaf);
  ~BalanceReader();
  BalanceReader(const BalanceReader&) = delete;
  BalanceReader& operator=(const BalanceReader&) = delete;

  /// By owner, peer and end. Reads the whole log's index once.
  Result<std::vector<BalanceLine>> lines();
  Result<std::vector<Address>> owners();
  /// Streams of every life: those that went out, and those that came in (by their cursors).
  Result<std::vector<courier::BalanceStream>> streams_out();
  Result<std::vector<courier::BalanceStream>> streams_in();
  /// How far an incoming stream was taken in; none: nothing came.
  Result<Seq> cursor(const courier::BalanceStream& stream);
  /// Rows of one range, kOut: as its sender, kIn: as its receiver.
  Result<std::vector<HeldRow>> rows(const courier::BalanceStream& stream,
                                    courier::Direction direction,
                                    Seq first,
                                    Seq last);
  /// Whether that envelope is held, under whatever number or life.
  Result<bool> holds(const courier::BalanceStream& stream,
                     courier::Direction direction,
                     const MessageId& id);

 private:
  struct Parts;
  explicit BalanceReader(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace minqing::store
