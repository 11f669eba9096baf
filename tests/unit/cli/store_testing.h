// A node's store written as a node writes it, for the tests of verbs that look after stores.
#pragma once

#include <sqlite3.h>

#include "casework/fold.h"
#include "cli/store_tools.h"
#include "cli_testing.h"
#include "core/case_id.h"
#include "core/uuid7.h"
#include "seal/chain_hash.h"
#include "seal/key_ring.h"
#include "seal/leaf.h"
#include "seal/signer.h"
#include "seal/system_random.h"
#include "store/node_store.h"
#include "wire/body_codec.h"
#include "wire/envelope_codec.h"
#include "wire/header_codec.h"

namespace minqing::cli {

/// Runs SQL on a closed store behind its back; false when SQLite refuses it.
inline bool tamper(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  CHECK(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const int code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(db);
  return code == SQLITE_OK;
}

using casework::Body;
using casework::Kind;
using courier::Direction;
using courier::LogRow;

inline const Address kCounty = Address::of("330824");
inline const Address kHousing = Address::of("housing@330824");

/// Node "kaihua" of a network of two nodes, stopped; its store is open here.
class StoreCliTest : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    make_network();
    path_ = network_.node_store("kaihua");
    reopen_store();
  }

  /// A row of county's log: a petition to itself, or a dispatch to the housing bureau.
  LogRow make_row(Kind kind, const Address& peer) {
    const casework::KindRow& row_of_kind = casework::row_of(kind);
    Header header;
    header.id = ids_.make(kNow);
    header.from = kCounty;
    header.to = peer;
    header.side = row_of_kind.side;
    header.cls = row_of_kind.cls;
    header.stamp = stamp_ = stamp_.next();
    header.sent_at = kNow;
    header.directory = {3};
    Body body;
    body.kind = kind;
    body.case_id = case_id_;
    body.reply_by = reply_by_;
    if (row_of_kind.cls == MessageClass::kRequest) body.loop = header.id;
    body.author = {casework::Role::kClerk, "c01"};
    body.content.title = "电梯停运";
    body.content.text = "三号楼";
    body.content.category = "0101";
    body.content.area = "330824";
    LogRow row;
    row.body = *wire::encode_body(body);
    header.body_bytes = static_cast<std::uint32_t>(row.body.size());
    row.header = wire::encode_header(header);
    row.salt = random_bytes<Salt>(random_);
    row.leaf = seal::leaf_of(row.header, row.salt, row.body);
    row.owner = kCounty;
    row.peer = peer;
    row.direction = peer == kCounty ? Direction::kSelf : Direction::kOut;
    row.side = header.side;
    row.life = store_->ledger().life();
    row.id = header.id;
    row.kind = static_cast<std::uint16_t>(kind);
    row.cls = header.cls;
    row.loop = body.loop;
    row.case_id = case_id_.text();
    row.stamp = header.stamp;
    row.at = kNow;
    row.versions = {.directory = {3}, .rules = 1};
    if (row.direction == Direction::kOut) row.signature = sign(row.leaf);
    return row;
  }
  Bytes sign(const Leaf& leaf) const {
    const auto ring = seal::KeyRing::load(network_.node_keys("kaihua"));
    CHECK(ring.has_value());
    const auto keys = seal::SigningKeys::from_seed(ring->of(kCounty).back().signing_seed.bytes);
    return wire::encode_signature(seal::sign_leaf(keys, kCounty, leaf));
  }
  /// Appends it as a turn does; folded into the views unless told otherwise.
  enum class Folding { kYes, kNo };
  void append(LogRow row, Folding folding = Folding::kYes) {
    store_->begin();
    if (row.direction == Direction::kOut) {
      row.seq = store_->ledger().next_out_seq({row.owner, row.peer, row.lane, row.side});
    }
    row.pos = store_->ledger().append(row);
    if (folding == Folding::kYes) {
      ASSERT_TRUE(make_fold()(store_->book(), row));
    }
    ASSERT_TRUE(store_->commit());
  }
  /// Closes and opens it again, as a node that was restarted.
  void reopen_store() {
    store_.reset();
    auto opened =
        store::NodeStore::open(path_, {.chain = seal::chain_hash,
                                       .new_life = [this] { return random_bytes<LifeId>(random_); },
                                       .now = kNow});
    CHECK(opened.has_value());
    store_ = std::move(*opened);
  }
  void append_two() {
    append(make_row(Kind::kPetitionSubmit, kCounty));
    append(make_row(Kind::kDispatch, kHousing));
  }

  seal::SystemRandom random_;
  Uuid7Maker ids_{random_};
  Stamp stamp_;
  Instant reply_by_;  // of the next requests; none
  CaseId case_id_ = CaseId::make("330824", kNow, random_);
  std::string path_;
  std::unique_ptr<store::NodeStore> store_;
};

}  // namespace minqing::cli
