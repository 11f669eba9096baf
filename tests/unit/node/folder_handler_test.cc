#include "nodes/agency/folder_handler.h"

#include <fstream>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "core/uuid7.h"
#include "ops/atomic_file.h"
#include "seal/hash.h"
#include "tests/support/paper_desk.h"
#include "tests/unit/ops/temporary_directory.h"

namespace minqing::agency {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace minqing::testing;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant kStart{std::chrono::hours{24 * 365 * 56}};

class FolderHandlerTest : public ::testing::Test {
 protected:
  FolderHandlerTest() {
    loop_.owner = kHousing;
    loop_.peer = kCounty;
    loop_.end_held = Side::kAnswer;
    loop_.kind = Kind::kDispatch;
    loop_.case_id = matter_;
    loop_.loop.bytes[0] = 1;
    loop_.opened_at = kStart;
    record_.owner = kHousing;
    record_.case_id = matter_;
    record_.title = "雨棚被拆";
    record_.petitioner_ref = "never-shown";
    start();
  }
  void start() {
    auto opened = FolderHandler::open({.address = kHousing,
                                       .directory = root_,
                                       .roles = {Role::kHandler},
                                       .hash = [](ByteView b) { return Leaf{seal::hash(b)}; }});
    CHECK(opened);
    handler_ = *std::move(opened);
  }
  json answer() const {
    return {{"case", matter_.text()},
            {"loop", format_uuid(loop_.loop)},
            {"kind", "RESULT_SUBMIT"},
            {"staff", "wang"},
            {"set", {{"text", "雨棚已重装"}, {"solved", "SOLVED"}, {"outcome", "SUPPORTED"}}}};
  }
  void drop(const std::string& name, const std::string& text) {
    CHECK(ops::write_file_atomically((root_ / "outbox" / name).string(), text,
                                     ops::FilePrivacy::kPrivate));
  }
  std::vector<node::Command> take(std::size_t limit = 100) {
    now_ += 1s;
    return handler_->take_commands(now_, limit);
  }
  std::set<std::string> files(const char* folder) const {
    std::set<std::string> out;
    for (const auto& item : fs::directory_iterator{root_ / folder}) {
      out.insert(item.path().filename().string());
    }
    return out;
  }
  std::string text_of(const char* folder, const std::string& name) const {
    std::ifstream in{root_ / folder / name};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  std::string loop_file() const { return matter_.text() + "_" + format_uuid(loop_.loop) + ".json"; }

  ops::TemporaryDirectory directory_;
  fs::path root_ = fs::path{directory_.path()} / "housing";
  CountingRandom random_;
  CaseId matter_ = CaseId::make("330824", kStart, random_);
  LoopRecord loop_;
  casework::CaseRecord record_;
  Instant now_ = kStart;
  std::unique_ptr<FolderHandler> handler_;
};

TEST_F(FolderHandlerTest, MakesItsFoldersAndOpensAgainOverThem) {
  for (const char* folder : {"inbox", "closed", "outbox", "done", "rejected"}) {
    EXPECT_TRUE(fs::is_directory(root_ / folder)) << folder;
  }
  start();
}

TEST_F(FolderHandlerTest, SaysWhichFolderCannotBeMade) {
  std::ofstream{directory_.file("file")} << "x";
  const auto opened = FolderHandler::open({.address = kHousing,
                                           .directory = directory_.file("file"),
                                           .roles = {},
                                           .hash = [](ByteView) { return Leaf{}; }});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kIo);
  EXPECT_THAT(opened.error().detail, HasSubstr("file/inbox"));
}

TEST_F(FolderHandlerTest, ShowsAnOpenLoopAndMovesItWhenItEnds) {
  handler_->on_loop(loop_, record_);
  EXPECT_THAT(files("inbox"), ElementsAre(loop_file()));
  const json shown = json::parse(text_of("inbox", loop_file()));
  EXPECT_EQ(shown["case"], matter_.text());
  EXPECT_EQ(shown["loop"], format_uuid(loop_.loop));
  EXPECT_EQ(shown["kind"], "DISPATCH");
  EXPECT_EQ(shown["from"], "330824");
  EXPECT_EQ(shown["title"], "雨棚被拆");
  EXPECT_EQ(text_of("inbox", loop_file()).find("never-shown"), std::string::npos);
  loop_.progress = "SIGN";
  handler_->on_loop(loop_, record_);
  EXPECT_EQ(json::parse(text_of("inbox", loop_file()))["progress"], "SIGN");
  loop_.end = LoopEnd::kResolved;
  handler_->on_loop(loop_, record_);
  EXPECT_THAT(files("inbox"), IsEmpty());
  EXPECT_THAT(files("closed"), ElementsAre(loop_file()));
  EXPECT_EQ(handler_->failures(), 0U);
}

TEST_F(FolderHandlerTest, ShowsNoLoopThatOthersMustAnswer) {
  loop_.end_held = Side::kAsk;
  handler_->on_loop(loop_, record_);
  EXPECT_THAT(files("inbox"), IsEmpty());
}

TEST_F(FolderHandlerTest, TurnsAnAnswerIntoACommand) {
  drop("a.json", answer().dump());
  const auto commands = take();
  ASSERT_THAT(commands, SizeIs(1));
  const casework::Command& act = commands[0].act;
  EXPECT_EQ(act.kind, Kind::kResultSubmit);
  EXPECT_EQ(act.at, kHousing);
  EXPECT_EQ(act.case_id, matter_);
  EXPECT_EQ(act.loop, loop_.loop);
  EXPECT_EQ(act.staff, "wang");
  EXPECT_THAT(act.roles, ElementsAre(Role::kHandler));
  EXPECT_EQ(act.content.text, "雨棚已重装");
  EXPECT_EQ(act.content.solved, "SOLVED");
  EXPECT_TRUE(is_uuid7(commands[0].id));
}

TEST_F(FolderHandlerTest, MovesTheFileOnlyWhenItsOutcomeIsKnown) {
  drop("a.json", answer().dump());
  const auto commands = take();
  ASSERT_THAT(commands, SizeIs(1));
  EXPECT_THAT(files("outbox"), ElementsAre("a.json"));
  EXPECT_THAT(take(), IsEmpty()) << "in work: not handed out twice";
  handler_->on_outcome(commands[0], ok());
  EXPECT_THAT(files("outbox"), IsEmpty());
  EXPECT_THAT(files("done"), ElementsAre("a.json"));
  EXPECT_THAT(files("rejected"), IsEmpty());
}

TEST_F(FolderHandlerTest, MakesTheSameIdOfTheSameFileAfterACrash) {
  drop("a.json", answer().dump());
  const auto before = take();
  ASSERT_THAT(before, SizeIs(1));
  start();  // the node died between the commit and the move
  const auto after = take();
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(after[0].id, before[0].id);
}

TEST_F(FolderHandlerTest, MakesAnotherIdOfAnotherNameOrContent) {
  drop("a.json", answer().dump());
  drop("b.json", answer().dump());
  json other = answer();
  other["set"]["text"] = "另一个";
  drop("c.json", other.dump());
  std::set<MessageId> ids;
  for (const node::Command& command : take()) ids.insert(command.id);
  EXPECT_THAT(ids, SizeIs(3));
}

TEST_F(FolderHandlerTest, RejectsARefusedAnswerWithItsReason) {
  drop("a.json", answer().dump());
  const auto commands = take();
  ASSERT_THAT(commands, SizeIs(1));
  handler_->on_outcome(commands[0], Error{Errc::kConflict, "the loop is closed"});
  EXPECT_THAT(files("outbox"), IsEmpty());
  EXPECT_THAT(files("done"), IsEmpty());
  EXPECT_THAT(files("rejected"), ElementsAre("a.json", "a.json.reason.txt"));
  EXPECT_EQ(text_of("rejected", "a.json.reason.txt"), "the loop is closed\n");
  EXPECT_EQ(json::parse(text_of("rejected", "a.json")), answer()) << "the agency's own words";
}

TEST_F(FolderHandlerTest, RejectsEveryBadFileWithItsReasonAndGoesOn) {
  const auto with = [&](const char* key, const json& value) {
    json out = answer();
    out[key] = value;
    return out.dump();
  };
  const auto without = [&](const char* key) {
    json out = answer();
    out.erase(key);
    return out.dump();
  };
  const std::pair<std::string, const char*> table[] = {
      {"", "not valid JSON"},
      {"{\"case\":", "not valid JSON"},
      {"\xFF\xFE", "not valid"},
      {"[]", "one JSON object"},
      {without("case"), "needs \"case\""},
      {without("kind"), "needs \"kind\""},
      {without("staff"), "needs \"staff\""},
      {with("kind", "RESULT"), "unknown kind \"RESULT\""},
      {with("kind", 5), "needs \"kind\" as text"},
      {with("case", "Q330824-26-000000000"), "case id"},
      {with("loop", "x"), "\"loop\" is not an id: x"},
      {with("set", json::array()), "\"set\" must be an object"},
      {with("set", {{"text", true}}), "set.text must be"},
      {with("set", {{"mood", "good"}}), "mood"},
      {with("set", {{"solved", "MAYBE"}}), "solved"},
      {with("at", "330824"), "unknown key \"at\""},
      {with("roles", json::array({"ADMIN"})), "unknown key \"roles\""},
  };
  std::size_t number = 100;
  for (const auto& [text, fault] : table) {
    const std::string name = std::to_string(++number) + ".json";
    drop(name, text);
    EXPECT_THAT(take(), IsEmpty()) << text;
    EXPECT_THAT(text_of("rejected", name + ".reason.txt"), HasSubstr(fault)) << text;
    EXPECT_TRUE(files("rejected").contains(name));
  }
  EXPECT_THAT(files("outbox"), IsEmpty());
  drop("bad.json", "x");
  drop("good.json", answer().dump());
  EXPECT_THAT(take(), SizeIs(1)) << "a bad file stops no other";
}

TEST_F(FolderHandlerTest, RejectsAFileTooLargeToBeAnAnswer) {
  drop("a.json", std::string(600 * 1024, ' '));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_TRUE(files("rejected").contains("a.json.reason.txt"));
}

TEST_F(FolderHandlerTest, LooksAtNothingButJsonFiles) {
  drop("a.tmp", answer().dump());
  drop("b.json.part", answer().dump());
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(files("outbox"), ElementsAre("a.tmp", "b.json.part"));
}

TEST_F(FolderHandlerTest, HandsOutOnlySoManyAtOnceAndTheRestNextTime) {
  for (const char* name : {"a.json", "b.json", "c.json"}) drop(name, answer().dump());
  EXPECT_THAT(take(2), SizeIs(2));
  EXPECT_THAT(take(2), SizeIs(1));
}

TEST_F(FolderHandlerTest, LooksOnlyAsOftenAsItShould) {
  drop("a.json", answer().dump());
  ASSERT_THAT(take(), SizeIs(1));
  drop("b.json", answer().dump());
  EXPECT_THAT(handler_->take_commands(now_ + 100ms, 10), IsEmpty());
  EXPECT_EQ(handler_->next_deadline(), now_ + 200ms);
  EXPECT_THAT(handler_->take_commands(now_ + 200ms, 10), SizeIs(1));
}

TEST_F(FolderHandlerTest, CountsWhatItCouldNotWrite) {
  fs::remove_all(root_ / "inbox");
  std::ofstream{root_ / "inbox"} << "in the way";
  handler_->on_loop(loop_, record_);
  EXPECT_EQ(handler_->failures(), 1U);
}

}  // namespace
}  // namespace minqing::agency
