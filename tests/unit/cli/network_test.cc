// The authority: signing, versions, files on disk; and the verbs over it.
#include <sys/stat.h>

#include "cli_testing.h"
#include "ops/atomic_file.h"
#include "seal/key_file.h"
#include "seal/recovery.h"

namespace minqing::cli {
namespace {

using network::Authority;
using ops::ExitCode;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class NetworkTest : public CliTest {};

TEST_F(NetworkTest, InitMakesKeyDirectoryAndFirstVersion) {
  const std::string out = run_well({"network", "init", "--from", files_});
  EXPECT_THAT(out, HasSubstr("版本 version     1"));
  struct stat info {};
  ASSERT_EQ(::stat(network_.authority_key().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const Directory made = directory();
  EXPECT_EQ(made.version().value, 1U);
  EXPECT_EQ(made.content().addresses.size(), 6U);
  EXPECT_EQ(made.content().issued_at, kNow);
  EXPECT_EQ(made.content().expires_at, kNow + std::chrono::days{30});
}

TEST_F(NetworkTest, InitNeverTouchesANetworkThatIsThere) {
  run_well({"network", "init", "--from", files_});
  const PublicKey before = *network::load_authority_public(network_);
  const Ran again = run({"network", "init", "--from", files_});
  EXPECT_EQ(again.code, ExitCode::kUnavailable);
  EXPECT_THAT(again.err, HasSubstr("network update"));
  EXPECT_EQ(*network::load_authority_public(network_), before);
}

TEST_F(NetworkTest, AnInterruptedInitGoesOnWithItsKey) {
  ASSERT_TRUE(Authority::create(network_, "kaihua"));
  const PublicKey key = *network::load_authority_public(network_);
  std::filesystem::remove(network_.authority_public());
  run_well({"network", "init", "--from", files_});
  EXPECT_EQ(directory().content().authority, key);
}

TEST_F(NetworkTest, FaultyFilesMakeNoNetwork) {
  write_file(files_ + "/duties.toml", "[[duty]]\narea = \"330824\"\nlead = \"nobody@330824\"\n");
  const Ran ran = run({"network", "init", "--from", files_});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);
  EXPECT_THAT(ran.err, HasSubstr("duties.toml:"));
  EXPECT_FALSE(std::filesystem::exists(network_.authority_key()));
}

TEST_F(NetworkTest, ADirectorySignedByAnotherIsRefused) {
  run_well({"network", "init", "--from", files_});
  const network::NetworkDir other{temporary_.file("other")};
  ASSERT_TRUE(network::init_network(other, files_, kNow));
  std::filesystem::copy_file(other.directory(), network_.directory(),
                             std::filesystem::copy_options::overwrite_existing);
  const Ran ran = run({"network", "check"});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);
  EXPECT_THAT(ran.err, HasSubstr("directory.bin"));
  EXPECT_EQ(run({"network", "renew"}).code, ExitCode::kDataErr);
}

TEST_F(NetworkTest, EveryChangedByteOfADirectoryIsNoticed) {
  run_well({"network", "init", "--from", files_});
  const Bytes good = *ops::read_file(network_.directory(), 1'000'000);
  const PublicKey key = *network::load_authority_public(network_);
  ASSERT_TRUE(daemon::open_directory(good, key));
  std::size_t refused = 0;
  std::size_t tried = 0;
  for (std::size_t i = 64; i < good.size(); i += 37, ++tried) {
    Bytes bad = good;
    bad[i] ^= 0x10U;
    if (!daemon::open_directory(bad, key)) ++refused;
  }
  EXPECT_GT(tried, 20U);
  EXPECT_GE(refused + 1, tried);  // one may hit the padding behind the last field
}

TEST_F(NetworkTest, APublicKeyOfAnotherNetworkStopsTheAuthority) {
  run_well({"network", "init", "--from", files_});
  write_file(network_.authority_public(), std::string(64, 'a') + "\n");
  EXPECT_EQ(Authority::open(network_).error().code, Errc::kConflict);
  write_file(network_.authority_public(), "abc\n");
  EXPECT_EQ(Authority::open(network_).error().code, Errc::kCorrupt);
}

TEST_F(NetworkTest, EveryChangeIsTheNextVersionWithTheSameValidity) {
  run_well({"network", "init", "--from", files_});
  clock_.advance(std::chrono::days{3});
  run_well({"network", "suspend", "330825"});
  Directory now = directory();
  EXPECT_EQ(now.version().value, 2U);
  EXPECT_EQ(now.content().expires_at, kNow + std::chrono::days{33});
  EXPECT_EQ(now.find(Address::of("330825"))->state, EntryState::kSuspended);
  run_well({"network", "activate", "330825"});
  run_well({"network", "dissolve", "330825", "--successor", "3308"});
  run_well({"network", "renew", "--days", "7"});
  now = directory();
  EXPECT_EQ(now.version().value, 5U);
  EXPECT_EQ(now.content().expires_at, kNow + std::chrono::days{10});
  EXPECT_EQ(now.find(Address::of("330825"))->state, EntryState::kDissolved);
  EXPECT_EQ(now.find(Address::of("330825"))->successor, Address::of("3308"));
}

TEST_F(NetworkTest, ARefusedChangeWritesNoVersion) {
  run_well({"network", "init", "--from", files_});
  EXPECT_EQ(run({"network", "activate", "330825"}).code, ExitCode::kUnavailable);
  EXPECT_EQ(run({"network", "suspend", "330881"}).code, ExitCode::kNoInput);
  EXPECT_EQ(run({"revoke", "nobody"}).code, ExitCode::kNoInput);
  EXPECT_EQ(directory().version().value, 1U);
}

TEST_F(NetworkTest, EnrolAdmitAndRevokeGoRound) {
  run_well({"network", "init", "--from", files_});
  const std::string out = run_well({"enroll", "--node", "kaihua", "--host", "330824"});
  EXPECT_THAT(out, HasSubstr("minqing network admit"));
  EXPECT_EQ(directory().version().value, 1U);
  run_well({"network", "admit", network_.node_request("kaihua")});
  const auto ring = seal::KeyRing::load(network_.node_keys("kaihua"));
  ASSERT_TRUE(ring);
  Directory now = directory();
  EXPECT_EQ(now.find_node_by_key(ring->transport_public())->name, "kaihua");
  const AddressEntry* county = now.find(Address::of("330824"));
  EXPECT_EQ(county->node, "kaihua");
  EXPECT_EQ(active_key(county->signing)->id, ring->of(Address::of("330824"))[0].signing_id);

  const std::string revoked = run_well({"revoke", "kaihua"});
  EXPECT_THAT(revoked, HasSubstr("kaihua"));
  now = directory();
  EXPECT_EQ(now.find_node("kaihua")->state, EntryState::kRevoked);
  EXPECT_EQ(active_key(now.find(Address::of("330824"))->signing), nullptr);
  EXPECT_EQ(run({"network", "admit", network_.node_request("kaihua")}).code,
            ExitCode::kUnavailable);
}

TEST_F(NetworkTest, ATamperedRequestIsRefused) {
  run_well({"network", "init", "--from", files_});
  run_well({"enroll", "--node", "kaihua", "--host", "330824"});
  std::string text = *ops::read_text_file(network_.node_request("kaihua"), 100'000);
  text.replace(text.find("\"330824\""), 8, "\"330825\"");
  write_file(network_.node_request("kaihua"), text);
  const Ran ran = run({"network", "admit", network_.node_request("kaihua")});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("enrolment.json"), HasSubstr("not signed by its own key")));
  EXPECT_EQ(directory().version().value, 1U);
}

TEST_F(NetworkTest, EnrollingAgainKeepsTheOldKeysAndAddsTheMissing) {
  make_network();
  const KeyId first =
      seal::KeyRing::load(network_.node_keys("kaihua"))->of(Address::of("330824"))[0].signing_id;
  run_well({"enroll", "--node", "kaihua", "--host", "330824", "330824115", "--admit"});
  const auto ring = seal::KeyRing::load(network_.node_keys("kaihua"));
  ASSERT_TRUE(ring);
  EXPECT_EQ(ring->of(Address::of("330824")).size(), 1U);
  EXPECT_EQ(ring->of(Address::of("330824"))[0].signing_id, first);
  EXPECT_EQ(directory().hosted_by("kaihua").size(), 2U);
}

TEST_F(NetworkTest, EnrollingMakesARecoveryKeyToBeTakenAwayOnceForEachAddress) {
  run_well({"network", "init", "--from", files_});
  const std::string out = run_well({"enroll", "--node", "kaihua", "--host", "330824", "--admit"});
  const auto first = network_.recovery() / "kaihua-1.key";
  EXPECT_THAT(out, AllOf(HasSubstr(first.string()), HasSubstr("离线介质")));
  const auto file = seal::load_key_file(first, seal::KeyPurpose::kRecovery);
  ASSERT_TRUE(file) << file.error().detail;
  const PublicKey recovery = directory().find(Address::of("330824"))->recovery;
  EXPECT_EQ(recovery,
            seal::recovery_keys_of(file->secret.view(), Address::of("330824")).public_key());
  std::filesystem::remove(first);  // it lies in the safe
  const std::string again =
      run_well({"enroll", "--node", "kaihua", "--host", "330824", "330824115", "--admit"});
  EXPECT_THAT(again, HasSubstr("kaihua-2.key"));
  EXPECT_EQ(directory().find(Address::of("330824"))->recovery, recovery) << "as it was";
  EXPECT_FALSE(directory().find(Address::of("330824115"))->recovery.is_none());
  EXPECT_THAT(run_well({"enroll", "--node", "kaihua", "--host", "330824", "330824115"}),
              Not(HasSubstr("recovery")));
}

TEST_F(NetworkTest, AKeeperIsNamedAndShownAndIsNeverOnTheSameNode) {
  run_well({"network", "init", "--from", files_});
  run_well({"enroll", "--node", "kaihua", "--host", "330824", "330824115", "--admit"});
  EXPECT_THAT(run_well({"network", "show", "330824115"}), HasSubstr("same-node"));
  EXPECT_EQ(run({"network", "keeper", "330824115", "--to", "330824"}).code, ExitCode::kDataErr);
  run_well({"network", "keeper", "330824115", "--to", "3308"});
  EXPECT_EQ(directory().find(Address::of("330824115"))->keeper, Address::of("3308"));
  run_well({"network", "update", "--from", files_});
  EXPECT_EQ(directory().find(Address::of("330824115"))->keeper, Address::of("3308"));
  run_well({"network", "keeper", "330824115"});
  EXPECT_TRUE(directory().find(Address::of("330824115"))->keeper.is_none());
}

TEST_F(NetworkTest, ATreeTakesOnlyWhatNobodyElseHosts) {
  run_well({"network", "init", "--from", files_});
  run_well({"enroll", "--node", "town", "--host", "330824115", "--admit"});
  run_well({"enroll", "--node", "county", "--host-tree", "3308", "--admit"});
  run_well({"enroll", "--node", "bureaus", "--host-agencies", "330824", "--admit"});
  const Directory now = directory();
  EXPECT_EQ(now.find(Address::of("330824115"))->node, "town");
  EXPECT_EQ(now.hosted_by("county").size(), 3U);
  EXPECT_EQ(now.hosted_by("bureaus").size(), 2U);
  EXPECT_EQ(now.find(Address::of("housing@330824"))->node, "bureaus");
}

TEST_F(NetworkTest, EnrollSaysWhatIsWrongWithItsAddresses) {
  run_well({"network", "init", "--from", files_});
  EXPECT_EQ(run({"enroll", "--node", "x", "--host", "330881"}).code, ExitCode::kNoInput);
  EXPECT_EQ(run({"enroll", "--node", "x", "--host", "33x"}).code, ExitCode::kDataErr);
  EXPECT_EQ(run({"enroll", "--node", "x", "--host-tree", "housing@330824"}).code,
            ExitCode::kDataErr);
  const Ran none = run({"enroll", "--node", "x"});
  EXPECT_EQ(none.code, ExitCode::kDataErr);
  EXPECT_THAT(none.err, HasSubstr("--host"));
  EXPECT_EQ(run({"enroll", "--node", "../x", "--host", "330824"}).code, ExitCode::kDataErr);
  EXPECT_FALSE(std::filesystem::exists(network_.node("x")));
}

TEST_F(NetworkTest, UpdateTakesNewNamesAndKeepsEnrolments) {
  make_network();
  write_file(files_ + "/duties.toml",
             "[[duty]]\ncategory = \"01\"\narea = \"330824\"\n"
             "lead = \"water@330824\"\n");
  run_well({"network", "update", "--from", files_});
  const Directory now = directory();
  EXPECT_EQ(now.version().value, 4U);
  EXPECT_EQ(now.content().duties[0].lead, Address::of("water@330824"));
  EXPECT_EQ(now.find(Address::of("330824"))->node, "kaihua");
  EXPECT_NE(active_key(now.find(Address::of("330824"))->sealing), nullptr);
}

TEST_F(NetworkTest, CheckTellsWhatIsMissingAndWhenItEnds) {
  make_network();
  Ran ran = run({"network", "check"});
  EXPECT_EQ(ran.code, ExitCode::kOk);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("4 个单位未接入"), HasSubstr("龙游县(330825)")));
  clock_.advance(std::chrono::days{20});
  EXPECT_THAT(run({"network", "check"}).out, HasSubstr("expires soon"));
  clock_.advance(std::chrono::days{10});
  ran = run({"network", "check"});
  EXPECT_EQ(ran.code, ExitCode::kConfig);
  EXPECT_THAT(ran.out, HasSubstr("network renew"));
  const auto json = nlohmann::json::parse(run({"network", "check", "--json"}).out);
  EXPECT_EQ(json["faults"].size(), 1U);
  EXPECT_EQ(json["warnings"].size(), 1U);
  run_well({"network", "renew"});
  EXPECT_EQ(run({"network", "check"}).code, ExitCode::kOk);
  run_well({"revoke", "kaihua"});
  ran = run({"network", "check"});
  EXPECT_EQ(ran.code, ExitCode::kConfig);
  EXPECT_THAT(ran.out, HasSubstr("开化县(330824)"));
}

