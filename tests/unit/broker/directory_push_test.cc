// A new directory: nodes are brought it, the revoked are cut off.
#include <string>

#include <gmock/gmock.h>

#include "broker/directory_offers.h"
#include "broker_testing.h"

namespace minqing::broker {
namespace {

using namespace minqing::testing;
using courier::Frame;
using courier::RefusalCode;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Status take(PaperBroker& broker, Directory::Content content, const Bytes& bytes = {8, 8}) {
  return broker.brain.on_directory(share(std::move(content)), bytes, broker.now);
}

void set_node(Directory::Content& content, const char* name, EntryState state) {
  for (NodeEntry& node : content.nodes) {
    if (node.name == name) node.state = state;
  }
}

TEST(DirectoryPushTest, OffersItsOwnToWhoComesWithAnOlderOne) {
  PaperBroker broker;
  broker.hello(1, "330824", 6);
  ASSERT_TRUE(broker.one(1, &Frame::directory));
  EXPECT_EQ(broker.one(1, &Frame::directory)->signed_directory, (Bytes{7, 7, 7}));
  broker.hello(2, "330825", 7);
  EXPECT_FALSE(broker.one(2, &Frame::directory));
  broker.hello(3, "3308", 0);
  EXPECT_TRUE(broker.one(3, &Frame::directory));
}

TEST(DirectoryPushTest, NotesThatANodeKnowsANewerOne) {
  PaperBroker broker;
  broker.hello(1, "330824", 8);
  EXPECT_FALSE(broker.one(1, &Frame::directory));
  EXPECT_THAT(broker.notes, Contains(Field(&Note::kind, NoteKind::kDirectoryBehind)));
}

TEST(DirectoryPushTest, BringsANewOneToEverySessionOnce) {
  PaperBroker broker;
  broker.open(1, "330824");
  broker.open(2, "330825");
  ASSERT_TRUE(take(broker, broker_directory_content(8)));
  EXPECT_EQ(broker.brain.directory().version(), DirectoryVersion{8});
  broker.turn();
  for (const std::uint8_t session : {std::uint8_t{1}, std::uint8_t{2}}) {
    ASSERT_TRUE(broker.one(session, &Frame::directory));
    EXPECT_EQ(broker.one(session, &Frame::directory)->signed_directory, (Bytes{8, 8}));
  }
  EXPECT_THAT(broker.notes, Contains(Field(&Note::kind, NoteKind::kDirectoryTaken)));
  broker.turn();
  EXPECT_TRUE(broker.is_silent(1));
  EXPECT_EQ(broker.brain.stats().directories_offered, 2U);
}

TEST(DirectoryPushTest, TakesOnlyANewerOne) {
  PaperBroker broker;
  for (const std::uint64_t version : {7U, 6U, 0U}) {
    const Status taken = take(broker, broker_directory_content(version));
    ASSERT_FALSE(taken) << version;
    EXPECT_EQ(taken.error().code, Errc::kConflict);
    EXPECT_EQ(broker.brain.directory().version(), DirectoryVersion{7});
  }
}

TEST(DirectoryPushTest, CutsARevokedNodeOffAtOnce) {
  PaperBroker broker;
  broker.open(1, "330824");
  broker.open(9, "3308");
  Directory::Content content = broker_directory_content(8);
  set_node(content, "330824", EntryState::kRevoked);
  ASSERT_TRUE(take(broker, content));
  broker.turn();
  ASSERT_TRUE(broker.one(1, &Frame::session_refused));
  EXPECT_EQ(broker.one(1, &Frame::session_refused)->code, RefusalCode::kRevoked);
  EXPECT_FALSE(broker.one(1, &Frame::directory));
  broker.post(1, {kCounty, kCity, 1});
  broker.receipt(1, {kCity, kCounty, 1});
  broker.turn();
  EXPECT_TRUE(broker.is_silent(9)) << "nothing of it is carried any more";
  EXPECT_EQ(broker.mailbox.depth().envelopes, 0U);
  EXPECT_TRUE(broker.one(1, &Frame::session_refused)) << "said again to each of its frames";
}

TEST(DirectoryPushTest, BringsMailToTheNewHostOfAnAddress) {
  PaperBroker broker;
  broker.open(9, "3308");
  broker.open(1, "330824");
  broker.post(9, {kCity, kTown, 1});
  broker.turn();
  EXPECT_EQ(broker.mailbox.depth().envelopes, 1U);
  Directory::Content content = broker_directory_content(8);
  entry_of(content, kTown).node = "330824";
  ASSERT_TRUE(take(broker, content));
  broker.turn();
  EXPECT_THAT(broker.seqs(1), ElementsAre(1));
}

TEST(DirectoryPushTest, BringsNoMoreMailToTheFormerHostOfAnAddress) {
  PaperBroker broker;
  broker.open(9, "3308");
  broker.hello(1, "330825");
  broker.post(9, {kCity, kOtherCounty, 1});
  broker.turn();
  Directory::Content content = broker_directory_content(8);
  entry_of(content, kOtherCounty).node = "330824";
  ASSERT_TRUE(take(broker, content));
  broker.turn();
  broker.grant(1, "330825", 10);
  broker.turn();
  EXPECT_THAT(broker.seqs(1), IsEmpty());
}

TEST(DirectoryPushTest, KnowsThatItHasComeByThePongAndOffersItNoMore) {
  PaperBroker broker;
  broker.open(1, "330824");
  ASSERT_TRUE(take(broker, broker_directory_content(8)));
  broker.turn();
  Frame pong;
  pong.pong = courier::Pong{broker.one(1, &Frame::ping)->number};
  broker.hear(1, "330824", pong);
  EXPECT_EQ(broker.brain.sessions().all().at(PaperBroker::key(1)).directory, DirectoryVersion{8});
}

TEST(DirectoryOffersTest, LetsOnlySoManyBeUnderWay) {
  DirectoryOffers offers;
  for (std::size_t i = 0; i < kOffersUnderWayMax + 5; ++i) {
    offers.want(PaperBroker::key(static_cast<std::uint8_t>(i)));
  }
  const std::vector<SessionKey> first = offers.due();
  ASSERT_THAT(first, SizeIs(kOffersUnderWayMax));
  for (const SessionKey& session : first) offers.sent(session, 10);
  EXPECT_THAT(offers.due(), IsEmpty());
  EXPECT_FALSE(offers.on_pong(first[0], 9)) << "an earlier ping's";
  EXPECT_TRUE(offers.on_pong(first[0], 10));
  EXPECT_FALSE(offers.on_pong(first[0], 10));
  EXPECT_TRUE(offers.on_pong(first[1], 12)) << "a later ping's says it too";
  EXPECT_THAT(offers.due(), SizeIs(2));
  offers.forget(first[2]);
  EXPECT_THAT(offers.due(), SizeIs(3));
  offers.forget_all();
  EXPECT_THAT(offers.due(), IsEmpty());
}

}  // namespace
}  // namespace minqing::broker
