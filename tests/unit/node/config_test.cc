#include "nodes/common/config.h"

#include <string>

#include <gmock/gmock.h>

#include "ops/atomic_file.h"
#include "tests/unit/ops/temporary_directory.h"

namespace minqing::node {
namespace {

using namespace std::chrono_literals;
using casework::Role;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint32_t kOwnUid = 1'000;

/// The least that a node needs.
const std::string kLeast = R"([node]
name = "kaihua"
[[broker]]
endpoint = "tcp://127.0.0.1:7711"
key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
)";

class NodeConfigTest : public ::testing::Test {
 protected:
  Result<NodeConfig> load(const std::string& text) {
    CHECK(ops::write_file_atomically(path_, text, ops::FilePrivacy::kPublic));
    return load_config(path_, kOwnUid);
  }
  /// The faults, one a line, without the directory's name; "" when there is none.
  std::string faults(const std::string& text) {
    const auto config = load(text);
    if (config) return "";
    EXPECT_EQ(config.error().code, Errc::kInvalid);
    std::string out = config.error().detail;
    const std::string prefix = directory_.path() + "/";
    for (auto at = out.find(prefix); at != std::string::npos; at = out.find(prefix)) {
      out.erase(at, prefix.size());
    }
    return out;
  }

  ops::TemporaryDirectory directory_;
  std::string path_ = directory_.file("node.toml");
};

TEST_F(NodeConfigTest, ADigestIsWrittenWhereItsTableIsAndNowhereElse) {
  const auto without = load(kLeast);
  ASSERT_TRUE(without) << without.error().detail;
  EXPECT_FALSE(without->digest);
  const auto with = load(kLeast + "[digest]\nhour = 7\n");
  ASSERT_TRUE(with) << with.error().detail;
  ASSERT_TRUE(with->digest);
  EXPECT_EQ(with->digest->hour, 7);
  EXPECT_EQ(with->digest->days_kept, 30);
  EXPECT_EQ(with->digest->directory, directory_.path() + "/digest");
  EXPECT_THAT(faults(kLeast + "[digest]\nhour = 24\n"), HasSubstr("digest.hour"));
}

TEST_F(NodeConfigTest, NeedsANameAndABrokerAndHasDefaultsForTheRest) {
  const auto config = load(kLeast);
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_EQ(config->name, "kaihua");
  ASSERT_THAT(config->brokers, SizeIs(1));
  EXPECT_EQ(config->brokers[0].endpoint, "tcp://127.0.0.1:7711");
  EXPECT_EQ(config->brokers[0].key.hex(),
            "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
  EXPECT_EQ(config->directory, directory_.file("directory.bin"));
  EXPECT_EQ(config->authority, directory_.file("authority.pub"));
  EXPECT_EQ(config->status_host, "127.0.0.1") << "seen from this machine alone";
  EXPECT_THAT(config->staff, IsEmpty());
  EXPECT_THAT(config->handlers, IsEmpty());
  EXPECT_EQ(config->store_bytes_max, 0U);
}

TEST_F(NodeConfigTest, ReadsEverything) {
  const auto config = load(kLeast + R"(
[status]
host = "0.0.0.0"
port = 9100
[log]
level = "debug"
file = "node.log"
[[staff]]
id = "wang"
roles = ["CLERK", "DISPATCHER"]
[[staff]]
id = "li"
roles = ["HANDLER"]
uids = ["1001", "1002"]
[[handler]]
address = "*"
kind = "demo"
stage = "office"
delay_ms = 250
[[handler]]
address = "housing@330824"
kind = "folder"
directory = "adapters/housing"
roles = ["HANDLER", "UNIT_HEAD"]
)");
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_EQ(config->status_port, 9'100);
  EXPECT_EQ(config->log_file, directory_.file("node.log"));
  ASSERT_THAT(config->staff, SizeIs(2));
  EXPECT_THAT(config->staff[0].roles, ElementsAre(Role::kClerk, Role::kDispatcher));
  EXPECT_THAT(config->staff[0].uids, ElementsAre(kOwnUid)) << "without a list: the daemon's own";
  EXPECT_THAT(config->staff[1].uids, ElementsAre(1'001U, 1'002U));
  ASSERT_THAT(config->handlers, SizeIs(2));
  EXPECT_EQ(config->handlers[0].address, std::nullopt);
  EXPECT_EQ(config->handlers[0].kind, HandlerKind::kDemo);
  EXPECT_EQ(config->handlers[0].stage, DemoStage::kOffice);
  EXPECT_EQ(config->handlers[0].delay, 250ms);
  EXPECT_EQ(config->handlers[1].address, Address::of("housing@330824"));
  EXPECT_EQ(config->handlers[1].directory, directory_.file("adapters/housing"));
  EXPECT_THAT(config->handlers[1].roles, ElementsAre(Role::kHandler, Role::kUnitHead));
}

TEST_F(NodeConfigTest, SaysEveryFaultAtOnceWithItsPlace) {
  const std::string text = R"([node]
name = "kaihua"
nmae = "slip"
[[broker]]
endpoint = "udp://x"
key = "0011"
[[staff]]
id = "wang"
roles = ["CLERK", "KING"]
[[staff]]
id = "wang"
roles = []
[[handler]]
address = "housing@33"
kind = "demo"
delay_ms = 99999999
)";
  const std::string found = faults(text);
  const char* const expected[] = {
      "node.toml:3:1: unknown key \"node.nmae\"; known: name,",
      "node.toml:5:12: broker.endpoint must be like \"tcp://",
      "node.toml:6:7: broker.key must be the 64 hexadecimal digits",
      "node.toml:9:19: staff.roles",
      "node.toml:11:6: staff.id is there twice",
      "node.toml:12:9: staff.roles",
      "node.toml:14:11: handler.address",
      "node.toml:16:12: handler.delay_ms",
  };
  for (const char* fault : expected) EXPECT_THAT(found, HasSubstr(fault));
  EXPECT_EQ(std::count(found.begin(), found.end(), '\n') + 1, std::ssize(expected)) << found;
}

TEST_F(NodeConfigTest, NamesEachFault) {
  const std::pair<std::string, const char*> table[] = {
      {"", "node"},
      {"[node]\nname = \"x\"\n", "broker"},
      {"[node]\n" + kLeast.substr(kLeast.find("[[broker]]")), "name"},
      {"[node]\nname = \"" + std::string(65, 'x') + "\"\n" + kLeast.substr(kLeast.find("[[bro")),
       "longer than 64"},
      {kLeast + "[[staff]]\nid = \"" + std::string(65, 'x') + "\"\nroles = [\"CLERK\"]\n",
       "longer than 64"},
      {kLeast + "[[staff]]\nid = \"w\"\nroles = [\"SYSTEM\"]\n", "must be one of CITIZEN"},
      {kLeast + "[[staff]]\nid = \"w\"\n", "staff"},
      {kLeast + "[[staff]]\nid = \"w\"\nroles = [\"CLERK\"]\nuids = [\"-1\"]\n", "user id"},
      {kLeast + "[[staff]]\nid = \"w\"\nroles = [\"CLERK\"]\nuids = [\"4294967295\"]\n", "user id"},
      {kLeast + "[[staff]]\nid = \"w\"\nroles = [\"CLERK\"]\nuids = [\"99999999999\"]\n",
       "user id"},
      {kLeast + "[[staff]]\nid = \"w\"\nroles = [\"CLERK\"]\nuids = [\"root\"]\n", "user id"},
      {kLeast + "[[handler]]\naddress = \"*\"\nkind = \"robot\"\n", "handler.kind"},
      {kLeast + "[[handler]]\naddress = \"*\"\nkind = \"folder\"\ndirectory = \"d\"\n",
       "of a folder must be one address"},
      {kLeast + "[[handler]]\naddress = \"3308\"\nkind = \"folder\"\n", "directory"},
      {kLeast + "[[handler]]\naddress = \"3308\"\nkind = \"demo\"\n"
                "[[handler]]\naddress = \"3308\"\nkind = \"demo\"\n",
       "has a handler already"},
      {kLeast + "[[handler]]\naddress = \"3308\"\nkind = \"demo\"\ndirectory = \"d\"\n",
       "handler.directory"},
      {kLeast + "[status]\nport = 70000\n", "status.port"},
      {kLeast + "[log]\nlevel = \"loud\"\n", "log.level"},
      {kLeast + "[extra]\n", "extra"},
  };
  for (const auto& [text, fault] : table) EXPECT_THAT(faults(text), HasSubstr(fault)) << text;
}

TEST_F(NodeConfigTest, TakesAtMostEightBrokers) {
  const std::string one = kLeast.substr(kLeast.find("[[broker]]"));
  std::string text = "[node]\nname = \"x\"\n";
  for (std::size_t i = 0; i < kBrokersMax; ++i) text += one;
  EXPECT_EQ(faults(text), "");
  EXPECT_THAT(faults(text + one), HasSubstr("broker"));
}

TEST_F(NodeConfigTest, SaysWhichFileIsMissing) {
  const auto config = load_config(directory_.file("absent.toml"), kOwnUid);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, Errc::kNotFound);
  EXPECT_THAT(config.error().detail, HasSubstr("absent.toml"));
}

// What people copy must load as it stands.
TEST_F(NodeConfigTest, LoadsTheExampleThatPeopleCopy) {
  const auto config = load_config(MINQING_SOURCE_DIR "/config/examples/node.toml", kOwnUid);
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_FALSE(config->brokers.empty());
}

}  // namespace
}  // namespace minqing::node
