#include "ops/config.h"

#include <gmock/gmock.h>

#include "ops/atomic_file.h"
#include "tests/unit/ops/temporary_directory.h"

namespace minqing::ops {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

enum class Durability { kSynced, kBuffered };
constexpr std::array kDurabilityWords{Choice<Durability>{"synced", Durability::kSynced},
                                      Choice<Durability>{"buffered", Durability::kBuffered}};

class ConfigTest : public testing::Test {
 protected:
  ConfigFile load(std::string_view text) {
    CHECK(write_file_atomically(path_, text, FilePrivacy::kPublic));
    auto file = ConfigFile::load(path_);
    CHECK(file);
    return *std::move(file);
  }
  /// The lines of finish(), without "<directory>/".
  std::string faults(ConfigFile& file) {
    const Status status = file.finish();
    if (status) return "";
    EXPECT_EQ(status.error().code, Errc::kInvalid);
    return shortened(status.error().detail);
  }
  std::string shortened(std::string text) const {
    const std::string prefix = directory_.path() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  TemporaryDirectory directory_;
  std::string path_ = directory_.file("broker.toml");
};

TEST_F(ConfigTest, ReadsEveryKindOfValue) {
  ConfigFile file = load(
      "\xEF\xBB\xBF"  // an editor's byte order mark
      "name = \"开化\"\r\n"
      "workers = 4\n"
      "durability = \"buffered\"\n"
      "sealed = true\n"
      "state = \"state/broker\"\n"
      "key = \"/etc/minqing/key\"\n"
      "since = \"2026-01-01T00:00:00+08:00\"\n"
      "brokers = [\"tcp://a:1\", \"tcp://b:2\"]\n"
      "[retry]\n"
      "delay_min = 250\n"
      "[[peer]]\nname = \"a\"\n"
      "[[peer]]\nname = \"b\"\n");
  const Section root = file.root();
  EXPECT_EQ(root.text("name"), "开化");
  EXPECT_EQ(root.integer("workers", {.min = 1, .max = 8}), 4);
  EXPECT_EQ(root.choice("durability", kDurabilityWords), Durability::kBuffered);
  EXPECT_TRUE(root.flag("sealed"));
  EXPECT_EQ(root.path("state"), directory_.file("state/broker"));
  EXPECT_EQ(root.path("key"), "/etc/minqing/key");
  EXPECT_EQ(root.instant("since"), parse_instant("2026-01-01T00:00:00+08:00"));
  EXPECT_THAT(root.texts("brokers"), ElementsAre("tcp://a:1", "tcp://b:2"));
  EXPECT_EQ(root.child("retry").millis("delay_min", {.min = 10ms, .max = 60s}), 250ms);
  const auto peers = root.sections("peer");
  ASSERT_THAT(peers, SizeIs(2));
  EXPECT_EQ(peers[0].text("name"), "a");
  EXPECT_EQ(peers[1].text("name"), "b");
  EXPECT_EQ(faults(file), "");
}

TEST_F(ConfigTest, AbsentKeysTakeTheirFallbacks) {
  ConfigFile file = load("");
  const Section root = file.root();
  EXPECT_FALSE(root.has("name"));
  EXPECT_EQ(root.text("name", "x"), "x");
  EXPECT_EQ(root.path("state", "s"), directory_.file("s"));
  EXPECT_EQ(root.path("log", ""), "");
  EXPECT_EQ(root.integer("workers", {.min = 1, .max = 8}, 2), 2);
  EXPECT_EQ(root.millis("delay", {}, 5ms), 5ms);
  EXPECT_EQ(root.choice("durability", kDurabilityWords, Durability::kBuffered),
            Durability::kBuffered);
  EXPECT_TRUE(root.flag("sealed", true));
  EXPECT_THAT(root.texts("brokers"), SizeIs(0));
  EXPECT_THAT(root.sections("peer"), SizeIs(0));
  EXPECT_EQ(root.child("retry").integer("attempts", {}, 7), 7);
  EXPECT_EQ(faults(file), "");
}

TEST_F(ConfigTest, ReportsEveryFaultOfTheFileAtOnceInItsOrder) {
  ConfigFile file = load(
      "workers = 99\n"
      "durability = \"loud\"\n"
      "brokers = [\"a\", 3]\n"
      "[retry]\n"
      "delay_min = 5\n"
      "dealy_max = 5\n"
      "name = \"\"\n");
  const Section root = file.root();
  const Section retry = root.child("retry");
  // Asked in another order than that of the file.
  EXPECT_EQ(retry.millis("delay_min", {.min = 10ms, .max = 60s}, 500ms), 500ms);
  retry.millis("delay_max", {.min = 10ms, .max = 60s}, 1s);
  retry.text("name", "");
  EXPECT_THAT(root.texts("brokers"), ElementsAre("a", ""));
  EXPECT_EQ(root.integer("workers", {.min = 1, .max = 8}), 1);
  root.choice("durability", kDurabilityWords, Durability::kSynced);
  EXPECT_EQ(faults(file),
            "broker.toml:1:11: workers must be 1..8\n"
            "broker.toml:2:14: durability must be one of synced, buffered; it is \"loud\"\n"
            "broker.toml:3:17: brokers must be a text in quotes\n"
            "broker.toml:5:13: retry.delay_min must be 10..60000 (milliseconds)\n"
            "broker.toml:6:1: unknown key \"retry.dealy_max\"; known: delay_min, delay_max, name\n"
            "broker.toml:7:8: retry.name must not be empty");
}

TEST_F(ConfigTest, NamesTheSectionThatLacksARequiredKey) {
  ConfigFile file = load("[[peer]]\n\n[[peer]]\nname = \"b\"\n");
  const Section root = file.root();
  EXPECT_EQ(root.text("name"), "");
  EXPECT_EQ(root.integer("port", {.min = 1, .max = 65'535}), 1);
  for (const Section& peer : root.sections("peer")) peer.text("name");
  root.child("store").text("path");
  root.child("directory", Presence::kRequired);
  EXPECT_EQ(root.choice("durability", kDurabilityWords), Durability::kSynced);
  root.texts("brokers", {.min = 1});
  const std::string all = faults(file);
  EXPECT_THAT(all, HasSubstr("broker.toml:1:1: needs name\n"));
  EXPECT_THAT(all, HasSubstr("broker.toml:1:1: needs port\n"));
  EXPECT_THAT(all, HasSubstr("broker.toml:1:1: [peer] needs name\n"));
  EXPECT_THAT(all, Not(HasSubstr("broker.toml:3:1")));
  EXPECT_THAT(all, HasSubstr("broker.toml:1:1: [store] needs path\n"));
  EXPECT_THAT(all, HasSubstr("broker.toml:1:1: needs directory\n"));
  EXPECT_THAT(all, HasSubstr("broker.toml:1:1: needs durability\n"));
  EXPECT_THAT(all, HasSubstr("broker.toml:1:1: needs brokers"));
}

TEST_F(ConfigTest, UnknownKeysAndTablesAreFaultsWithAHint) {
  ConfigFile file = load("nam = \"x\"\nlisten = 1\n[stor]\na = 1\n[other]\n[store]\n");
  file.root().text("name", "");
  file.root().child("store");
  EXPECT_EQ(faults(file),
            "broker.toml:1:1: unknown key \"nam\", did you mean name?; known: name, store\n"
            "broker.toml:2:1: unknown key \"listen\"; known: name, store\n"
            "broker.toml:3:2: unknown table \"stor\", did you mean store?; known: name, store\n"
            "broker.toml:5:2: unknown table \"other\"; known: name, store");
}

TEST_F(ConfigTest, ATableAskedForTwiceKnowsTheKeysOfBoth) {
  ConfigFile file = load("[store]\npath = \"a\"\nbytes = 1\n");
  EXPECT_EQ(file.root().child("store").text("path"), "a");
  EXPECT_EQ(file.root().child("store").integer("bytes", {}), 1);
  EXPECT_EQ(faults(file), "");
}

TEST_F(ConfigTest, TheWrongKindOfValueIsAFault) {
  ConfigFile file = load(
      "a = 1.5\nb = 1\nc = \"yes\"\nd = 3\ne = \"x\"\nf = [1]\ng = 2026-01-01\nh = \"1\"\n"
      "i = \"a\\u0007b\"\nj = [\"a\", \"b\"]\n");
  const Section root = file.root();
  root.integer("a", {.min = 2});
  root.text("b");
  root.flag("c");
  root.child("d");
  root.sections("e");
  EXPECT_THAT(root.sections("f"), SizeIs(0));
  root.instant("g");
  root.millis("h", {.max = 9ms});
  root.text("i");
  root.texts("j", {.min = 3, .max = 5});
  EXPECT_EQ(faults(file),
            "broker.toml:1:5: a must be 2 or more\n"
            "broker.toml:2:5: b must be a text in quotes\n"
            "broker.toml:3:5: c must be true or false\n"
            "broker.toml:4:5: d must be a table: [d]\n"
            "broker.toml:5:5: e must be a list of tables: [[e]]\n"
            "broker.toml:6:6: f must hold tables only: {...}\n"
            "broker.toml:7:5: g must be like \"2026-01-01T00:00:00+08:00\", in quotes\n"
            "broker.toml:8:5: h must be 0..9 (milliseconds)\n"
            "broker.toml:9:5: i must be one line without control characters\n"
            "broker.toml:10:5: j must have 3..5 items");
}

TEST_F(ConfigTest, TheCallersOwnFaultsStandAmongTheOthers) {
  ConfigFile file = load("brokers = [\"a\", \"b\"]\nname = \"x\"\n[retry]\nmin = 1\n");
  const Section root = file.root();
  const Section retry = root.child("retry");
  root.texts("brokers");
  root.text("name");
  retry.integer("min", {});
  retry.reject("min", "must be below max");
  root.reject("name", "is taken\nby another");
  root.reject("brokers", 1, "is no endpoint");
  EXPECT_EQ(faults(file),
            "broker.toml:1:17: brokers is no endpoint\n"
            "broker.toml:2:8: name is taken\\nby another\n"
            "broker.toml:4:7: retry.min must be below max");
}

TEST_F(ConfigTest, WhatIsNoTomlFailsWithItsPlace) {
  for (const auto& [text, fault] : std::vector<std::pair<std::string, std::string>>{
           {"a = 1\nb = \n", "broker.toml:2:"},
           {"a = 1\na = 2\n", "broker.toml:2:"},
           {"name = \"\xFF\"\n", "broker.toml:1:8: "}}) {
    CHECK(write_file_atomically(path_, text, FilePrivacy::kPublic));
    const auto file = ConfigFile::load(path_);
    ASSERT_FALSE(file) << text;
    EXPECT_EQ(file.error().code, Errc::kInvalid);
    EXPECT_THAT(shortened(file.error().detail), testing::StartsWith(fault));
    EXPECT_THAT(file.error().detail, Not(HasSubstr("\n")));
  }
  const auto missing = ConfigFile::load(directory_.file("none.toml"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::kNotFound);
  EXPECT_THAT(missing.error().detail, HasSubstr("none.toml"));
}

TEST_F(ConfigTest, SectionsOutliveAMoveOfTheirFile) {
  ConfigFile first = load("[store]\npath = \"a\"\n");
  const Section store = first.root().child("store");
  ConfigFile second = std::move(first);
  EXPECT_EQ(store.text("path"), "a");
  EXPECT_EQ(faults(second), "");
  EXPECT_EQ(second.path(), path_);
}

TEST(FaultListTest, ShowsAHundredAndCountsTheRest) {
  FaultList faults;
  for (std::size_t i = 1; i <= kFaultsShownMax + 5; ++i) faults.add({"a", i, 1}, "bad");
  const std::string lines = faults.status().error().detail;
  EXPECT_THAT(lines, HasSubstr("\na:100:1: bad\n... and 5 more faults"));
  EXPECT_THAT(lines, Not(HasSubstr("a:101:1")));
}

}  // namespace
}  // namespace minqing::ops
