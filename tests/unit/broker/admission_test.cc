#include "broker/admission.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>

#include "broker_testing.h"

namespace minqing::broker {
namespace {

using namespace minqing::testing;
using courier::RefusalCode;
using courier::SealedEnvelope;
using ::testing::HasSubstr;

class AdmissionTest : public ::testing::Test {
 protected:
  std::optional<RefusalCode> refusal_of(const SealedEnvelope& envelope,
                                        Level level = Level::kGreen) {
    const auto refusal = admit(*directory_, envelope.header.from.text(), envelope, level, kStart);
    detail_ = refusal ? refusal->detail : "";
    return refusal ? std::optional{refusal->code} : std::nullopt;
  }
  void use(Directory::Content content) { directory_ = share(std::move(content)); }

  std::shared_ptr<const Directory> directory_ = share(broker_directory_content());
  std::string detail_;
};

const Letter kGood{kTown, kCounty};

TEST_F(AdmissionTest, CarriesWhatIsWellFormedBetweenKin) {
  EXPECT_EQ(refusal_of(seal(kGood)), std::nullopt);
}

TEST_F(AdmissionTest, RefusesEveryBadShape) {
  const struct {
    const char* detail;
    RefusalCode code;
    std::function<void(SealedEnvelope&)> spoil;
  } table[] = {
      {"version 2", RefusalCode::kBadEnvelope, [](auto& e) { e.header.version = 2; }},
      {"no id", RefusalCode::kBadEnvelope, [](auto& e) { e.header.id = {}; }},
      {"no life", RefusalCode::kBadEnvelope, [](auto& e) { e.transport.life = {}; }},
      {"no number", RefusalCode::kBadEnvelope, [](auto& e) { e.transport.seq = {}; }},
      {"never travels", RefusalCode::kBadEnvelope,
       [](auto& e) { e.header.cls = MessageClass::kSelf; }},
      {"side ask", RefusalCode::kBadEnvelope, [](auto& e) { e.header.side = Side::kAnswer; }},
      {"side answer", RefusalCode::kBadEnvelope,
       [](auto& e) { e.header.cls = MessageClass::kFinal; }},
      {"no sealed part", RefusalCode::kBadEnvelope, [](auto& e) { e.sealed.clear(); }},
      {"above the limit", RefusalCode::kTooLarge,
       [](auto& e) { e.sealed.resize(limits::kEnvelopeBytesMax + 1); }},
      {"above the limit", RefusalCode::kTooLarge,
       [](auto& e) { e.header.body_bytes = limits::kBodyBytesMax + 1; }},
  };
  for (const auto& row : table) {
    SealedEnvelope envelope = seal(kGood);
    row.spoil(envelope);
    EXPECT_EQ(refusal_of(envelope), row.code) << row.detail;
    EXPECT_THAT(detail_, HasSubstr(row.detail));
  }
}

TEST_F(AdmissionTest, CarriesTheLargestEnvelope) {
  SealedEnvelope envelope = seal(kGood);
  envelope.sealed.resize(limits::kEnvelopeBytesMax);
  envelope.header.body_bytes = limits::kBodyBytesMax;
  EXPECT_EQ(refusal_of(envelope), std::nullopt);
}

TEST_F(AdmissionTest, RefusesASenderWhoIsNotHostedByThatNode) {
  const auto refusal = admit(*directory_, kOtherCounty.text(), seal(kGood), Level::kGreen, kStart);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, RefusalCode::kNotYours);
  EXPECT_THAT(refusal->detail, HasSubstr("330824115"));
  EXPECT_THAT(refusal->detail, HasSubstr("330825"));
}

TEST_F(AdmissionTest, NeverTakesAnAddressWithoutANodeForThatOfANamelessOne) {
  const auto refusal = admit(*directory_, "", seal({kVillage3, kTown}), Level::kGreen, kStart);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, RefusalCode::kNotYours);
}

