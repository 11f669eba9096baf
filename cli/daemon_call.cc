#include "cli/daemon_call.h"

#include <array>

#include <nlohmann/json.hpp>

#include "net/local_socket.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

Errc code_of(std::string_view word) {
  constexpr std::array kAll{Errc::kInvalid,     Errc::kNotFound, Errc::kNotAllowed, Errc::kConflict,
                            Errc::kTooLarge,    Errc::kBusy,     Errc::kCorrupt,    Errc::kIo,
                            Errc::kUnavailable, Errc::kTimeout};
  for (const Errc code : kAll) {
    if (word == to_string(code)) return code;
  }
  return Errc::kInvalid;
}

Error not_an_answer(const std::string& socket) {
  return {Errc::kCorrupt, socket +
                              " gave no answer of the local API: is it a socket of minqing, and of "
                              "the same version?"};
}

Status check_path(const std::string& socket) {
  if (socket.size() <= net::kLocalPathBytesMax) return ok();
  return Error{Errc::kInvalid,
               "the socket path is " + std::to_string(socket.size()) + " bytes long, but at most " +
                   std::to_string(net::kLocalPathBytesMax) +
                   " fit: use a shorter --dir, or go there and use --dir . (" + socket + ")"};
}

}  // namespace

Result<std::string> call_daemon(const std::string& socket,
                                std::string_view request,
                                Millis timeout) {
  RETURN_IF_ERROR(check_path(socket));
  auto client = net::LocalClient::connect(socket);
  if (!client) {
    Error error = client.error();
    if (error.code == Errc::kUnavailable) {
      error.detail += "; start the daemon of this state directory, or name another --dir";
    }
    return error;
  }
  ASSIGN_OR_RETURN(std::string answer, client->call(request, timeout));
  const Json json = Json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("ok") || !json["ok"].is_boolean()) {
    return not_an_answer(socket);
  }
  if (json["ok"].get<bool>()) return answer;
  const auto error = json.find("error");
  if (error == json.end() || !error->is_object()) return not_an_answer(socket);
  const auto word = [&error](const char* key) {
    const auto found = error->find(key);
    return found != error->end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  return Error{code_of(word("code")), word("detail")};
}

}  // namespace minqing::cli
