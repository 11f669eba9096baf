#include "nodes/common/crypto_sealer.h"

#include <string>

#include <gmock/gmock.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "node_testing.h"
#include "seal/leaf.h"
#include "seal/signer.h"
#include "wire/envelope_codec.h"

namespace minqing::node {
namespace {

using namespace minqing::testing;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class CryptoSealerTest : public ::testing::Test {
 protected:
  CryptoSealer sealer_of(const Address& address) {
    return {address.text(), city_.ring_of(address), random_};
  }
  static casework::Draft draft(const char* text = "请核查") {
    casework::Draft out;
    out.from = kCounty;
    out.to = kHousing;
    out.body.kind = Kind::kAssistRequest;
    out.body.content.text = text;
    out.body.loop.bytes[0] = 5;
    return out;
  }
  Envelope write(CryptoSealer& sealer, const casework::Draft& what) {
    Origin origin{.id = {}, .stamp = {3}, .at = kStart, .directory = {7}};
    origin.id.bytes[0] = 5;
    auto written = sealer.write(what, origin, *directory_);
    CHECK(written);
    written->row.life.bytes[0] = 1;
    written->row.seq = {1};
    return *std::move(written);
  }
  courier::SealedEnvelope seal(const Envelope& envelope) {
    auto sealed = county_.seal(envelope.row, {}, *directory_);
    CHECK(sealed);
    return *std::move(sealed);
  }
  void change(const std::function<void()>& how) {
    how();
    directory_ = city_.directory();
  }
  std::string open_fault(const courier::SealedEnvelope& sealed) {
    const auto opened = housing_.open(sealed, *directory_);
    if (opened) return "";
    EXPECT_EQ(opened.error().code, Errc::kCorrupt);
    return opened.error().detail;
  }

  KeyedCity city_;
  CountingRandom random_;
  std::shared_ptr<const Directory> directory_ = city_.directory();
  CryptoSealer county_ = sealer_of(kCounty);
  CryptoSealer housing_ = sealer_of(kHousing);
};

TEST_F(CryptoSealerTest, OpensWhatWasSealedWordForWord) {
  const Envelope written = write(county_, draft());
  const auto opened = housing_.open(seal(written), *directory_);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->row.direction, courier::Direction::kIn);
  EXPECT_EQ(opened->row.owner, kHousing);
  EXPECT_EQ(opened->row.peer, kCounty);
  EXPECT_EQ(opened->row.leaf, written.row.leaf);
  EXPECT_EQ(opened->row.header, written.row.header);
  EXPECT_EQ(opened->row.body, written.row.body);
  EXPECT_EQ(opened->row.signature, written.row.signature);
  EXPECT_EQ(opened->row.life, written.row.life);
  EXPECT_EQ(opened->row.seq, written.row.seq);
  EXPECT_EQ(opened->row.verdict, "ok");
  EXPECT_EQ(opened->entry.body, written.entry.body);
  EXPECT_EQ(opened->entry.header, written.entry.header);
}

TEST_F(CryptoSealerTest, SealsAnewWithTheSameLeaf) {
  const Envelope written = write(county_, draft());
  const auto first = seal(written);
  const auto second = seal(written);
  EXPECT_NE(first.sealed, second.sealed) << "a fresh nonce";
  EXPECT_EQ(housing_.open(first, *directory_)->row.leaf,
            housing_.open(second, *directory_)->row.leaf);
}

TEST_F(CryptoSealerTest, SaltsEveryLeaf) {
  EXPECT_NE(write(county_, draft()).row.leaf, write(county_, draft()).row.leaf);
}

TEST_F(CryptoSealerTest, NeverShowsTheBodyOutsideTheBox) {
  const auto sealed = seal(write(county_, draft("secret words")));
  EXPECT_EQ(as_text(sealed.sealed).find("secret words"), std::string_view::npos);
}

TEST_F(CryptoSealerTest, OpensForNobodyElse) {
  const auto sealed = seal(write(county_, draft()));
  CryptoSealer other = sealer_of(kEmergency);
  const auto opened = other.open(sealed, *directory_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kCorrupt);
  EXPECT_THAT(opened.error().detail, HasSubstr("is not held here"));
}

TEST_F(CryptoSealerTest, DropsAnEnvelopeWithAnyByteChanged) {
  const auto good = seal(write(county_, draft()));
  for (std::size_t at = 0; at < good.sealed.size(); ++at) {
    for (const std::uint8_t flip : {std::uint8_t{0x01}, std::uint8_t{0x80}}) {
      courier::SealedEnvelope bad = good;
      bad.sealed[at] ^= flip;
      const auto opened = housing_.open(bad, *directory_);
      // A bit that Cap'n Proto does not read may change; what it says may not.
      if (opened) {
        EXPECT_EQ(opened->row.leaf, housing_.open(good, *directory_)->row.leaf) << "byte " << at;
      }
    }
  }
}

TEST_F(CryptoSealerTest, DropsAnEnvelopeCutShort) {
  const auto good = seal(write(county_, draft()));
  for (std::size_t size = 0; size < good.sealed.size(); size += 7) {
    courier::SealedEnvelope bad = good;
    bad.sealed.resize(size);
    EXPECT_NE(open_fault(bad), "") << size;
  }
}

TEST_F(CryptoSealerTest, DropsWhatSomebodySignsInAnothersName) {
  // The emergency bureau writes as the county, with keys that it says are the county's.
  KeyedCity false_city;
  false_city.content = city_.content;
  false_city.entry_of(kCounty).signing = city_.entry_of(kEmergency).signing;
  false_city.entry_of(kCounty).sealing = city_.entry_of(kEmergency).sealing;
  seal::KeyRing ring;
  const seal::AddressKeys& pair = city_.keys.of(kEmergency).front();
  ring.add(kCounty, pair.signing_seed, pair.sealing_secret);
  CryptoSealer as_county{"330824", ring, random_};
  directory_ = false_city.directory();
  const Envelope written = write(as_county, draft());
  const auto sealed = as_county.seal(written.row, {}, *directory_);
  ASSERT_TRUE(sealed) << sealed.error().detail;
  directory_ = city_.directory();
  EXPECT_THAT(open_fault(*sealed), HasSubstr("is not in the directory"));
}

TEST_F(CryptoSealerTest, OpensWithARetiredKeyAndNeverWithARevokedOne) {
  const auto sealed = seal(write(county_, draft()));
  change([&] { city_.entry_of(kCounty).signing[0].state = EntryState::kRetired; });
  EXPECT_EQ(open_fault(sealed), "");
  change([&] { city_.entry_of(kCounty).signing[0].state = EntryState::kRevoked; });
  EXPECT_THAT(open_fault(sealed), HasSubstr("is revoked"));
  change([&] {
    city_.entry_of(kCounty).signing[0].state = EntryState::kActive;
    city_.entry_of(kCounty).sealing[0].state = EntryState::kRevoked;
  });
  EXPECT_THAT(open_fault(sealed), HasSubstr("is revoked"));
}

TEST_F(CryptoSealerTest, QuarantinesAVerifiedBodyThatCannotBeRead) {
  Envelope written = write(county_, draft());
  courier::LogRow& row = written.row;
  row.body.assign(row.body.size(), 0xEE);
  row.leaf = seal::leaf_of(row.header, row.salt, row.body);
  const seal::AddressKeys& pair = city_.keys.of(kCounty).front();
  row.signature = wire::encode_signature(
      seal::sign_leaf(seal::SigningKeys::from_seed(pair.signing_seed.bytes), kCounty, row.leaf));
  const auto opened = housing_.open(seal(written), *directory_);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->row.verdict, "quarantined:unreadable");
  EXPECT_EQ(opened->row.body, row.body) << "kept as evidence";
}

