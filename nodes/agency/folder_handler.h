// FolderHandler: the folder adapter. An agency's own system reads and writes JSON files; the node
// does the rest.
//
//   <dir>/inbox/<case>_<loop>.json     one file per open loop, rewritten when it changes
//   <dir>/closed/<case>_<loop>.json    the same after the loop ended
//   <dir>/outbox/NAME.json             dropped here by the agency (write elsewhere, then rename)
//   <dir>/done/NAME.json               an answer that was committed
//   <dir>/rejected/NAME.json           one that was not, beside NAME.json.reason.txt
//
// An answer: {"case": "...", "loop": "..." (optional), "kind": "RESULT_SUBMIT", "staff": "wang",
//             "set": {"text": "...", "solved": "SOLVED"}}
//
// Guarantee: an answer is committed at most once, also when the node dies between the commit and
// the move of its file: its envelope's id is made from the file's name and content. Files appear
// whole (written aside, synced, renamed). Trusts whoever can write to the directory as the agency's
// staff.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "core/ids.h"
#include "nodes/common/handler.h"

namespace minqing::agency {

class FolderHandler final : public node::Handler {
 public:
  struct Options {
    Address address;
    std::filesystem::path directory;
    std::vector<casework::Role> roles;  // what the agency's system may do
    Millis scan_interval{200};
    /// BLAKE2b-256, handed in so that this file needs no crypto library.
    std::function<Leaf(ByteView)> hash;
  };

  /// Makes the folders. Errors: kIo, naming the folder.
  static Result<std::unique_ptr<FolderHandler>> open(Options options);

  const char* name() const override { return "folder"; }
  void on_loop(const casework::LoopRecord& loop,
               const std::optional<casework::CaseRecord>& record) override;
  void on_case(const casework::CaseRecord& record) override;
  std::vector<node::Command> take_commands(Instant now, std::size_t limit) override;
  void on_outcome(const node::Command& command, const Status& outcome) override;
  std::optional<Instant> next_deadline() const override { return next_scan_; }

  /// Files that could not be written or moved since start; 0 is healthy.
  std::size_t failures() const { return failures_; }

 private:
  explicit FolderHandler(Options options) : options_{std::move(options)} {}
  Result<node::Command> read_answer(const std::filesystem::path& file) const;
  void reject(const std::filesystem::path& file, const std::string& reason);
  void move(const std::filesystem::path& file, const char* folder);

  Options options_;
  std::map<MessageId, std::filesystem::path> in_work_;  // handed out, outcome not known yet
  Instant next_scan_;
  std::size_t failures_ = 0;
};

}  // namespace minqing::agency
