#include "store/verify.h"

#include <algorithm>
#include <map>
#include <set>

#include "casework/kinds.h"
#include "store/node_schema.h"

namespace minqing::store {
namespace {

using courier::Direction;
using courier::LogRow;
using courier::StreamKey;

constexpr std::uint64_t kProgressRows = 10'000;

enum class HasBody { kYes, kPurged };

class Verifier {
 public:
  Verifier(Database& db, const VerifyOptions& options) : db_{db}, options_{options} {}

  Status run() {
    load_lives();
    if (options_.pages == PageCheck::kRun) check_pages();
    const std::uint64_t total = count_rows();
    Statement all{db_, kLogSelect + "ORDER BY l.owner, l.pos"};
    Rows rows = all.rows();
    while (!is_full() && rows.next()) {
      const StoredRow stored = read_log_row(rows);
      if (db_.has_failed()) break;
      check(stored);
      ++report_.rows;
      if (options_.progress && report_.rows % kProgressRows == 0) {
        options_.progress(report_.rows, total);
      }
    }
    check_cursors();
    if (options_.progress) options_.progress(report_.rows, total);
    if (!db_.has_failed()) return ok();
    return Error{db_.failure()->code, "after " + std::to_string(report_.rows) +
                                          " rows of the log: " + db_.failure()->detail};
  }
  VerifyReport take() { return std::move(report_); }

 private:
  bool is_full() const { return report_.findings.size() >= options_.findings_max; }

  void find(const LogRow& row, const std::string& what) {
    report_.findings.push_back("log of " + row.owner.text() + ", position " +
                               std::to_string(row.pos.value) + ": " + what);
  }

  void load_lives() {
    Statement lives{db_, "SELECT number, life FROM lives"};
    Rows rows = lives.rows();
    while (rows.next()) {
      lives_[rows.get<LifeId>(1)] = rows.integer(0);
      newest_life_ = std::max(newest_life_, rows.integer(0));
    }
    Statement carried{db_, "SELECT owner, peer, lane, side, life, seq FROM carried"};
    Rows numbers = carried.rows();
    while (numbers.next()) {
      const StreamKey key{numbers.get<Address>(0), numbers.get<Address>(1),
                          numbers.get_enum(2, Lane::kBulk), numbers.get_enum(3, Side::kAnswer)};
      carried_[{key, numbers.get<LifeId>(4)}].insert(numbers.get<Seq>(5));
    }
  }

  void check_pages() {
    Statement quick_check{db_, "PRAGMA quick_check"};
    Rows rows = quick_check.rows();
    while (!is_full() && rows.next()) {
      if (rows.text(0) != "ok") report_.findings.push_back("file: " + std::string{rows.text(0)});
    }
  }

  std::uint64_t count_rows() {
    Statement count{db_, "SELECT count(*) FROM log"};
    Rows rows = count.rows();
    return rows.next() ? rows.get<std::uint64_t>(0) : 0;
  }

  void begin_owner(const Address& owner) {
    ++report_.owners;
    owner_ = owner;
    pos_ = {};
    chain_ = {};
    life_ = {};
    out_seqs_.clear();
  }

  void check(const StoredRow& stored) {
    const LogRow& row = stored.row;
    if (row.owner != owner_) begin_owner(row.owner);
    if (row.pos != pos_.next()) {
      find(row, "positions " + std::to_string(pos_.value + 1) + " to " +
                    std::to_string(row.pos.value - 1) + " are missing before it");
    }
    pos_ = row.pos;

    chained_bytes(row, row.pos, chained_);
    if (options_.chain(chain_, chained_) != stored.chain) {
      find(row, "the hash chain breaks: this row was changed, or one before it is missing");
    }
    chain_ = stored.chain;  // so that one break is one finding

    if (!stored.has_body) {
      ++report_.purged_bodies;
    } else if (Status checked = options_.check_row(row); !checked) {
      find(row, checked.error().detail);
    }
    check_life(row);
    check_numbers(row, stored.has_body ? HasBody::kYes : HasBody::kPurged);
  }

  void check_life(const LogRow& row) {
    if (row.direction == Direction::kIn || row.life == life_) return;
    if (!life_.is_none() || !lives_.contains(row.life)) {
      const auto known = lives_.find(row.life);
      const std::string name = known == lives_.end()
                                   ? "a life this store did not live (refilled rows)"
                                   : "life " + std::to_string(known->second);
      report_.seams.push_back("log of " + row.owner.text() + ", position " +
                              std::to_string(row.pos.value) + ": " + name + " (" + row.life.hex() +
                              ") goes on from here");
    }
    life_ = row.life;
  }

