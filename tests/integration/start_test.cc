// A daemon that cannot run says so in one clear sentence, and ends with the exit code of its kind.
#include <algorithm>

#include <gmock/gmock.h>

#include "tests/support/live_city.h"
#include "tests/support/live_files.h"
#include "tests/support/raw_tcp.h"

namespace minqing::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kConfig = 78;

struct Daemon {
  std::string program;
  std::string name;  // in the network; "broker" is the broker
};

/// A network that ran once and stopped: every file is there that an administrator has.
class StartTest : public ::testing::TestWithParam<Daemon> {
 protected:
  static void SetUpTestSuite() {
    city_ = new LiveCity;
    city_->start_all({office("kaihua", {kCounty}), agency("housing", {kHousing})});
    for (const char* name : {"housing", "kaihua", "broker"}) city_->stop(name);
  }
  static void TearDownTestSuite() {
    delete city_;
    city_ = nullptr;
  }

  static bool is_broker() { return GetParam().name == "broker"; }
  static fs::path state() {
    const network::NetworkDir& dir = city_->network().dir();
    return is_broker() ? dir.broker() : dir.node(GetParam().name);
  }
  static fs::path config() { return state() / (is_broker() ? "broker.toml" : "node.toml"); }
  /// The configuration as changed by the test, in a file beside the good one.
  static fs::path changed(const std::string& text) {
    const fs::path path = state() / "changed.toml";
    write_text(path, text);
    return path;
  }
  static ProgramRun run(const std::vector<std::string>& arguments) {
    return run_program(program_path(GetParam().program), arguments);
  }
  /// Runs it to its end, which comes by itself; one sentence on stderr that has `words`.
  static void expect_refusal(const std::vector<std::string>& arguments,
                             int exit_code,
                             const std::string& words) {
    const ProgramRun ran = run(arguments);
    EXPECT_EQ(ran.exit_code, exit_code) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(words));
    EXPECT_THAT(ran.err, Not(HasSubstr("Sanitizer")));
    EXPECT_THAT(ran.err, Not(HasSubstr("terminate")));
    EXPECT_LE(std::ranges::count(ran.err, '\n'), 3) << ran.err;
  }
  /// Moves a file away for as long as it lives.
  class Hidden {
   public:
    explicit Hidden(fs::path path) : path_{std::move(path)}, aside_{path_.string() + ".aside"} {
      if (fs::exists(path_)) fs::rename(path_, aside_);
    }
    ~Hidden() {
      if (fs::exists(aside_)) fs::rename(aside_, path_);
    }
    Hidden(const Hidden&) = delete;
    Hidden& operator=(const Hidden&) = delete;

   private:
    fs::path path_;
    fs::path aside_;
  };

  static LiveCity* city_;
};

LiveCity* StartTest::city_ = nullptr;

TEST_P(StartTest, HelpAndVersionAreAnsweredOnStandardOutput) {
  const ProgramRun help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* flag : {"--config", "--check", "--version"}) {
    EXPECT_THAT(help.out, HasSubstr(flag));
  }
  EXPECT_EQ(help.err, "");
  const ProgramRun version = run({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, HasSubstr(GetParam().program + " 0.1.0"));
}

TEST_P(StartTest, AWrongFlagIsAUsageError) {
  expect_refusal({"--colour"}, kUsage, "--colour");
}

TEST_P(StartTest, CheckAcceptsTheGoodConfigurationAndStartsNothing) {
  const ProgramRun ran = run({"--config", config().string(), "--check"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_FALSE(fs::exists(state() / "control.sock"));
}

TEST_P(StartTest, AMissingConfigurationFileIsNamed) {
  expect_refusal({"--config", "/nowhere/x.toml"}, kNoInput, "/nowhere/x.toml");
}

TEST_P(StartTest, AnUnknownKeyIsRefusedWithItsPlace) {
  const std::string good = read_text(config());
  const fs::path path = changed("colour = \"red\"\n" + good);
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"--config", path.string()}, {"--config", path.string(), "--check"}}) {
    expect_refusal(arguments, kConfig, path.string() + ":1:");
    expect_refusal(arguments, kConfig, "colour");
  }
}

TEST_P(StartTest, AFileThatIsNoTomlIsRefusedWithItsPlace) {
  const fs::path path = changed("this is = = no toml\n");
  expect_refusal({"--config", path.string()}, kConfig, path.string() + ":1:");
}

