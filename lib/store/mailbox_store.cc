#include "store/mailbox_store.h"

#include <array>
#include <filesystem>

#include "store/statement.h"

namespace minqing::store {
namespace {

using courier::Mail;
using courier::MailboxDepth;
using courier::MailboxKey;
using courier::SealedEnvelope;
using courier::StreamName;

constexpr int kDamagedFilesMax = 100;  // then a person must look

constexpr std::array<const char*, 1> kMailboxMigrations{R"sql(
CREATE TABLE mail (
  number INTEGER PRIMARY KEY AUTOINCREMENT,  -- order of draining; never used again
  addressee TEXT NOT NULL,
  lane INTEGER NOT NULL,            -- 0 urgent, 1 normal, 2 bulk
  side INTEGER NOT NULL,            -- 0 ask, 1 answer
  sender TEXT NOT NULL,
  life BLOB NOT NULL,               -- the sender's
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,              -- arrival, microseconds since 1970 UTC
  bytes INTEGER NOT NULL,
  sealed BLOB NOT NULL,             -- as it travels; the clear part is read from it again
  UNIQUE (sender, addressee, lane, side, life, seq)
) STRICT;
CREATE INDEX mail_box ON mail (addressee, lane, side, number, sender, bytes);
)sql"};

/// Renames the file and what belongs to it. Returns the new name.
Result<std::string> move_aside(const std::string& path) {
  for (int n = 1; n <= kDamagedFilesMax; ++n) {
    const std::string aside = path + ".damaged-" + std::to_string(n);
    std::error_code error;
    if (std::filesystem::exists(aside, error)) continue;
    for (const char* suffix : {"-wal", "-shm", ""}) {
      if (!std::filesystem::exists(path + suffix, error)) continue;
      std::filesystem::rename(path + suffix, aside + suffix, error);
      if (error) {
        return Error{Errc::kIo, path + suffix + " cannot be moved aside: " + error.message()};
      }
    }
    return aside;
  }
  return Error{Errc::kIo, path + ": " + std::to_string(kDamagedFilesMax) +
                              " damaged files lie beside it already; look at the disk"};
}

void add(MailboxDepth& to, const MailboxDepth& depth) {
  to.envelopes += depth.envelopes;
  to.bytes += depth.bytes;
}

void subtract(MailboxDepth& from, const MailboxDepth& depth) {
  CHECK(from.envelopes >= depth.envelopes && from.bytes >= depth.bytes);
  from.envelopes -= depth.envelopes;
  from.bytes -= depth.bytes;
}

template <class Map, class Key>
void change(Map& map, const Key& key, const MailboxDepth& depth, bool is_added) {
  if (is_added) return add(map[key], depth);
  const auto place = map.find(key);
  CHECK(place != map.end());
  subtract(place->second, depth);
  if (place->second.envelopes == 0) map.erase(place);
}

template <class Map, class Key>
MailboxDepth depth_in(const Map& map, const Key& key) {
  const auto place = map.find(key);
  return place == map.end() ? MailboxDepth{} : place->second;
}

}  // namespace

const Schema kMailboxSchema{0x4d516d62, "mailbox store", kMailboxMigrations};  // "MQmb"

struct MailboxStore::Statements {
  explicit Statements(Database& db)
      : put{db,
            "INSERT INTO mail (addressee, lane, side, sender, life, seq, at, bytes, sealed) VALUES "
            "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING RETURNING number"},
        next{db,
             "SELECT number, sealed FROM mail WHERE addressee = ?1 AND lane = ?2 AND side = ?3 AND "
             "number > ?4 ORDER BY number LIMIT ?5"},
        drop{db,
             "DELETE FROM mail WHERE sender = ?1 AND addressee = ?2 AND lane = ?3 AND side = ?4 "
             "AND life = ?5 AND seq <= ?6 RETURNING bytes"},
        drop_one{db,
                 "DELETE FROM mail WHERE number = ?1 RETURNING addressee, lane, side, sender, "
                 "bytes"},
        oldest{db,
               "SELECT at FROM mail WHERE addressee = ?1 AND lane = ?2 AND side = ?3 ORDER BY "
               "number LIMIT 1"},
        all{db,
            "SELECT addressee, lane, side, number, sender, bytes FROM mail INDEXED BY mail_box"} {}
  Statement put;
  Statement next;
  Statement drop;
  Statement drop_one;
  Statement oldest;
  Statement all;
};

MailboxStore::MailboxStore(std::unique_ptr<Database> db, EnvelopeDecoder decode)
    : db_{std::move(db)},
      statements_{std::make_unique<Statements>(*db_)},
      decode_{std::move(decode)} {}

MailboxStore::~MailboxStore() = default;

Result<std::unique_ptr<MailboxStore>> MailboxStore::open(const std::string& path,
                                                         const Options& options) {
  CHECK(options.decode);
  const DatabaseOptions how{.pages_max = options.pages_max, .vfs = options.vfs};
  std::optional<std::string> alarm;
  for (int attempt = 1;; ++attempt) {
    Error error;
    if (auto db = Database::open(path, kMailboxSchema, how)) {
      std::unique_ptr<MailboxStore> store{new MailboxStore{*std::move(db), options.decode}};
      store->load_depths();  // reads every index page, so most damage shows here
      if (!store->db_->has_failed()) {
        store->alarm_ = std::move(alarm);
        return store;
      }
      error = *store->db_->failure();
    } else {
      error = db.error();
    }
    const bool is_disposable = error.code == Errc::kCorrupt || error.code == Errc::kConflict ||
                               error.detail.starts_with("damaged");
    if (!is_disposable || attempt > 1) return error;
    ASSIGN_OR_RETURN(const std::string aside, move_aside(path));
    alarm = error.detail + "; moved to " + aside + " and begun afresh: senders send again";
  }
}

void MailboxStore::load_depths() {
  Rows rows = statements_->all.rows();
  while (rows.next()) {
    const MailboxKey key{rows.get<Address>(0), rows.get_enum(1, Lane::kBulk),
                         rows.get_enum(2, Side::kAnswer)};
    apply({key, rows.get<Address>(4), {1, rows.get<std::uint64_t>(5)}, true});
    std::uint64_t& last = last_numbers_[key];
    last = std::max(last, rows.get<std::uint64_t>(3));
  }
}

void MailboxStore::begin() {
  db_->begin();
}

Status MailboxStore::commit() {
  Status status = db_->commit();
  if (status) {
    turn_.clear();
    return status;
  }
  take_back();
  if (!status.error().detail.starts_with("damaged")) return status;
  // Not every damage shows when the file is opened: the next start must not meet it again.
  const Result<std::string> aside = move_aside(db_->path());
  return Error{Errc::kIo, status.error().detail + "; " +
                              (aside ? "moved to " + *aside : aside.error().detail)};
}

void MailboxStore::rollback() {
  db_->rollback();
  take_back();
}

bool MailboxStore::is_dirty() const {
  return db_->is_dirty();
}

void MailboxStore::apply(const Change& c) {
  change(by_mailbox_, c.key, c.depth, c.is_added);
  change(by_addressee_, c.key.addressee, c.depth, c.is_added);
  change(by_pair_, std::pair{c.from, c.key.addressee}, c.depth, c.is_added);
  c.is_added ? add(total_, c.depth) : subtract(total_, c.depth);
}

void MailboxStore::count(Change change) {
  apply(change);
  turn_.push_back(std::move(change));
}

void MailboxStore::take_back() {
  for (auto change = turn_.rbegin(); change != turn_.rend(); ++change) {
    change->is_added = !change->is_added;
    apply(*change);
  }
  turn_.clear();
}

bool MailboxStore::put(const SealedEnvelope& e, Instant now) {
  CHECK(db_->in_transaction() || db_->has_failed());
  const Header& h = e.header;
  const std::uint64_t bytes = e.sealed.size();
  std::uint64_t number = 0;
  {
    Rows rows = statements_->put.rows(h.to, h.lane, h.side, h.from, e.transport.life,
                                      e.transport.seq, now, bytes, e.sealed);
    if (!rows.next()) return false;
    number = rows.get<std::uint64_t>(0);
    while (rows.next()) {  // the statement is over only then
    }
  }
  if (db_->has_failed()) return false;
  const MailboxKey key{h.to, h.lane, h.side};
  last_numbers_[key] = number;
  count({key, h.from, {1, bytes}, true});
  return true;
}

std::vector<Mail> MailboxStore::next(const MailboxKey& key,
                                     std::uint64_t after,
                                     std::size_t envelopes_max,
                                     std::size_t bytes_max) {
  std::vector<Mail> found;
  std::vector<std::uint64_t> damaged;
  // Again when all that came was damaged: there may be good mail behind it. Most mailboxes are
  // empty: no query for them.
  while (found.empty() && by_mailbox_.contains(key)) {
    damaged.clear();
    read_mail(key, after, envelopes_max, bytes_max, found, damaged);
    for (const std::uint64_t number : damaged) drop_damaged(number);
    if (damaged.empty()) break;
    after = damaged.back();
  }
  return found;
}

void MailboxStore::read_mail(const MailboxKey& key,
                             std::uint64_t after,
                             std::size_t envelopes_max,
                             std::size_t bytes_max,
                             std::vector<Mail>& found,
                             std::vector<std::uint64_t>& damaged) {
  std::size_t bytes = 0;
  Rows rows = statements_->next.rows(key.addressee, key.lane, key.side, after,
                                     std::max<std::size_t>(envelopes_max, 1));
  while (rows.next()) {
    Result<SealedEnvelope> envelope = decode_(rows.blob(1));
    if (!envelope) {
      damaged.push_back(rows.get<std::uint64_t>(0));
      continue;
    }
    bytes += envelope->sealed.size();
    if (bytes > bytes_max && !found.empty()) break;
    found.push_back({rows.get<std::uint64_t>(0), *std::move(envelope)});
  }
}

void MailboxStore::drop_damaged(std::uint64_t number) {
  CHECK(db_->in_transaction() || db_->has_failed());
  ++damaged_mail_;
  Rows rows = statements_->drop_one.rows(number);
  while (rows.next()) {
    const MailboxKey key{rows.get<Address>(0), rows.get_enum(1, Lane::kBulk),
                         rows.get_enum(2, Side::kAnswer)};
    count({key, rows.get<Address>(3), {1, rows.get<std::uint64_t>(4)}, false});
  }
}

std::size_t MailboxStore::drop(const StreamName& stream, Seq up_to) {
  // Most receipts pass by without mail here: no query for them.
  const MailboxKey key{stream.to, stream.lane, stream.side};
  if (!by_mailbox_.contains(key) || !by_pair_.contains({stream.from, stream.to})) return 0;
  CHECK(db_->in_transaction() || db_->has_failed());
  MailboxDepth dropped;
  {
    Rows rows = statements_->drop.rows(stream.from, stream.to, stream.lane, stream.side,
                                       stream.life, up_to);
    while (rows.next()) add(dropped, {1, rows.get<std::uint64_t>(0)});
  }
  if (db_->has_failed() || dropped.envelopes == 0) return 0;
  count({key, stream.from, dropped, false});
  return dropped.envelopes;
}

std::uint64_t MailboxStore::last_number(const MailboxKey& key) {
  const auto place = last_numbers_.find(key);
  return place == last_numbers_.end() ? 0 : place->second;
}

MailboxDepth MailboxStore::depth_of_addressee(const Address& addressee) {
  return depth_in(by_addressee_, addressee);
}

MailboxDepth MailboxStore::depth_of_pair(const Address& from, const Address& to) {
  return depth_in(by_pair_, std::pair{from, to});
}

std::vector<courier::Mailbox::Listing> MailboxStore::list() {
  std::vector<Listing> listings;
  for (const auto& [key, depth] : by_mailbox_) {
    Listing listing{key, depth, {}};
    Rows rows = statements_->oldest.rows(key.addressee, key.lane, key.side);
    if (rows.next()) listing.oldest = rows.get<Instant>(0);
    listings.push_back(std::move(listing));
  }
  return listings;
}

void MailboxStore::tidy() {
  db_->tidy();
}

const DatabaseStats& MailboxStore::stats() const {
  return db_->stats();
}

}  // namespace minqing::store