TEST_F(AdmissionTest, RefusesByTheDirectory) {
  EXPECT_EQ(refusal_of(seal({kVillage1, kVillage2})), RefusalCode::kForbiddenPair);
  EXPECT_EQ(refusal_of(seal({kTown, kTown})), RefusalCode::kForbiddenPair);
  EXPECT_EQ(refusal_of(seal({kTown, Address::of("330826")})), RefusalCode::kUnknownAddress);
  EXPECT_EQ(refusal_of(seal({Address::of("330826"), kCity})), RefusalCode::kUnknownAddress);
  EXPECT_EQ(refusal_of(seal({kTown, Address{}})), RefusalCode::kUnknownAddress);
  EXPECT_EQ(refusal_of(seal({kTown, kVillage3})), RefusalCode::kNotActive) << "not enrolled yet";
  EXPECT_THAT(detail_, HasSubstr("330824115 -> 330824115203"));
  EXPECT_THAT(detail_, HasSubstr("version 7"));
}

TEST_F(AdmissionTest, NamesTheSuccessorOfADissolvedAddress) {
  Directory::Content content = broker_directory_content();
  entry_of(content, kCounty).state = EntryState::kDissolved;
  entry_of(content, kCounty).successor = kOtherCounty;
  use(content);
  EXPECT_EQ(refusal_of(seal(kGood)), RefusalCode::kDissolved);
  EXPECT_THAT(detail_, HasSubstr("successor is 330825"));
}

TEST_F(AdmissionTest, CarriesNothingByAnExpiredDirectory) {
  Directory::Content content = broker_directory_content();
  content.expires_at = kStart;
  use(content);
  EXPECT_EQ(refusal_of(seal(kGood)), RefusalCode::kNotActive);
  EXPECT_THAT(detail_, HasSubstr("expired"));
}

TEST_F(AdmissionTest, StopsAsksByLevelAndLetsEveryAnswerPass) {
  const std::optional<RefusalCode> none;
  const struct {
    Level level;
    std::optional<RefusalCode> urgent, normal, bulk;
  } table[] = {
      {Level::kGreen, none, none, none},
      {Level::kAmber, none, none, RefusalCode::kLevelAmber},
      {Level::kRed, RefusalCode::kLevelRed, RefusalCode::kLevelRed, RefusalCode::kLevelRed},
  };
  for (const auto& row : table) {
    const std::pair<Lane, std::optional<RefusalCode>> lanes[] = {
        {Lane::kUrgent, row.urgent}, {Lane::kNormal, row.normal}, {Lane::kBulk, row.bulk}};
    for (const auto& [lane, expected] : lanes) {
      Letter letter = kGood;
      letter.lane = lane;
      EXPECT_EQ(refusal_of(seal(letter), row.level), expected)
          << to_string(row.level) << " " << to_string(lane);
      letter.side = Side::kAnswer;
      EXPECT_EQ(refusal_of(seal(letter), row.level), none);
    }
  }
}

TEST_F(AdmissionTest, LetsAWithdrawalWaitLikeTheAskThatItIs) {
  SealedEnvelope envelope = seal(kGood);
  envelope.header.cls = MessageClass::kProgress;
  EXPECT_EQ(refusal_of(envelope, Level::kRed), RefusalCode::kLevelRed);
}

TEST_F(AdmissionTest, LetsPassSoonWhatOnlyWantsRoom) {
  for (const RefusalCode code :
       {RefusalCode::kQuota, RefusalCode::kLevelRed, RefusalCode::kLevelAmber,
        RefusalCode::kOverCredit, RefusalCode::kSessionLimit}) {
    EXPECT_EQ(retry_after(code), limits::kBusyRetry) << to_string(code);
  }
  for (const RefusalCode code :
       {RefusalCode::kUnknownAddress, RefusalCode::kNotActive, RefusalCode::kDissolved,
        RefusalCode::kForbiddenPair, RefusalCode::kNotYours, RefusalCode::kTooLarge,
        RefusalCode::kBadEnvelope, RefusalCode::kRevoked, RefusalCode::kBadFrame}) {
    EXPECT_EQ(retry_after(code), limits::kRefusedRetryDelay) << to_string(code);
  }
}

}  // namespace
}  // namespace minqing::broker
