// The answers of the reading verbs (docs/LOCAL_API.md) as JSON text. Never an identity, nor what
// points to one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/directory.h"
#include "courier/outbox.h"
#include "nodes/common/api_request.h"
#include "nodes/common/keeping.h"
#include "nodes/common/link.h"
#include "store/reader.h"

namespace minqing::node {

/// {"ok": false, "error": {...}}
std::string error_json(const Error& error);

/// What is known of a case's safety (nodes/common/keeping.h); nullopt = it is safe.
struct SafetyPort {
  std::function<std::optional<courier::Unsafe>(const Address& at, const CaseId& case_id)> unsafe;
  std::function<casework::KeeperChoice(const Address& at, const casework::CaseRecord& record)>
      keeper;
};

/// Errors of all: kInvalid naming the key; kNotFound; the reader's.
Result<std::string> cases_json(store::Reader& reader,
                               const Address& at,
                               const ApiRequest& request,
                               const SafetyPort& safety,
                               const WorkCalendar& calendar,
                               Instant now);
Result<std::string> case_json(store::Reader& reader,
                              const Address& at,
                              const ApiRequest& request,
                              const SafetyPort& safety);
Result<std::string> loops_json(store::Reader& reader,
                               const Address& at,
                               const ApiRequest& request,
                               Instant now);
Result<std::string> log_json(store::Reader& reader, const Address& at, const ApiRequest& request);
Result<std::string> trace_json(store::Reader& reader, const Address& at, const ApiRequest& request);
Result<std::string> route_json(const Directory& directory, const ApiRequest& request, Instant now);
std::string streams_json(const courier::Outbox& outbox,
                         const std::vector<courier::OutStream>& out,
                         const std::vector<courier::InStream>& in);

/// What `status` and /status.json say.
struct NodeStatus {
  std::string node;
  std::string program;
  LifeId life;
  DirectoryVersion directory;
  Instant directory_expires_at;
  std::size_t addresses = 0;
  std::vector<std::pair<std::string, const Link*>> links;  // by endpoint
  store::Totals totals;
  std::uint64_t unreceipted = 0;
  Instant oldest_unreceipted_at;
  std::vector<courier::StoppedStream> stopped;
  NotSafe not_safe;
  std::map<std::string, std::uint64_t> counters;
  std::vector<std::string> unhealthy;  // reasons; empty = healthy
};
std::string status_json(const NodeStatus& status);

/// The answer to a command that was committed.
std::string entries_json(const std::vector<casework::Entry>& entries);
std::string submitted_json(const CaseId& case_id, const std::string& receipt_code);

}  // namespace minqing::node
