#include "ops/status_server.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include <sys/socket.h>

#include <httplib.h>

namespace minqing::ops {
namespace {

constexpr std::size_t kWorkers = 2;
constexpr std::size_t kBodyBytesMax = 1'024;
constexpr time_t kTimeoutSeconds = 1;
constexpr const char* kPlainText = "text/plain; charset=utf-8";
constexpr const char* kPrometheusText = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace

struct StatusServer::Impl {
  struct Published {
    Snapshot snapshot;
    Micros at;
  };

  Impl(const Options& o, const Clock& c) : options{o}, clock{c} {}

  Options options;
  const Clock& clock;
  httplib::Server server;
  int port = -1;
  std::thread thread;
  std::atomic<bool> ended = false;  // the listening thread is over
  std::mutex mutex;                 // guards the pointer, not what it points to
  std::shared_ptr<const Published> published;

  std::shared_ptr<const Published> current() {
    const std::lock_guard lock{mutex};
    return published;
  }

  void configure();
  void route();
  void answer_health(httplib::Response& response);
  Status listen();
  void stop();
};

void StatusServer::Impl::configure() {
  // The library's default also sets SO_REUSEPORT, with which two daemons would share one port.
  server.set_socket_options([](socket_t socket) {
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  });
  server.new_task_queue = [] { return new httplib::ThreadPool(kWorkers); };  // owned by the library
  server.set_keep_alive_max_count(1);  // an idle connection must not delay the stop
  server.set_keep_alive_timeout(kTimeoutSeconds);
  server.set_read_timeout(kTimeoutSeconds);
  server.set_write_timeout(kTimeoutSeconds);
  server.set_payload_max_length(kBodyBytesMax);
  server.set_default_headers(
      {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}});
}

void StatusServer::Impl::answer_health(httplib::Response& response) {
  std::vector<std::string> reasons;
  if (const auto now = current(); now == nullptr) {
    reasons.emplace_back("starting");
  } else {
    reasons = now->snapshot.unhealthy_reasons;
    const Micros age = clock.monotonic() - now->at;
    if (age > options.stale_after) {
      reasons.push_back("stale: the daemon has published nothing for " + format_duration(age));
    }
  }
  std::string text;
  for (const std::string& reason : reasons) text += reason + "\n";
  response.status = reasons.empty() ? 200 : 503;
  response.set_content(reasons.empty() ? "ok\n" : text, kPlainText);
}

void StatusServer::Impl::route() {
  using httplib::Request;
  using httplib::Response;
  server.set_pre_routing_handler([](const Request& request, Response& response) {
    if (request.method == "GET" || request.method == "HEAD") {
      return httplib::Server::HandlerResponse::Unhandled;
    }
    response.status = 405;
    response.set_header("Allow", "GET, HEAD");
    response.set_content("only GET\n", kPlainText);
    return httplib::Server::HandlerResponse::Handled;
  });
  server.Get("/healthz", [this](const Request&, Response& r) { answer_health(r); });
  server.Get("/metrics", [this](const Request&, Response& r) {
    const auto now = current();
    r.set_content(now ? now->snapshot.metrics_text : std::string{}, kPrometheusText);
  });
  server.Get("/status.json", [this](const Request&, Response& r) {
    const auto now = current();
    r.set_content(now ? now->snapshot.status_json : std::string{"{}"}, "application/json");
  });
  server.set_error_handler([](const Request&, Response& r) {
    if (r.status == 404) r.set_content("try /healthz, /metrics or /status.json\n", kPlainText);
  });
}

Status StatusServer::Impl::listen() {
  const std::string where = options.host + ":" + std::to_string(options.port);
  if (options.port == 0) {
    port = server.bind_to_any_port(options.host);
  } else if (server.bind_to_port(options.host.c_str(), options.port)) {
    port = options.port;
  }
  if (port <= 0) {
    return Error{Errc::kUnavailable,
                 "cannot listen for status on " + where +
                     ": port taken, or no address of this machine; choose another status port"};
  }
  thread = std::thread{[this] {
    server.listen_after_bind();
    ended = true;
  }};
  // stop() is lost on a server that does not run yet, so wait until it does: some microseconds.
  while (!server.is_running() && !ended) std::this_thread::yield();
  return ok();
}

void StatusServer::Impl::stop() {
  if (!thread.joinable()) return;
  server.stop();
  thread.join();
}

Result<StatusServer> StatusServer::start(const Options& options, const Clock& clock) {
  try {
    auto impl = std::make_unique<Impl>(options, clock);
    impl->configure();
    impl->route();
    RETURN_IF_ERROR(impl->listen());
    return StatusServer{std::move(impl)};
  } catch (const std::exception& e) {
    return Error{Errc::kUnavailable, std::string{"cannot start the status server: "} + e.what()};
  }
}

StatusServer::StatusServer(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
StatusServer::StatusServer(StatusServer&&) noexcept = default;

StatusServer& StatusServer::operator=(StatusServer&& other) noexcept {
  if (this != &other) {
    if (impl_) impl_->stop();
    impl_ = std::move(other.impl_);
  }
  return *this;
}

StatusServer::~StatusServer() {
  if (impl_) impl_->stop();
}

std::uint16_t StatusServer::port() const {
  return static_cast<std::uint16_t>(impl_->port);
}

void StatusServer::publish(Snapshot snapshot) {
  auto next = std::make_shared<const Impl::Published>(
      Impl::Published{std::move(snapshot), impl_->clock.monotonic()});
  const std::lock_guard lock{impl_->mutex};
  impl_->published = std::move(next);
}

}  // namespace minqing::ops