TEST_P(StartTest, AValueOfTheWrongTypeIsRefusedWithItsPlace) {
  // The first `key = "text"` of the good file becomes a number.
  std::string text = read_text(config());
  const std::size_t quote = text.find(" = \"");
  ASSERT_NE(quote, std::string::npos) << text;
  const std::size_t end = text.find('"', quote + 4);
  text.replace(quote, end + 1 - quote, " = 7");
  const std::string line =
      std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<long>(quote), '\n'));
  const fs::path path = changed(text);
  expect_refusal({"--config", path.string()}, kConfig, path.string() + ":" + line + ":");
}

TEST_P(StartTest, AMissingDirectoryFileIsNamedWithWhatMakesIt) {
  const Hidden hidden{city_->network().dir().directory()};
  const Hidden cached{state() / "directory.bin"};
  expect_refusal({"--config", config().string()}, kNoInput, "directory.bin");
}

TEST_P(StartTest, ADamagedDirectoryFileIsRefused) {
  const fs::path path = city_->network().dir().directory();
  std::string bytes = read_text(path);
  const Hidden hidden{path};
  const Hidden cached{state() / "directory.bin"};
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_text(path, bytes);
  constexpr int kDataErr = 65;
  expect_refusal({"--config", config().string()}, kDataErr, "directory.bin");
}

class NodeStartTest : public StartTest {};    // a broker makes its key at its first start
class BrokerStartTest : public StartTest {};  // a node listens on no port that it could not change

TEST_P(NodeStartTest, AMissingKeyFileIsNamed) {
  const Hidden hidden{state() / "keys.txt"};
  expect_refusal({"--config", config().string()}, kNoInput, "keys.txt");
}

TEST_P(StartTest, AStateDirectoryInUseIsRefused) {
  express::LiveNetwork& network = city_->network();
  if (is_broker()) {
    city_->start_broker();
  } else {
    const auto plan =
        GetParam().name == "kaihua" ? office("kaihua", {kCounty}) : agency("housing", {kHousing});
    ASSERT_TRUE(network.start_node(plan, kPatience));
  }
  expect_refusal({"--config", config().string()}, kUnavailable, "pid");
  city_->stop(GetParam().name);
}

TEST_P(StartTest, AStateDirectoryThatIsAFileIsRefused) {
  // Also for root, whom no permission stops.
  const fs::path file = city_->root() / "a-file";
  write_text(file, "x");
  std::string text = read_text(config());
  const std::string key = "\nstate_dir = \"" + file.string() + "\"\n";
  if (const std::size_t line = text.find("\nstate_dir"); line != std::string::npos) {
    text.replace(line, text.find('\n', line + 1) + 1 - line, key);
  } else {
    const std::string section = is_broker() ? "[broker]" : "[node]";
    ASSERT_NE(text.find(section), std::string::npos) << text;
    text.insert(text.find(section) + section.size(), key);
  }
  const ProgramRun ran = run({"--config", changed(text).string()});
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_GE(ran.exit_code, kUsage) << "one of sysexits.h";
  EXPECT_THAT(ran.err, HasSubstr(file.string()));
  EXPECT_LE(std::ranges::count(ran.err, '\n'), 3) << ran.err;
}

TEST_P(BrokerStartTest, ATakenPortIsRefused) {
  const TakenPort taken;
  std::string text = read_text(config());
  const std::size_t at = text.find("tcp://");
  ASSERT_NE(at, std::string::npos) << text;
  const std::string endpoint = "tcp://127.0.0.1:" + std::to_string(taken.port());
  text.replace(at, text.find('"', at) - at, endpoint);
  expect_refusal({"--config", changed(text).string()}, kUnavailable, std::to_string(taken.port()));
}

const Daemon kBroker{"minqing-broker", "broker"};
const Daemon kOffice{"minqing-node", "kaihua"};
const Daemon kAgency{"minqing-agency", "housing"};
const auto kDaemonName = [](const auto& daemon) { return daemon.param.name; };

INSTANTIATE_TEST_SUITE_P(Daemons,
                         StartTest,
                         ::testing::Values(kBroker, kOffice, kAgency),
                         kDaemonName);
INSTANTIATE_TEST_SUITE_P(Nodes, NodeStartTest, ::testing::Values(kOffice, kAgency), kDaemonName);
INSTANTIATE_TEST_SUITE_P(Broker, BrokerStartTest, ::testing::Values(kBroker), kDaemonName);

}  // namespace
}  // namespace minqing::testing
