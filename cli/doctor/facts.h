// What a doctor knows of one state directory: gathered once (gather.h), then judged by checks that
// touch nothing (checks.h).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "casework/case_book.h"
#include "store/checkup.h"
#include "store/reader.h"
#include "store/survey.h"

namespace minqing::cli {

enum class StateRole { kNode, kBroker };

struct FileFact {
  std::string name;
  unsigned mode = 0;  // permission bits
  std::uint64_t bytes = 0;
  bool is_secret = false;  // holds keys, or what petitions say
};

struct StoppedFact {
  std::string from;
  std::string to;
  std::string code;
  std::string since;
};

/// What a running daemon says of itself.
struct LiveFacts {
  bool is_running = false;
  std::uint64_t unreceipted = 0;
  Instant oldest_unreceipted_at;
  bool knows_safety = false;  // it says what is saved here and in no second store
  std::uint64_t not_safe_rows = 0;
  Instant oldest_not_safe_at;  // of addresses that have a keeper
  std::vector<StoppedFact> stopped;
  std::vector<std::string> unhealthy;
};

struct OverdueFact {
  Address owner;
  casework::LoopRecord loop;
};

struct StoreFacts {
  std::string unreadable;  // why; then nothing below is known
  std::vector<std::string> damaged_pages;
  bool is_chain_checked = false;
  std::vector<std::string> chain_findings;
  store::StoreSurvey survey;
  bool is_refilling = false;
  std::vector<OverdueFact> overdue;          // at most a page an owner, the earliest first
  std::vector<store::StreamTotals> waiting;  // with something un-receipted, as last written
};

struct DirectoryFacts {
  std::string unreadable;
  std::uint64_t version = 0;
  Instant expires_at;
  int calendar_last_year = 0;  // covered by the working calendar; 0 = it has none
};

struct VaultFacts {
  std::string unreadable;
  store::IdentityCount count;
};

struct MailboxFacts {
  std::string unreadable;
  std::vector<std::string> damaged_pages;
  std::vector<store::MailboxFill> fills;
};

/// Thresholds that differ from machine to machine; the others stand in the checks.
struct DoctorLimits {
  std::uint64_t disk_free_bytes_min = 1ULL << 30U;
  std::uint64_t mailbox_envelopes_max = limits::kMailboxEnvelopesMax;
  std::uint64_t mailbox_bytes_max = limits::kMailboxBytesMax;
};

struct Facts {
  Instant now;
  std::filesystem::path state;
  StateRole role = StateRole::kNode;
  DoctorLimits limits{};
  unsigned state_mode = 0;
  std::vector<FileFact> files{};
  std::optional<std::uint64_t> disk_free_bytes{};
  LiveFacts live{};
  std::optional<StoreFacts> store{};  // nullopt: there is none
  std::optional<VaultFacts> vault{};
  std::optional<DirectoryFacts> directory{};
  std::optional<MailboxFacts> mailboxes{};

  const FileFact* file(std::string_view name) const;
};

}  // namespace minqing::cli
