// The set of handlers, and the demonstration's one.
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "nodes/agency/demo_handler.h"
#include "nodes/common/handler_set.h"
#include "store/node_store.h"
#include "tests/support/paper_desk.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using namespace minqing::testing;
using agency::DemoHandler;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using NodeCommand = node::Command;

constexpr Instant kStart{std::chrono::hours{24 * 365 * 56}};

/// Notes what it is shown, and has as many commands as it is told.
class NotingHandler final : public Handler {
 public:
  const char* name() const override { return "noting"; }
  void on_loop(const LoopRecord& loop, const std::optional<casework::CaseRecord>&) override {
    loops.push_back(loop.owner.text());
  }
  void on_case(const casework::CaseRecord& record) override {
    cases.push_back(record.owner.text());
  }
  std::vector<NodeCommand> take_commands(Instant, std::size_t limit) override {
    std::vector<NodeCommand> out;
    while (waiting > 0 && out.size() < limit) {
      --waiting;
      out.emplace_back().act.staff = word;
    }
    return out;
  }
  void on_outcome(const NodeCommand& command, const Status& outcome) override {
    outcomes.push_back(command.act.staff + (outcome ? " ok" : " " + outcome.error().detail));
  }
  std::optional<Instant> next_deadline() const override { return deadline; }

  std::vector<std::string> loops, cases, outcomes;
  std::size_t waiting = 0;
  std::string word;
  std::optional<Instant> deadline;
};

class HandlerSetTest : public ::testing::Test {
 protected:
  HandlerSetTest() {
    std::vector<HandlerSet::Binding> bindings;
    bindings.push_back({std::nullopt, std::make_unique<NotingHandler>()});
    bindings.push_back({kHousing, std::make_unique<NotingHandler>()});
    others_ = static_cast<NotingHandler*>(bindings[0].handler.get());
    housing_ = static_cast<NotingHandler*>(bindings[1].handler.get());
    others_->word = "others";
    housing_->word = "housing";
    set_ = std::make_unique<HandlerSet>(std::move(bindings));
  }

  NotingHandler* others_ = nullptr;
  NotingHandler* housing_ = nullptr;
  std::unique_ptr<HandlerSet> set_;
};

TEST_F(HandlerSetTest, ShowsEachChangeToTheHandlerOfItsAddress) {
  PaperDesk desk;
  MemoryCaseBook book;
  TurnNotes notes;
  for (const Address& owner : {kHousing, kGarden}) {
    LoopRecord loop;
    loop.owner = owner;
    loop.loop.bytes[0] = 1;
    loop.case_id = desk.matter;
    book.put_loop(loop);
    notes.loops.emplace(owner, loop.loop);
    casework::CaseRecord record;
    record.owner = owner;
    record.case_id = desk.matter;
    book.put_case(record);
    notes.cases.emplace(owner, desk.matter);
  }
  set_->show(notes, book);
  EXPECT_THAT(housing_->loops, ElementsAre("housing@330824"));
  EXPECT_THAT(housing_->cases, ElementsAre("housing@330824"));
  EXPECT_THAT(others_->loops, ElementsAre("garden@330824")) << "whom no other binding names";
  EXPECT_THAT(others_->cases, ElementsAre("garden@330824"));
}

TEST_F(HandlerSetTest, TellsEachHandlerWhatBecameOfItsCommands) {
  others_->waiting = 2;
  housing_->waiting = 1;
  EXPECT_THAT(set_->take_commands(kStart, 10), SizeIs(3));
  set_->tell({ok(), Error{Errc::kConflict, "too late"}, ok()});
  EXPECT_THAT(others_->outcomes, ElementsAre("others ok", "others too late"));
  EXPECT_THAT(housing_->outcomes, ElementsAre("housing ok"));
  housing_->waiting = 1;
  EXPECT_THAT(set_->take_commands(kStart, 10), SizeIs(1));
  set_->tell({Error{Errc::kConflict, "again"}});
  EXPECT_THAT(housing_->outcomes, ElementsAre("housing ok", "housing again"));
  EXPECT_THAT(others_->outcomes, SizeIs(2)) << "each is told once";
}

TEST_F(HandlerSetTest, TakesNoMoreThanItsLimit) {
  others_->waiting = 5;
  housing_->waiting = 5;
  EXPECT_THAT(set_->take_commands(kStart, 7), SizeIs(7));
  EXPECT_EQ(others_->waiting, 0U);
  EXPECT_EQ(housing_->waiting, 3U);
}

TEST_F(HandlerSetTest, WakesForTheFirstOfItsDeadlines) {
  EXPECT_EQ(set_->next_deadline(), std::nullopt);
  others_->deadline = kStart + 2s;
  housing_->deadline = kStart + 1s;
  EXPECT_EQ(set_->next_deadline(), kStart + 1s);
}