TEST_F(NetworkTest, ShowIsForPeopleAndForPrograms) {
  make_network();
  const std::string text = run_well({"network", "show", "--addresses"});
  EXPECT_THAT(text, AllOf(HasSubstr("kaihua"), HasSubstr("有效 active"), HasSubstr("华埠镇"),
                          HasSubstr("2026-12-24 16:05:09")));
  const auto json = nlohmann::json::parse(run_well({"network", "show", "--json"}));
  EXPECT_EQ(json["version"], 3);
  EXPECT_EQ(json["nodes"].size(), 2U);
  EXPECT_EQ(json["days_left"], 30);
  EXPECT_THAT(run_well({"network", "show", "housing@330824"}),
              AllOf(HasSubstr("开化县住建局"), HasSubstr("bureau")));
  EXPECT_EQ(run({"network", "show", "330881"}).code, ExitCode::kNoInput);
}

TEST_F(NetworkTest, AChangeIsPushedToARunningBroker) {
  make_network();
  FakeDaemon broker{network_.broker_socket(), {{"directory", R"({"ok":true,"version":4})"}}};
  EXPECT_THAT(run_well({"revoke", "bureau"}), HasSubstr("pushed"));
  const auto request = broker.request();
  EXPECT_EQ(request["verb"], "directory");
  EXPECT_EQ(request["signed"], to_hex(*ops::read_file(network_.directory(), 1'000'000)));
  EXPECT_THAT(run_well({"network", "push"}), HasSubstr("4"));
}

TEST_F(NetworkTest, ABrokerThatRefusesIsAnErrorButTheDirectoryStays) {
  make_network();
  FakeDaemon broker{network_.broker_socket(), {}};
  const Ran ran = run({"revoke", "bureau"});
  EXPECT_EQ(ran.code, ExitCode::kDataErr);
  EXPECT_THAT(ran.err, HasSubstr("network push"));
  EXPECT_EQ(directory().version().value, 4U);
}

}  // namespace
}  // namespace minqing::cli
