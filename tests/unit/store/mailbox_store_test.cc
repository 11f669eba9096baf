#include "store/mailbox_store.h"

#include <array>
#include <cstring>
#include <fstream>

#include <gmock/gmock.h>

#include "store_fixture.h"

namespace minqing::store {
namespace {

using courier::Mail;
using courier::MailboxKey;
using courier::SealedEnvelope;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// "Sealed" here: to, from (each 16 bytes, zero padded), lane, side, life, seq byte, then payload.
constexpr std::size_t kClearBytes = 16 + 16 + 2 + 16 + 1;

SealedEnvelope mail(const Address& from,
                    const Address& to,
                    std::uint8_t seq,
                    std::size_t payload = 50) {
  SealedEnvelope e;
  e.header.from = from;
  e.header.to = to;
  e.header.lane = Lane::kNormal;
  e.header.side = Side::kAsk;
  e.transport = {kLife, {seq}};
  e.sealed.assign(kClearBytes + payload, 0xcc);
  std::fill_n(e.sealed.begin(), 32, std::uint8_t{0});
  std::memcpy(e.sealed.data(), to.text().data(), to.text().size());
  std::memcpy(e.sealed.data() + 16, from.text().data(), from.text().size());
  e.sealed[32] = 1;
  e.sealed[33] = 0;
  std::copy(kLife.bytes.begin(), kLife.bytes.end(), e.sealed.begin() + 34);
  e.sealed[50] = seq;
  return e;
}

Result<SealedEnvelope> decode(ByteView sealed) {
  if (sealed.size() < kClearBytes || sealed[51] != 0xcc)
    return Error{Errc::kCorrupt, "no envelope"};
  const auto text = [&](std::size_t at) {
    std::string padded{as_text(sealed.subspan(at, 16))};
    return Address::of(padded.c_str());
  };
  SealedEnvelope e;
  e.header.to = text(0);
  e.header.from = text(16);
  e.header.lane = static_cast<Lane>(sealed[32]);
  e.header.side = static_cast<Side>(sealed[33]);
  e.transport.life = *LifeId::from(sealed.subspan(34, 16));
  e.transport.seq = {sealed[50]};
  e.sealed.assign(sealed.begin(), sealed.end());
  return e;
}

const MailboxKey kHousingAsk{kHousing, Lane::kNormal, Side::kAsk};

class MailboxStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<MailboxStore> open() {
    auto store = MailboxStore::open(path_, {.decode = decode});
    EXPECT_TRUE(store) << store.error().detail;
    return *std::move(store);
  }
  void reopen() {
    store_.reset();
    store_ = open();
    store_->begin();
  }
  std::vector<std::uint64_t> seqs(const std::vector<Mail>& mails) {
    std::vector<std::uint64_t> found;
    for (const Mail& m : mails) found.push_back(m.envelope.transport.seq.value);
    return found;
  }
  std::vector<std::uint64_t> all_seqs(const MailboxKey& key = kHousingAsk) {
    return seqs(store_->next(key, 0, 1'000, 1'000'000));
  }
  void SetUp() override { store_->begin(); }

  TempDir dir_;
  std::string path_ = dir_.file("mailbox.db");
  std::unique_ptr<MailboxStore> store_ = open();
};

TEST_F(MailboxStoreTest, MailComesOutInTheOrderItCameAndAsItWas) {
  for (const std::uint8_t seq : std::to_array<std::uint8_t>({3, 1, 2})) {
    EXPECT_TRUE(store_->put(mail(kCounty, kHousing, seq), kStart));
  }
  ASSERT_TRUE(store_->commit());
  reopen();
  const auto found = store_->next(kHousingAsk, 0, 100, 1'000'000);
  EXPECT_THAT(seqs(found), ElementsAre(3, 1, 2));
  EXPECT_LT(found[0].number, found[1].number);
  EXPECT_EQ(found[0].envelope.sealed, mail(kCounty, kHousing, 3).sealed);
  EXPECT_EQ(found[0].envelope.header, mail(kCounty, kHousing, 3).header);
  EXPECT_THAT(seqs(store_->next(kHousingAsk, found[0].number, 100, 1'000'000)), ElementsAre(1, 2));
  EXPECT_EQ(store_->last_number(kHousingAsk), found[2].number);
  EXPECT_THAT(all_seqs({kHousing, Lane::kUrgent, Side::kAsk}), IsEmpty());
}

TEST_F(MailboxStoreTest, NextStopsAtEitherLimitButGivesOne) {
  for (std::uint8_t seq = 1; seq <= 5; ++seq) store_->put(mail(kCounty, kHousing, seq), kStart);
  const std::size_t size = kClearBytes + 50;
  EXPECT_THAT(seqs(store_->next(kHousingAsk, 0, 2, 1'000'000)), ElementsAre(1, 2));
  EXPECT_THAT(seqs(store_->next(kHousingAsk, 0, 100, 3 * size)), ElementsAre(1, 2, 3));
  EXPECT_THAT(seqs(store_->next(kHousingAsk, 0, 100, 1)), ElementsAre(1));
}

TEST_F(MailboxStoreTest, TheSamePlaceInAStreamIsStoredOnce) {
  EXPECT_TRUE(store_->put(mail(kCounty, kHousing, 1), kStart));
  const auto before = store_->depth();
  EXPECT_FALSE(store_->put(mail(kCounty, kHousing, 1, 99), kStart));
  EXPECT_EQ(store_->depth().bytes, before.bytes);
  ASSERT_TRUE(store_->commit());
  store_->begin();
  EXPECT_FALSE(store_->put(mail(kCounty, kHousing, 1), kStart));
  EXPECT_FALSE(store_->is_dirty()) << "a repeat needs no fsync";
  SealedEnvelope other_life = mail(kCounty, kHousing, 1);
  other_life.transport.life = kPeerLife;
  EXPECT_TRUE(store_->put(other_life, kStart));
}

TEST_F(MailboxStoreTest, AReceiptDropsItsStreamUpToItsNumberAndNothingElse) {
  for (std::uint8_t seq = 1; seq <= 4; ++seq) store_->put(mail(kCounty, kHousing, seq), kStart);
  store_->put(mail(kVillage, kHousing, 1), kStart);
  courier::StreamName stream{kCounty, kHousing, Lane::kNormal, Side::kAsk, kPeerLife};
  EXPECT_EQ(store_->drop(stream, {9}), 0U) << "another life's receipt";
  stream.life = kLife;
  EXPECT_EQ(store_->drop(stream, {2}), 2U);
  EXPECT_EQ(store_->drop(stream, {2}), 0U);
  EXPECT_THAT(all_seqs(), ElementsAre(3, 4, 1));
  EXPECT_EQ(store_->depth_of_pair(kCounty, kHousing).envelopes, 2U);
  EXPECT_EQ(store_->depth_of_pair(kVillage, kHousing).envelopes, 1U);
}

TEST_F(MailboxStoreTest, DepthsAreCountedTakenBackAtARollbackAndReadAgainAtOpening) {
  const std::uint64_t size = kClearBytes + 50;
  store_->put(mail(kCounty, kHousing, 1), kStart);
  store_->put(mail(kVillage, kHousing, 1), kStart + std::chrono::seconds{1});
  store_->put(mail(kHousing, kCounty, 1), kStart);
  ASSERT_TRUE(store_->commit());
  store_->begin();
  store_->put(mail(kCounty, kHousing, 2), kStart);
  store_->drop({kCounty, kHousing, Lane::kNormal, Side::kAsk, kLife}, {2});
  EXPECT_EQ(store_->depth_of_addressee(kHousing).envelopes, 1U);
  store_->rollback();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(store_->depth().envelopes, 3U);
    EXPECT_EQ(store_->depth().bytes, 3 * size);
    EXPECT_EQ(store_->depth_of_addressee(kHousing).envelopes, 2U);
    EXPECT_EQ(store_->depth_of_addressee(kHousing).bytes, 2 * size);
    EXPECT_EQ(store_->depth_of_pair(kCounty, kHousing).envelopes, 1U);
    EXPECT_EQ(store_->depth_of_pair(kHousing, kVillage).envelopes, 0U);
    const auto listings = store_->list();
    ASSERT_THAT(listings, SizeIs(2));
    EXPECT_EQ(listings[1].key, kHousingAsk);
    EXPECT_EQ(listings[1].depth.envelopes, 2U);
    EXPECT_EQ(listings[1].oldest, kStart);
    reopen();
  }
}

TEST_F(MailboxStoreTest, NumbersAreNeverUsedAgain) {
  store_->put(mail(kCounty, kHousing, 1), kStart);
  const std::uint64_t first = store_->last_number(kHousingAsk);
  ASSERT_TRUE(store_->commit());
  store_->begin();
  store_->drop({kCounty, kHousing, Lane::kNormal, Side::kAsk, kLife}, {1});
  ASSERT_TRUE(store_->commit());
  EXPECT_EQ(store_->last_number(kHousingAsk), first);
  reopen();
  store_->put(mail(kCounty, kHousing, 2), kStart);
  EXPECT_GT(store_->last_number(kHousingAsk), first);
}

TEST_F(MailboxStoreTest, MailThatNoLongerDecodesIsDroppedCountedAndStepsAside) {
  for (std::uint8_t seq = 1; seq <= 4; ++seq) store_->put(mail(kCounty, kHousing, seq), kStart);
  ASSERT_TRUE(store_->commit());
  store_.reset();
  tamper(path_, "UPDATE mail SET sealed = x'00' WHERE seq IN (1, 2, 4)");
  reopen();
  EXPECT_THAT(seqs(store_->next(kHousingAsk, 0, 2, 1'000'000)), ElementsAre(3))
      << "good mail behind the damaged must come";
  EXPECT_THAT(all_seqs(), ElementsAre(3));
  EXPECT_EQ(store_->damaged_mail(), 3U);
  EXPECT_EQ(store_->depth().envelopes, 1U);
  ASSERT_TRUE(store_->commit());
  reopen();
  EXPECT_EQ(store_->depth().envelopes, 1U);
}

TEST_F(MailboxStoreTest, ADamagedFileIsMovedAsideAndAFreshOneBegun) {
  store_->rollback();
  store_.reset();
  for (int n = 1; n <= 2; ++n) {
    std::filesystem::remove(path_ + "-wal");
    std::filesystem::remove(path_ + "-shm");
    std::ofstream{path_, std::ios::trunc} << std::string(20'000, 'j');
    store_ = open();
    ASSERT_TRUE(store_->alarm());
    EXPECT_THAT(*store_->alarm(), ::testing::HasSubstr(".damaged-" + std::to_string(n)));
    EXPECT_TRUE(std::filesystem::exists(path_ + ".damaged-" + std::to_string(n)));
    store_->begin();
    EXPECT_TRUE(store_->put(mail(kCounty, kHousing, 1), kStart));
    ASSERT_TRUE(store_->commit());
    store_.reset();
  }
  EXPECT_FALSE(open()->alarm());
}

TEST_F(MailboxStoreTest, DamageFoundWhileRunningDoesNotWaitForTheNextStart) {
  for (std::uint8_t seq = 1; seq <= 3; ++seq) store_->put(mail(kCounty, kHousing, seq), kStart);
  ASSERT_TRUE(store_->commit());
  tamper(path_, "UPDATE mail SET sender = 'nonsense!'");
  store_->begin();
  tamper(path_,
         "DROP INDEX mail_box; PRAGMA writable_schema=ON; UPDATE sqlite_master SET rootpage "
         "= 99999 WHERE name = 'mail'");
  EXPECT_THAT(all_seqs(), IsEmpty());
  const Status status = store_->commit();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kIo);
  EXPECT_THAT(status.error().detail, ::testing::HasSubstr("moved to"));
  store_.reset();
  store_ = open();
  EXPECT_EQ(store_->depth().envelopes, 0U);
}

TEST_F(MailboxStoreTest, ANewerFileIsMovedAsideAndAForeignOneIsNot) {
  store_->rollback();
  store_.reset();
  tamper(path_, "PRAGMA user_version=9");
  store_ = open();
  EXPECT_TRUE(store_->alarm());
  store_.reset();
  tamper(path_, "PRAGMA application_id=5");
  const auto foreign = MailboxStore::open(path_, {.decode = decode});
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, Errc::kInvalid);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".damaged-2"));
}

TEST_F(MailboxStoreTest, AFullDiskTakesBackDepthAndMail) {
  store_->rollback();
  store_.reset();
  auto small = MailboxStore::open(path_, {.decode = decode, .pages_max = 20});
  ASSERT_TRUE(small);
  (*small)->begin();
  EXPECT_TRUE((*small)->put(mail(kCounty, kHousing, 1), kStart));
  EXPECT_FALSE((*small)->put(mail(kCounty, kHousing, 2, 500'000), kStart));
  const Status status = (*small)->commit();
  ASSERT_FALSE(status);
  EXPECT_TRUE(status.error().detail.starts_with("disk full")) << status.error().detail;
  EXPECT_EQ((*small)->depth().envelopes, 0U);
  (*small)->begin();
  EXPECT_TRUE((*small)->put(mail(kCounty, kHousing, 1), kStart));
  EXPECT_TRUE((*small)->commit());
}

}  // namespace
}  // namespace minqing::store
