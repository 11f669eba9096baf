#include "nodes/agency/folder_handler.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/limits.h"
#include "core/uuid7.h"
#include "ops/atomic_file.h"
#include "ops/log.h"

namespace minqing::agency {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kFolders[] = {"inbox", "closed", "outbox", "done", "rejected"};
constexpr std::size_t kAnswerBytesMax = 512 * 1024;

fs::path file_of(const fs::path& folder, const casework::LoopRecord& loop) {
  return folder / (loop.case_id.text() + "_" + format_uuid(loop.loop) + ".json");
}

json describe(const casework::LoopRecord& loop, const casework::CaseRecord& record) {
  return {{"case", loop.case_id.text()},
          {"loop", format_uuid(loop.loop)},
          {"kind", casework::row_of(loop.kind).code},
          {"from", loop.peer.text()},
          {"to", loop.owner.text()},
          {"progress", loop.progress},
          {"end", casework::to_string(loop.end)},
          {"opened_at", format_instant(loop.opened_at)},
          {"reply_by", format_instant(loop.reply_by)},
          {"overdue", loop.is_overdue},
          {"title", record.title},
          {"text", record.text},
          {"category", record.category},
          {"area", record.area},
          {"urgency", record.urgency}};
}

/// A UUIDv7 made from what the file says and how it is called: the same file, the same id.
MessageId id_of(const std::function<Leaf(ByteView)>& hash,
                const fs::path& file,
                std::string_view content) {
  const std::string input = file.filename().string() + '\0' + std::string{content};
  const Leaf digest = hash(as_bytes(input));
  MessageId id;
  std::copy_n(digest.bytes.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x70U);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
  return id;
}

Result<std::string> text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) {
    return Error{Errc::kInvalid, std::string{"needs \""} + key + "\" as text"};
  }
  return found->get<std::string>();
}

Status set_fields(const json& answer, casework::Content& content) {
  const auto fields = answer.find("set");
  if (fields == answer.end()) return ok();
  if (!fields->is_object()) return Error{Errc::kInvalid, "\"set\" must be an object of fields"};
  for (const auto& [name, value] : fields->items()) {
    if (!value.is_string() && !value.is_number_integer()) {
      return Error{Errc::kInvalid, "set." + name + " must be text or a whole number"};
    }
    const std::string word = value.is_string() ? value.get<std::string>() : value.dump();
    RETURN_IF_ERROR(casework::set_field(content, name, word));
  }
  return ok();
}

Status check_keys(const json& answer) {
  static constexpr std::string_view kKnown[] = {"case", "loop", "kind", "staff", "set"};
  for (const auto& [key, value] : answer.items()) {
    if (std::ranges::find(kKnown, key) == std::end(kKnown)) {
      return Error{Errc::kInvalid,
                   "unknown key \"" + key + "\"; known: case, loop, kind, staff, set"};
    }
  }
  return ok();
}

Result<node::Command> parse_answer(const json& answer, const FolderHandler::Options& options) {
  if (!answer.is_object()) return Error{Errc::kInvalid, "the file must hold one JSON object"};
  RETURN_IF_ERROR(check_keys(answer));
  node::Command command;
  casework::Command& act = command.act;
  act.at = options.address;
  act.roles = options.roles;
  ASSIGN_OR_RETURN(const std::string kind, text_of(answer, "kind"));
  const casework::KindRow* row = casework::find_kind(kind);
  if (row == nullptr) return Error{Errc::kInvalid, "unknown kind \"" + kind + "\""};
  act.kind = row->kind;
  ASSIGN_OR_RETURN(const std::string case_text, text_of(answer, "case"));
  ASSIGN_OR_RETURN(act.case_id, CaseId::parse(case_text));
  ASSIGN_OR_RETURN(act.staff, text_of(answer, "staff"));
  if (answer.contains("loop")) {
    ASSIGN_OR_RETURN(const std::string loop_text, text_of(answer, "loop"));
    const auto loop = parse_uuid(loop_text);
    if (!loop) return Error{Errc::kInvalid, "\"loop\" is not an id: " + loop_text};
    act.loop = *loop;
  }
  RETURN_IF_ERROR(set_fields(answer, act.content));
  return command;
}

}  // namespace