  /// Only lives that this store has lived are numbered here; refilled rows may begin anywhere.
  void check_numbers(const LogRow& row, HasBody has_body) {
    if (row.direction == Direction::kIn) {
      Seq& highest = in_seqs_[{{row.owner, row.peer, row.lane, row.side}, row.life}];
      highest = std::max(highest, row.seq);
      return;
    }
    if (row.direction != Direction::kOut || !lives_.contains(row.life)) return;
    const Stream stream{{row.owner, row.peer, row.lane, row.side}, row.life};
    Seq& last = out_seqs_[stream];
    if (const auto carried = carried_.find(stream); carried != carried_.end()) {
      while (carried->second.contains(last.next())) last = last.next();
    }
    if (is_void(row) && row.seq > Seq{} && row.seq <= last) return check_void(row, has_body);
    // What refilling brings of a former life may bear a number that a set-back store used again, or
    // stand behind numbers that rows carried over had there.
    const bool is_refilled = lives_.at(row.life) < newest_life_;
    if (row.seq != last.next() && !is_refilled) {
      find(row, std::string{"stream to "} + row.peer.text() + " (" + to_string(row.lane) + ", " +
                    to_string(row.side) + ") goes from number " + std::to_string(last.value) +
                    " to " + std::to_string(row.seq.value));
    }
    last = std::max(last, row.seq);
  }

  static bool is_void(const LogRow& row) {
    return row.kind == static_cast<std::uint16_t>(casework::Kind::kVoid);
  }

  /// The VOID stands in the place of the envelope that it names.
  void check_void(const LogRow& row, HasBody has_body) {
    if (has_body == HasBody::kPurged) return;
    Statement before{
        db_,
        "SELECT id, leaf FROM log WHERE owner = ?1 AND direction = 1 AND peer = ?2 "
        "AND lane = ?3 AND side = ?4 AND life = ?5 AND unlikely(seq = ?6) AND seq > 0 AND pos < "
        "?7 ORDER BY pos DESC LIMIT 1"};
    Rows rows = before.rows(row.owner, row.peer, row.lane, row.side, row.life, row.seq, row.pos);
    const auto named = options_.read_void(row);
    if (!named) return find(row, named.error().detail);
    if (rows.next() && rows.get<MessageId>(0) == named->id && rows.get<Leaf>(1) == named->leaf) {
      return;
    }
    find(row, "a VOID takes number " + std::to_string(row.seq.value) + " of the stream to " +
                  row.peer.text() + ", but names another envelope than the one that stood there");
  }

  void check_cursors() {
    Statement cursor{db_,
                     "SELECT seq FROM cursors WHERE owner = ?1 AND peer = ?2 AND lane = ?3 AND "
                     "side = ?4 AND life = ?5"};
    for (const auto& [stream, highest] : in_seqs_) {
      if (is_full()) return;
      const StreamKey& key = stream.first;
      Rows rows = cursor.rows(key.owner, key.peer, key.lane, key.side, stream.second);
      const Seq seq = rows.next() ? rows.get<Seq>(0) : Seq{};
      if (seq >= highest || db_.has_failed()) continue;
      report_.findings.push_back("cursor of " + key.owner.text() + " for " + key.peer.text() +
                                 " (" + to_string(key.lane) + ", " + to_string(key.side) +
                                 ") stands at " + std::to_string(seq.value) +
                                 ", but the log holds number " + std::to_string(highest.value));
    }
  }

  using Stream = std::pair<StreamKey, LifeId>;

  Database& db_;
  const VerifyOptions& options_;
  VerifyReport report_;
  std::map<LifeId, std::int64_t> lives_;
  std::int64_t newest_life_ = 0;
  std::map<Stream, std::set<Seq>> carried_;
  std::map<Stream, Seq> in_seqs_;
  std::map<Stream, Seq> out_seqs_;  // of owner_
  Address owner_;
  Pos pos_;
  ChainHash chain_;
  LifeId life_;
  Bytes chained_;
};

}  // namespace

Result<VerifyReport> verify_log(const std::string& path, const VerifyOptions& options) {
  CHECK(options.chain && options.check_row && options.read_void);
  ASSIGN_OR_RETURN(const auto db, Database::open(path, kNodeSchema, {.access = Access::kReader}));
  Transaction snapshot{*db};
  Verifier verifier{*db, options};
  RETURN_IF_ERROR(verifier.run());
  return verifier.take();
}

}  // namespace minqing::store