TEST(HandlerSetDeathTest, ChecksThatEveryOutcomeIsTold) {
  HandlerSet set{{}};
  EXPECT_DEATH(set.tell({ok()}), "CHECK failed");
}

TEST(EmptyHandlerSetTest, DoesNothing) {
  HandlerSet set{{}};
  EXPECT_TRUE(set.is_empty());
  EXPECT_THAT(set.take_commands(kStart, 10), IsEmpty());
  set.tell({});
}

// --- the demonstration's -------------------------------------------------------------------------

/// Lets handlers act at every address of a paper city until nothing more follows.
class Demonstration {
 public:
  explicit Demonstration(std::vector<Address> offices) {
    for (const Address& office : offices) staff_[office] = make(DemoHandler::Stage::kOffice);
    for (const Address& unit : {kHousing, kEmergency, kGarden}) {
      staff_[unit] = make(DemoHandler::Stage::kAgency);
    }
  }
  void run() {
    for (int rounds = 0; rounds < 60; ++rounds) {
      desk.city.deliver();
      for (auto& [address, handler] : staff_) {
        show(address, *handler);
        for (const NodeCommand& command : handler->take_commands(desk.city.now(), 100)) {
          handler->on_outcome(command, desk.city.act(command.act));
          EXPECT_EQ(command.act.staff, "demo");
        }
      }
    }
  }

  PaperDesk desk;

 private:
  static std::unique_ptr<DemoHandler> make(DemoHandler::Stage stage) {
    return std::make_unique<DemoHandler>(stage, Millis{0});
  }
  void show(const Address& address, DemoHandler& handler) {
    const auto record = desk.city.book(address).find_case(address, desk.matter);
    for (const LoopRecord& loop : desk.loops(address)) handler.on_loop(loop, record);
    if (record) handler.on_case(*record);
  }

  std::map<Address, std::unique_ptr<DemoHandler>> staff_;
};

TEST(DemoHandlerTest, ClosesADispatchedCaseByItself) {
  Demonstration demo{{kCounty}};
  ASSERT_EQ(demo.desk.act(Kind::kPetitionSubmit, kCounty, petition()), "");
  demo.run();
  EXPECT_EQ(demo.desk.state(kCounty), CaseState::kClosed);
  for (const LoopRecord& loop : demo.desk.loops(kCounty)) EXPECT_NE(loop.end, LoopEnd::kOpen);
  EXPECT_EQ(demo.desk.state(kHousing), CaseState::kHandled);
}

TEST(DemoHandlerTest, RefersAVillagesCaseUpAndBringsTheAnswerBack) {
  Demonstration demo{{kVillage1, kTown, kCounty}};
  ASSERT_EQ(demo.desk.act(Kind::kPetitionSubmit, kVillage1, petition()), "");
  demo.run();
  EXPECT_EQ(demo.desk.state(kVillage1), CaseState::kClosed);
}

TEST(DemoHandlerTest, AnAgencyAnswersAndMovesNoCaseOn) {
  PaperDesk desk;
  desk.file(kCounty);
  DemoHandler handler{DemoHandler::Stage::kAgency, Millis{0}};
  handler.on_case(desk.record(kCounty));
  EXPECT_THAT(handler.take_commands(kStart, 10), IsEmpty());
}

TEST(DemoHandlerTest, WaitsItsDelayBeforeEachAct) {
  DemoHandler handler{DemoHandler::Stage::kOffice, 5s};
  PaperDesk desk;
  desk.file(kCounty);
  EXPECT_EQ(handler.next_deadline(), std::nullopt);
  handler.on_case(desk.record(kCounty));
  EXPECT_THAT(handler.take_commands(kStart, 10), IsEmpty());
  EXPECT_EQ(handler.next_deadline(), kStart + 5s);
  EXPECT_THAT(handler.take_commands(kStart + 4s, 10), IsEmpty());
  EXPECT_THAT(handler.take_commands(kStart + 5s, 10), SizeIs(1));
  EXPECT_EQ(handler.next_deadline(), std::nullopt);
}

TEST(DemoHandlerTest, AnswersNoLoopThatHasEndedOrThatItAsked) {
  DemoHandler handler{DemoHandler::Stage::kAgency, Millis{0}};
  casework::CaseRecord record;
  LoopRecord loop;
  loop.kind = Kind::kStatementRequest;
  loop.owner = kGarden;
  loop.end_held = Side::kAsk;
  handler.on_loop(loop, record);
  loop.end_held = Side::kAnswer;
  loop.end = LoopEnd::kWithdrawn;
  handler.on_loop(loop, record);
  EXPECT_THAT(handler.take_commands(kStart, 10), IsEmpty());
  loop.end = LoopEnd::kOpen;
  handler.on_loop(loop, record);
  EXPECT_THAT(handler.take_commands(kStart, 10), SizeIs(1));
}

}  // namespace
}  // namespace minqing::node
