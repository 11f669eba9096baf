#include "store/vault.h"

#include <fstream>
#include <sstream>

#include "core/limits.h"
#include "store_fixture.h"

namespace minqing::store {
namespace {

/// Bytes xor the reference: enough to see that a box is bound to its reference.
class XorCipher final : public VaultCipher {
 public:
  Result<Bytes> seal(const VaultRef& ref, ByteView plain) override { return turn(ref, plain); }
  Result<Bytes> open(const VaultRef& ref, ByteView box) override { return turn(ref, box); }

 private:
  static Bytes turn(const VaultRef& ref, ByteView in) {
    Bytes out;
    for (std::size_t i = 0; i < in.size(); ++i) {
      out.push_back(static_cast<std::uint8_t>(in[i] ^ ref.bytes[i % ref.bytes.size()] ^ 0x77));
    }
    return out;
  }
};

class VaultTest : public ::testing::Test {
 protected:
  std::unique_ptr<Vault> open() {
    auto vault = Vault::open(path_, cipher_);
    EXPECT_TRUE(vault) << vault.error().detail;
    return *std::move(vault);
  }
  /// Every byte that lies on disk.
  std::string on_disk() const {
    std::ostringstream out;
    for (const char* suffix : {"", "-wal"}) {
      std::ifstream in{path_ + suffix, std::ios::binary};
      if (in.peek() != std::ifstream::traits_type::eof()) out << in.rdbuf();
    }
    return out.str();
  }

  TempDir dir_;
  std::string path_ = dir_.file("vault.db");
  XorCipher cipher_;
  const VaultRef ref_ = numbered<VaultRef>(1);
  const std::string person_ = "张三 13800000000 330824199001010011";
};

TEST_F(VaultTest, AnEntryComesBackAfterReopeningAndIsNotReadableOnDisk) {
  ASSERT_TRUE(open()->put(ref_, as_bytes(person_), kStart));
  const auto got = open()->get(ref_);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(as_text(*got), person_);
  EXPECT_EQ(on_disk().find("13800000000"), std::string::npos);
  EXPECT_NE(on_disk().find(ref_.hex()), std::string::npos) << "the file was read at all";
}

TEST_F(VaultTest, AReferenceIsUsedOnce) {
  const auto vault = open();
  ASSERT_TRUE(vault->put(ref_, as_bytes("a"), kStart));
  const Status again = vault->put(ref_, as_bytes("b"), kStart);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::kConflict);
  const auto got = vault->get(ref_);
  ASSERT_TRUE(got);
  EXPECT_EQ(as_text(*got), "a");
}

TEST_F(VaultTest, AnErasedEntryIsGoneFromTheDiskToo) {
  const auto vault = open();
  ASSERT_TRUE(vault->put(ref_, as_bytes(person_), kStart));
  const auto box = cipher_.seal(ref_, as_bytes(person_));
  const std::string sealed{as_text(*box)};
  ASSERT_NE(on_disk().find(sealed), std::string::npos);

  ASSERT_TRUE(vault->erase(ref_));
  EXPECT_EQ(on_disk().find(sealed), std::string::npos);
  const auto got = vault->get(ref_);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::kNotFound);
  EXPECT_TRUE(vault->erase(ref_)) << "erasing what is not there is fine";
}

TEST_F(VaultTest, AnEntryAboveTheLimitIsRefused) {
  const Status put = open()->put(ref_, Bytes(limits::kIdentityBytesMax + 1, 0), kStart);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Errc::kTooLarge);
}

TEST_F(VaultTest, OldEntriesAreListedOldestFirst) {
  const auto vault = open();
  for (std::uint64_t n = 5; n > 0; --n) {
    ASSERT_TRUE(vault->put(numbered<VaultRef>(n), as_bytes("x"), kStart + std::chrono::hours{n}));
  }
  const auto refs = vault->made_before(kStart + std::chrono::hours{4}, 2);
  ASSERT_TRUE(refs);
  EXPECT_EQ(*refs, (std::vector{numbered<VaultRef>(1), numbered<VaultRef>(2)}));
}

}  // namespace
}  // namespace minqing::store
