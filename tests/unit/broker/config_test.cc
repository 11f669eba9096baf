#include "broker/config.h"

#include <string>

#include <gmock/gmock.h>

#include "ops/atomic_file.h"
#include "tests/unit/ops/temporary_directory.h"

namespace minqing::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kLeast = R"([broker]
name = "broker-1"
endpoint = "tcp://127.0.0.1:*"
)";

class BrokerConfigTest : public ::testing::Test {
 protected:
  Result<BrokerConfig> load(const std::string& text) {
    CHECK(ops::write_file_atomically(path_, text, ops::FilePrivacy::kPublic));
    return load_config(path_);
  }
  std::string faults(const std::string& text) {
    const auto config = load(text);
    if (config) return "";
    EXPECT_EQ(config.error().code, Errc::kInvalid);
    return config.error().detail;
  }

  ops::TemporaryDirectory directory_;
  std::string path_ = directory_.file("broker.toml");
};

TEST_F(BrokerConfigTest, NeedsANameAndAnEndpointAndHasDefaultsForTheRest) {
  const auto config = load(kLeast);
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_EQ(config->name, "broker-1");
  EXPECT_EQ(config->endpoint, "tcp://127.0.0.1:*");
  EXPECT_EQ(config->directory, directory_.file("directory.bin"));
  EXPECT_EQ(config->sessions_max, limits::kSessionsMax);
  EXPECT_EQ(config->delivery.mailbox_envelopes_max, limits::kMailboxEnvelopesMax);
  EXPECT_EQ(config->delivery.mailbox_bytes_max, limits::kMailboxBytesMax);
  EXPECT_EQ(config->levels.memory_red_bytes, LevelThresholds{}.memory_red_bytes);
  EXPECT_EQ(config->status_host, "127.0.0.1");
}

TEST_F(BrokerConfigTest, ReadsEveryLimit) {
  const auto config = load(kLeast + R"(admin_uids = ["1001"]
[limits]
sessions = 10
mailbox_envelopes = 11
mailbox_bytes = 2000012
mailbox_pair_envelopes = 13
under_way_bytes = 2000014
mailbox_file_bytes = 2000015
disk_free_amber_bytes = 17
disk_free_red_bytes = 16
mailbox_amber_bytes = 18
mailbox_red_bytes = 19
memory_amber_bytes = 20
memory_red_bytes = 21
)");
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_THAT(config->admin_uids, ElementsAre(1'001U));
  EXPECT_EQ(config->sessions_max, 10U);
  EXPECT_EQ(config->delivery.mailbox_envelopes_max, 11U);
  EXPECT_EQ(config->delivery.mailbox_bytes_max, 2'000'012U);
  EXPECT_EQ(config->delivery.mailbox_pair_envelopes_max, 13U);
  EXPECT_EQ(config->delivery.under_way_bytes_max, 2'000'014U);
  EXPECT_EQ(config->mailbox_file_bytes_max, 2'000'015U);
  EXPECT_EQ(config->levels.disk_free_red_bytes, 16U);
  EXPECT_EQ(config->levels.disk_free_amber_bytes, 17U);
  EXPECT_EQ(config->levels.mailbox_amber_bytes, 18U);
  EXPECT_EQ(config->levels.mailbox_red_bytes, 19U);
  EXPECT_EQ(config->levels.memory_amber_bytes, 20U);
  EXPECT_EQ(config->levels.memory_red_bytes, 21U);
}

TEST_F(BrokerConfigTest, NamesEachFault) {
  const std::pair<std::string, const char*> table[] = {
      {"", "broker"},
      {"[broker]\nname = \"b\"\n", "endpoint"},
      {"[broker]\nendpoint = \"tcp://*:1\"\n", "name"},
      {"[broker]\nname = \"b\"\nendpoint = \"ipc:///x\"\n", "3:12: broker.endpoint must be like"},
      {kLeast + "admin_uids = [\"root\"]\n", "4:15: broker.admin_uids"},
      {kLeast + "[limits]\nsessions = 0\n", "limits.sessions"},
      {kLeast + "[limits]\nmailbox_bytes = 1000\n", "limits.mailbox_bytes"},
      {kLeast + "[limits]\nmailbox_file_bytes = 1000\n", "5:22: limits.mailbox_file_bytes must"},
      {kLeast + "[limits]\nunder_way_bytes = 1000\n", "limits.under_way_bytes"},
      {kLeast + "[limits]\ndisk_free_red_bytes = 99999999999\n",
       "5:23: limits.disk_free_red_bytes must not be above disk_free_amber_bytes"},
      {kLeast + "[limits]\nmailbox_red_bytes = 1\n", "must not be below mailbox_amber_bytes"},
      {kLeast + "[limits]\nmemory_red_bytes = 1\n", "must not be below memory_amber_bytes"},
      {kLeast + "[limits]\nmailbox_envelope = 1\n", "limits.mailbox_envelope"},
  };
  for (const auto& [text, fault] : table) EXPECT_THAT(faults(text), HasSubstr(fault)) << text;
}

// What people copy must load as it stands.
TEST_F(BrokerConfigTest, LoadsTheExampleThatPeopleCopy) {
  const auto config = load_config(MINQING_SOURCE_DIR "/config/examples/broker.toml");
  ASSERT_TRUE(config) << config.error().detail;
  EXPECT_FALSE(config->name.empty());
}

}  // namespace
}  // namespace minqing::broker
