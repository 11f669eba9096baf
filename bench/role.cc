#include "bench/role.h"

#include <cstdio>

#include "bench/bare_router.h"
#include "bench/redis_loop.h"
#include "ops/exit_code.h"

namespace minqing::bench {

Result<express::Process> start_role(const Workspace& workspace,
                                    const std::string& role,
                                    const std::filesystem::path& file) {
  return express::Process::start({.name = role,
                                  .program = own_program(),
                                  .arguments = {"--role", role, "--role-file", file.string()},
                                  .log = workspace.file(role + ".log")});
}

int run_role(const Options& options) {
  Status done = Error{Errc::kInvalid, "there is no role " + options.role};
  if (options.role == "bare-router") done = run_bare_router(options.role_file);
  if (options.role == "redis-worker") done = run_redis_worker(options.role_file);
  if (done) return ops::to_int(ops::ExitCode::kOk);
  std::fprintf(stderr, "minqing-bench: %s: %s\n", options.role.c_str(),
               done.error().detail.c_str());
  return ops::to_int(ops::exit_code_of(done.error().code));
}

}  // namespace minqing::bench
