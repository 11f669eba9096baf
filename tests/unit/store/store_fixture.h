// What the store's tests share: a temporary directory, made-up rows, a chain function.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "core/random.h"
#include "store/node_store.h"

namespace minqing::store {

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "store-test-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// Deterministic: a counter stirred by multiplication.
class TestRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(step() >> 56U);
  }
  std::uint64_t below(std::uint64_t bound) override { return (step() >> 11U) % bound; }

 private:
  std::uint64_t step() { return state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL; }
  std::uint64_t state_ = 42;
};

/// Not cryptographic: FNV-1a over everything, spread over 32 bytes. Any changed byte changes it.
inline ChainHash test_chain(const ChainHash& previous, ByteView row) {
  std::uint64_t hash = 1469598103934665603ULL;
  const auto take = [&](std::uint8_t byte) { hash = (hash ^ byte) * 1099511628211ULL; };
  for (const std::uint8_t byte : previous.bytes) take(byte);
  for (const std::uint8_t byte : row) take(byte);
  ChainHash out;
  for (std::uint8_t& byte : out.bytes) {
    take(0);
    byte = static_cast<std::uint8_t>(hash >> 56U);
  }
  return out;
}

inline const Instant kStart = from_micros(1'790'000'000'000'000);

template <class T>
T numbered(std::uint64_t number, std::uint8_t tag = 1) {
  T out;
  out.bytes[0] = tag;
  for (std::size_t i = 0; i < 8; ++i) {
    out.bytes[1 + i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  }
  return out;
}

inline const Address kCounty = Address::of("330824");
inline const Address kVillage = Address::of("330824115201");
inline const Address kHousing = Address::of("housing@330824");
inline const LifeId kLife = numbered<LifeId>(1, 0xa1);
inline const LifeId kPeerLife = numbered<LifeId>(1, 0xb1);

inline CaseId case_number(int number) {
  TestRandom random;
  CaseId id;
  for (int i = 0; i <= number; ++i) id = CaseId::make("330824", kStart, random);
  return id;
}

/// A row of `owner` towards or from kHousing; everything follows from `number`.
inline courier::LogRow row_of(const Address& owner,
                              courier::Direction direction,
                              std::uint64_t number) {
  courier::LogRow row;
  row.owner = owner;
  row.direction = direction;
  row.peer = direction == courier::Direction::kSelf ? owner : kHousing;
  row.lane = Lane::kNormal;
  row.side = direction == courier::Direction::kIn ? Side::kAnswer : Side::kAsk;
  row.life = direction == courier::Direction::kIn ? kPeerLife : kLife;
  row.seq = direction == courier::Direction::kSelf ? Seq{} : Seq{number};
  row.id = numbered<MessageId>(number, static_cast<std::uint8_t>(direction));
  row.leaf = numbered<Leaf>(number, 0x1e);
  row.kind = 20;
  row.cls = direction == courier::Direction::kSelf ? MessageClass::kSelf : MessageClass::kRequest;
  if (direction == courier::Direction::kOut) row.loop = row.id;
  row.case_id = case_number(0).text();
  row.stamp = {100 + number};
  row.at = kStart + std::chrono::seconds{number};
  row.versions = {{7}, 1, 2};
  row.header = Bytes(40, static_cast<std::uint8_t>(number));
  row.signature = Bytes(72, 0x5a);
  row.salt = numbered<Salt>(number, 0x5b);
  row.body = Bytes(300, static_cast<std::uint8_t>(number + 1));
  return row;
}

inline NodeStore::Options node_options() {
  return {.chain = test_chain, .new_life = [] { return kLife; }, .now = kStart};
}

inline std::unique_ptr<NodeStore> open_node(const std::string& path) {
  auto store = NodeStore::open(path, node_options());
  EXPECT_TRUE(store) << store.error().detail;
  return store ? *std::move(store) : nullptr;
}

/// Runs SQL on a file behind the store's back: damage, and looks.
inline void tamper(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
      << (message == nullptr ? "" : message);
  sqlite3_free(message);
  sqlite3_close(db);
}
/// With the log's own protection out of the way.
inline void tamper_log(const std::string& path, const std::string& sql) {
  tamper(path, "DROP TRIGGER log_is_never_changed; DROP TRIGGER log_is_never_deleted; " + sql);
}

}  // namespace minqing::store
