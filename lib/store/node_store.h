// NodeStore: a node's one durable file. Gives the brains their Ledger and CaseBook, and the daemon
// the transaction around them.
//
//   store->begin();
//   ... the brain reads and writes through ledger() and book() ...
//   if (store->is_dirty()) { if (Status s = store->commit(); !s) ... }   // one fsync
//   only now send
//
// Guarantee: after commit() returned ok, the turn is on disk; after anything else, nothing of the
// turn is. kConflict, and everything else: stop,
// alarm, exit (see database.h). Trusts: the caller holds the lock of the state directory.
// One thread. Cost of a commit: one fsync of the WAL; now and then a checkpoint.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "casework/case_book.h"
#include "courier/keep.h"
#include "courier/refill.h"
#include "store/chain.h"
#include "store/database.h"

namespace minqing::store {

/// One incarnation of a store.
struct LifeEntry {
  std::uint64_t number = 0;  // 1, 2, 3 ...
  LifeId life;
  Instant began_at;
  std::string reason;   // "created", "lost", "restored", "set-back", "forked", "by-hand"
  Instant refilled_at;  // none: not yet
};

class NodeStore {
 public:
  struct Options {
    ChainFunction chain;               // store/chain.h
    std::function<LifeId()> new_life;  // random; asked only when the store is created
    /// Of a store that is made now: "created", or "lost" when there was one before. Only the first
    /// has nothing to be refilled with.
    std::string first_reason = "created";
    Instant now;                  // of creation
    std::uint64_t pages_max = 0;  // of 4 KiB; above: "disk full". 0 = no limit
    std::string vfs{};            // tests; empty = the default
  };
  /// Opens, or creates with a fresh life. Errors: those of Database::open.
  static Result<std::unique_ptr<NodeStore>> open(const std::string& path, const Options& options);
  ~NodeStore();
  NodeStore(const NodeStore&) = delete;
  NodeStore& operator=(const NodeStore&) = delete;

  courier::Ledger& ledger();
  casework::CaseBook& book();
  courier::RefillBook& refill();
  courier::KeepBook& keeps();

  void begin();
  /// Ends the turn. What is_dirty() does not call for costs no fsync; soft state rides along with
  /// what does.
  Status commit();
  /// Drops the turn; soft state is kept.
  void rollback();
  /// True when this turn must be committed before anything is sent (or has failed).
  bool is_dirty() const;

  /// Writes soft state alone: at a clean stop, or rarely. Not inside a turn.
  Status flush_soft();
  /// Starts a new life: numbers of out streams begin at 1 again, and the store waits to be refilled
  /// (unless it was just "created"). Commits. Not inside a turn.
  Status begin_life(const LifeId& life, Instant now, const std::string& reason);
  std::vector<LifeEntry> lives();
  Instant created_at();
  /// Retention law: removes a body and keeps its hash. Part of the turn.
  void purge_body(const Address& owner, Pos pos);

  /// For idle moments: moves the WAL into the file when worth while.
  void tidy();
  /// The store's file is not at its path any more: what is committed now would be gone at the end.
  bool has_moved();
  const DatabaseStats& stats() const;

 private:
  struct Parts;
  explicit NodeStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace minqing::store