Result<std::unique_ptr<FolderHandler>> FolderHandler::open(Options options) {
  CHECK(options.hash != nullptr);
  for (const char* folder : kFolders) {
    std::error_code error;
    fs::create_directories(options.directory / folder, error);
    if (error) {
      return Error{Errc::kIo, "folder adapter: cannot make " +
                                  (options.directory / folder).string() + ": " + error.message()};
    }
  }
  return std::unique_ptr<FolderHandler>{new FolderHandler{std::move(options)}};
}

void FolderHandler::on_loop(const casework::LoopRecord& loop,
                            const std::optional<casework::CaseRecord>& record) {
  if (loop.end_held != Side::kAnswer || !record) return;
  const bool is_open = loop.end == casework::LoopEnd::kOpen;
  const fs::path file = file_of(options_.directory / (is_open ? "inbox" : "closed"), loop);
  const Status written = ops::write_file_atomically(
      file.string(), describe(loop, *record).dump(2) + "\n", ops::FilePrivacy::kPrivate);
  if (!written) {
    ++failures_;
    ops::log::error("event=folder_write_failed file={} detail={}", file.filename().string(),
                    ops::log::quoted(written.error().detail));
    return;
  }
  std::error_code ignored;
  if (!is_open) fs::remove(file_of(options_.directory / "inbox", loop), ignored);
}

void FolderHandler::on_case(const casework::CaseRecord&) {
  // An agency's system sees loops; the case's fields travel in their files.
}

Result<node::Command> FolderHandler::read_answer(const fs::path& file) const {
  ASSIGN_OR_RETURN(const std::string content, ops::read_text_file(file.string(), kAnswerBytesMax));
  const json answer = json::parse(content, nullptr, /*allow_exceptions=*/false);
  if (answer.is_discarded()) return Error{Errc::kInvalid, "not valid JSON"};
  ASSIGN_OR_RETURN(node::Command command, parse_answer(answer, options_));
  command.id = id_of(options_.hash, file, content);
  return command;
}

void FolderHandler::move(const fs::path& file, const char* folder) {
  std::error_code error;
  fs::rename(file, options_.directory / folder / file.filename(), error);
  if (!error) return;
  ++failures_;
  ops::log::error("event=folder_move_failed file={} to={} detail={}", file.filename().string(),
                  folder, ops::log::quoted(error.message()));
}

void FolderHandler::reject(const fs::path& file, const std::string& reason) {
  const fs::path note =
      options_.directory / "rejected" / (file.filename().string() + ".reason.txt");
  const Status written =
      ops::write_file_atomically(note.string(), reason + "\n", ops::FilePrivacy::kPrivate);
  if (!written) ++failures_;
  ops::log::warn("event=folder_answer_rejected file={} detail={}", file.filename().string(),
                 ops::log::quoted(reason));
  move(file, "rejected");
}

std::vector<node::Command> FolderHandler::take_commands(Instant now, std::size_t limit) {
  std::vector<node::Command> out;
  if (now < next_scan_) return out;
  next_scan_ = now + options_.scan_interval;
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& item : fs::directory_iterator{options_.directory / "outbox", error}) {
    if (item.path().extension() == ".json") files.push_back(item.path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    if (out.size() >= limit) break;
    auto command = read_answer(file);
    if (!command) {
      reject(file, command.error().detail);
      continue;
    }
    if (!in_work_.emplace(command->id, file).second) continue;
    out.push_back(*std::move(command));
  }
  return out;
}

void FolderHandler::on_outcome(const node::Command& command, const Status& outcome) {
  const auto found = in_work_.find(command.id);
  if (found == in_work_.end()) return;
  const fs::path file = found->second;
  in_work_.erase(found);
  if (outcome) {
    move(file, "done");
  } else {
    reject(file, outcome.error().detail);
  }
}

}  // namespace minqing::agency
