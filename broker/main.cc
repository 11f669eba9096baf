// minqing-broker: the daemon that all nodes dial.
#include <unistd.h>

#include "broker/daemon.h"
#include "daemon/program.h"

namespace minqing::broker {
namespace {

class BrokerProgram final : public daemon::Program {
 public:
  ops::ProgramInfo info() const override {
    return {.name = "minqing-broker",
            .summary = "民情直通车:路由中枢 (the broker that all nodes dial)"};
  }
  Result<const ops::DaemonConfig*> load(const std::string& path) override {
    ASSIGN_OR_RETURN(config_, load_config(path));
    return &config_;
  }
  Status open(const std::string& version,
              const Clock& clock,
              Random& random,
              net::SignalFd& signals) override {
    ASSIGN_OR_RETURN(
        daemon_, Daemon::open({.config = config_, .program = version, .own_uid = ::getuid()}, clock,
                              random, signals));
    return ok();
  }
  ops::ExitCode run() override { return daemon_->run(); }

 private:
  BrokerConfig config_;
  std::unique_ptr<Daemon> daemon_;
};

}  // namespace
}  // namespace minqing::broker

int main(int argc, char** argv) {
  minqing::broker::BrokerProgram program;
  return minqing::daemon::run_program(program, argc, argv);
}