TEST_F(CryptoSealerTest, DropsABodyThatItsSenderDidNotSign) {
  Envelope written = write(county_, draft());
  written.row.body = write(county_, draft("另一件事")).row.body;
  EXPECT_NE(open_fault(seal(written)), "");
}

TEST_F(CryptoSealerTest, SignsOnlyWithAKeyThatIsHereAndActive) {
  change([&] { city_.entry_of(kCounty).signing[0].state = EntryState::kRetired; });
  const auto written = county_.write(draft(), {{}, {3}, kStart, {7}}, *directory_);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::kInvalid);
  EXPECT_THAT(written.error().detail, HasSubstr("no signing key of 330824"));
  auto foreign = housing_.write(draft(), {{}, {3}, kStart, {7}}, *directory_);
  EXPECT_FALSE(foreign) << "the agency holds no key of the county";
}

TEST_F(CryptoSealerTest, NeedsNoKeyForASelfRow) {
  change([&] { city_.entry_of(kCounty).signing.clear(); });
  casework::Draft self = draft();
  self.to = kCounty;
  self.body.kind = Kind::kClose;
  const auto written = county_.write(self, {{}, {3}, kStart, {7}}, *directory_);
  ASSERT_TRUE(written) << written.error().detail;
  EXPECT_THAT(written->row.signature, SizeIs(0));
  EXPECT_EQ(written->row.direction, courier::Direction::kSelf);
}

