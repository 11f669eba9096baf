#include "nodes/common/node_main.h"

#include <unistd.h>

#include "daemon/program.h"

namespace minqing::node {
namespace {

class NodeProgram final : public daemon::Program {
 public:
  NodeProgram(ops::ProgramInfo info, HandlerFactory make_handlers)
      : info_{std::move(info)}, make_handlers_{std::move(make_handlers)} {}

  ops::ProgramInfo info() const override { return info_; }
  Result<const ops::DaemonConfig*> load(const std::string& path) override {
    ASSIGN_OR_RETURN(config_, load_config(path, ::getuid()));
    return &config_;
  }
  Status open(const std::string& version,
              const Clock& clock,
              Random& random,
              net::SignalFd& signals) override {
    ASSIGN_OR_RETURN(daemon_, Daemon::open({.config = config_,
                                            .program = version,
                                            .own_uid = ::getuid(),
                                            .make_handlers = make_handlers_},
                                           clock, random, signals));
    return ok();
  }
  ops::ExitCode run() override { return daemon_->run(); }

 private:
  ops::ProgramInfo info_;
  HandlerFactory make_handlers_;
  NodeConfig config_;
  std::unique_ptr<Daemon> daemon_;
};

}  // namespace

int node_main(ops::ProgramInfo info,
              HandlerFactory make_handlers,
              int argc,
              const char* const* argv) {
  NodeProgram program{std::move(info), std::move(make_handlers)};
  return daemon::run_program(program, argc, argv);
}

}  // namespace minqing::node
