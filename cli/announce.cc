#include "cli/announce.h"

#include <ostream>

#include <nlohmann/json.hpp>

#include "cli/daemon_call.h"
#include "cli/show.h"

namespace minqing::cli {

Result<std::string> push_directory(const network::LoadedDirectory& loaded,
                                   const Target& target,
                                   const Console& console) {
  const nlohmann::ordered_json request{{"verb", "directory"},
                                       {"signed", to_hex(loaded.signed_bytes)}};
  ASSIGN_OR_RETURN(const std::string answer,
                   call_daemon(broker_socket(target, console), request.dump(),
                               std::chrono::seconds{target.timeout_s}));
  return value_of(answer, "version");
}

Outcome announce(const network::LoadedDirectory& loaded, const Target& target, Console& console) {
  const Directory::Content& content = loaded.directory.content();
  console.out << "目录第 " << content.version.value << " 版已签发,到期 (directory version "
              << content.version.value << " is signed, expires) " << local_time(content.expires_at)
              << "\n";
  auto pushed = push_directory(loaded, target, console);
  if (pushed) {
    console.out << "已推送给路由中枢 (pushed to the broker)\n";
    return done();
  }
  if (pushed.error().code == Errc::kUnavailable) {
    console.out << "路由中枢未运行,启动时读取新目录 (the broker does not run here; it reads "
                   "directory.bin at its start, or use `minqing network push`)\n";
    return done();
  }
  Error error = pushed.error();
  error.detail = "the directory is signed, but not pushed to the broker: " + error.detail +
                 "; try `minqing network push`";
  return error;
}

}  // namespace minqing::cli