TEST_F(CryptoSealerTest, WaitsForAnAddresseeWithoutAKey) {
  const Envelope written = write(county_, draft());
  change([&] { city_.entry_of(kHousing).sealing.clear(); });
  const auto sealed = county_.seal(written.row, {}, *directory_);
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().code, Errc::kUnavailable);
  EXPECT_THAT(sealed.error().detail, HasSubstr("housing@330824"));
}

TEST_F(CryptoSealerTest, RefusesWhatIsTooLargeToTravel) {
  casework::Draft huge = draft();
  huge.body.kind = Kind::kProbe;
  huge.body.content.padding.assign(2 * 1024 * 1024, 7);
  const auto written = county_.write(huge, {{}, {3}, kStart, {7}}, *directory_);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::kTooLarge);
}

TEST_F(CryptoSealerTest, HostsAnAddressByDirectoryAndKeys) {
  EXPECT_TRUE(county_.hosts(kCounty, *directory_));
  EXPECT_FALSE(county_.hosts(kHousing, *directory_));
  EXPECT_THAT(county_.sealing_keys(kCounty), SizeIs(1));
  EXPECT_THAT(county_.sealing_keys(kHousing), SizeIs(0));
  change([&] { city_.entry_of(kCounty).state = EntryState::kMoving; });
  EXPECT_FALSE(county_.hosts(kCounty, *directory_)) << "the old host no longer receipts";
  change([&] {
    city_.entry_of(kCounty).state = EntryState::kActive;
    city_.entry_of(kCounty).node = "330825";
  });
  EXPECT_FALSE(county_.hosts(kCounty, *directory_)) << "another node's now, keys or not";
  CryptoSealer keyless{"330825", city_.ring_of(kOtherCounty), random_};
  EXPECT_FALSE(keyless.hosts(kCounty, *directory_)) << "the directory's, but without its keys";
}

class ReceiptSealTest : public CryptoSealerTest {
 protected:
  courier::Receipt receipt() {
    courier::Receipt out;
    out.stream = {kCounty, kHousing, Lane::kNormal, Side::kAsk, {}};
    out.stream.life.bytes[0] = 1;
    out.receiver_life.bytes[0] = 2;
    out.seq = {5};
    out.leaf.bytes[0] = 3;
    return out;
  }
};

TEST_F(ReceiptSealTest, IsReadByTheSenderAlone) {
  const auto boxed = housing_.box(receipt(), *directory_);
  ASSERT_TRUE(boxed) << boxed.error().detail;
  const auto read = county_.unbox(*boxed, *directory_);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(*read, receipt());
  EXPECT_FALSE(sealer_of(kEmergency).unbox(*boxed, *directory_));
}

TEST_F(ReceiptSealTest, IsNobodysWordWhenTheClearCopySaysAnotherThing) {
  const auto boxed = housing_.box(receipt(), *directory_);
  ASSERT_TRUE(boxed);
  const std::function<void(courier::Receipt&)> changes[] = {
      [](auto& r) { r.seq = {6}; },
      [](auto& r) { r.leaf.bytes[0] = 9; },
      [](auto& r) { r.receiver_life.bytes[0] = 9; },
      [](auto& r) { r.stream.life.bytes[0] = 9; },
      [](auto& r) { r.stream.lane = Lane::kBulk; },
      [](auto& r) { r.stream.side = Side::kAnswer; }};
  for (const auto& change : changes) {
    courier::BoxedReceipt bad = *boxed;
    change(bad.clear);
    const auto read = county_.unbox(bad, *directory_);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::kCorrupt);
  }
  for (std::size_t at = 0; at < boxed->box.size(); ++at) {
    courier::BoxedReceipt bad = *boxed;
    bad.box[at] ^= 1U;
    EXPECT_FALSE(county_.unbox(bad, *directory_)) << "byte " << at;
  }
}

TEST_F(ReceiptSealTest, CannotBeMadeBySomebodyElse) {
  // The emergency bureau boxes a receipt of a stream to the housing bureau.
  seal::KeyRing ring;
  const seal::AddressKeys& pair = city_.keys.of(kEmergency).front();
  ring.add(kHousing, pair.signing_seed, pair.sealing_secret);
  KeyedCity false_city;
  false_city.content = city_.content;
  false_city.entry_of(kHousing).sealing = city_.entry_of(kEmergency).sealing;
  CryptoSealer forger{"housing@330824", ring, random_};
  auto boxed = forger.box(receipt(), *false_city.directory());
  ASSERT_TRUE(boxed);
  EXPECT_FALSE(county_.unbox(*boxed, *directory_));
  boxed->receiver_key = city_.entry_of(kHousing).sealing[0].id;  // and under its key's name
  EXPECT_FALSE(county_.unbox(*boxed, *directory_));
}

}  // namespace
}  // namespace minqing::node
