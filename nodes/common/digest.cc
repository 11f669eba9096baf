#include "nodes/common/digest.h"

#include <algorithm>
#include <map>

#include "casework/clocks.h"
#include "ops/atomic_file.h"

namespace minqing::node {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kDigestRetry{10};
constexpr std::string_view kPrefix = "digest-";
constexpr std::string_view kSuffix = ".txt";

/// "2026-11-26" and "08" of "2026-11-26T08:...": format_instant is local time.
std::string day_of(Instant at) {
  return format_instant(at).substr(0, 10);
}
int hour_of(Instant at) {
  return std::stoi(format_instant(at).substr(11, 2));
}

std::string minute_of(Instant at) {
  std::string text = format_instant(at).substr(0, 16);
  if (text.size() == 16) text[10] = ' ';
  return text;
}

std::string loop_line(const casework::LoopRecord& loop, const Directory& directory) {
  const casework::KindRow& kind = casework::row_of(loop.kind);
  const bool asks = loop.end_held == Side::kAsk;
  return "  " + minute_of(loop.reply_by) + "  " +
         (loop.case_id.is_none() ? std::string{"-"} : loop.case_id.text()) + "  " + kind.name_zh +
         " " + kind.code + "  " + (asks ? "待其答复 asked of " : "应答复 we owe ") +
         directory.label(loop.peer) + "\n";
}

struct Part {
  store::LoopChoice choice;
  const char* title;
};

Result<std::string> part_text(store::Reader& reader,
                              const Directory& directory,
                              const Address& at,
                              const Part& part,
                              Instant now) {
  store::LoopFilter filter{at, part.choice, now};
  filter.due_by = now + kDueSoon;
  ASSIGN_OR_RETURN(const auto loops, reader.loops(filter, limits::kPageRowsMax));
  if (loops.empty()) return std::string{};
  const bool is_cut = loops.size() == static_cast<std::size_t>(limits::kPageRowsMax);
  std::string out = std::string{" "} + part.title + ": " + std::to_string(loops.size()) +
                    (is_cut ? " 或更多 or more" : "") + "\n";
  for (const casework::LoopRecord& loop : loops) out += loop_line(loop, directory);
  return out;
}

struct ClockPart {
  store::ClockFilter filter;
  Instant after;  // due after it, and by `until`
  Instant until;
  const char* title;
};

/// "转送交办 TRIAGE (法定 statutory)"
std::string clock_words(const casework::ClockRow& clock) {
  const bool is_law = clock.force == casework::ClockForce::kStatutory;
  return std::string{clock.name_zh} + " " + clock.id + (is_law ? " (法定 statutory)" : "");
}

/// A line a case: its earliest due time, and the clocks, of the law first.
struct CaseLine {
  Instant due;
  std::map<const casework::ClockRow*, Instant> clocks;
};

Result<std::string> clocks_text(store::Reader& reader,
                                const WorkCalendar& calendar,
                                const ClockPart& part) {
  ASSIGN_OR_RETURN(const auto running, reader.clocks(part.filter, limits::kPageRowsMax));
  std::map<std::string, CaseLine> cases;
  for (const casework::ClockRecord& record : running) {
    const casework::ClockRow* clock = casework::find_clock(record.clock);
    if (clock == nullptr) continue;
    const Instant due =
        casework::due_of(*clock, record.started_at, record.extended_days, calendar).at;
    if (due <= part.after || due > part.until) continue;  // a bound may be too late (clocks.h)
    CaseLine& line = cases[record.case_id.text()];
    line.due = line.clocks.empty() ? due : std::min(line.due, due);
    line.clocks[clock] = due;
  }
  if (cases.empty()) return std::string{};
  std::vector<std::pair<Instant, std::string>> lines;
  for (const auto& [id, line] : cases) {
    std::string words;
    for (const auto force : {casework::ClockForce::kStatutory, casework::ClockForce::kTarget}) {
      for (const auto& [clock, due] : line.clocks) {
        if (clock->force == force) words += (words.empty() ? "" : ", ") + clock_words(*clock);
      }
    }
    lines.emplace_back(line.due, "  " + minute_of(line.due) + "  " + id + "  " + words + "\n");
  }
  std::ranges::sort(lines);
  const bool is_cut = running.size() == static_cast<std::size_t>(limits::kPageRowsMax);
  std::string out = std::string{" "} + part.title + ": " + std::to_string(lines.size()) +
                    (is_cut ? " 或更多 or more" : "") + "\n";
  for (const auto& [due, line] : lines) out += line;
  return out;
}

Result<std::string> all_clocks_text(store::Reader& reader,
                                    const WorkCalendar& calendar,
                                    const Address& at,
                                    Instant now) {
  const auto overdue = casework::clock_bounds(now, calendar);
  const Instant soon = now + kDueSoon;
  const ClockPart parts[]{{{at, overdue}, Instant::min(), now, "办件时限已过 cases past a term"},
                          {{at, casework::clock_bounds(soon, calendar), overdue},
                           now,
                           soon,
                           "办件时限三日内到期 cases with a term that ends within three days"}};
  std::string out;
  for (const ClockPart& part : parts) {
    ASSIGN_OR_RETURN(const std::string text, clocks_text(reader, calendar, part));
    out += text;
  }
  return out;
}

Result<std::string> address_text(store::Reader& reader,
                                 const Directory& directory,
                                 const Address& at,
                                 Instant now) {
  constexpr Part kParts[]{{store::LoopChoice::kOverdue, "逾期 overdue"},
                          {store::LoopChoice::kDueSoon, "三日内到期 due within three days"}};
  std::string out;
  for (const Part& part : kParts) {
    ASSIGN_OR_RETURN(const std::string text, part_text(reader, directory, at, part, now));
    out += text;
  }
  ASSIGN_OR_RETURN(const std::string clocks,
                   all_clocks_text(reader, directory.calendar(), at, now));
  out += clocks;
  ASSIGN_OR_RETURN(const store::Totals totals, reader.totals(at, now));
  if (totals.attention_open > 0) {
    out += " 待人工核对 waiting for a person: " + std::to_string(totals.attention_open) + "\n";
  }
  if (out.empty()) return out;
  return "\n" + std::string{tier_zh(at.tier())} + " " + to_string(at.tier()) + "  " +
         directory.label(at) + "\n" + out;
}

}  // namespace

Result<std::string> digest_text(store::Reader& reader,
                                const Directory& directory,
                                std::vector<Address> addresses,
                                Instant now) {
  std::ranges::stable_sort(addresses, {}, [](const Address& at) { return at.tier(); });
  std::string body;
  for (const Address& at : addresses) {
    ASSIGN_OR_RETURN(const std::string text, address_text(reader, directory, at, now));
    body += text;
  }
  return "民情直通车 每日督办摘要 daily digest for supervisors\n" + minute_of(now) + "\n" +
         (body.empty() ? "\n无逾期,无即将到期,无待核对 nothing is overdue, due soon or waiting\n"
                       : body);
}

bool Digest::is_due(Instant now) const {
  return now >= not_before_ && hour_of(now) >= config_.hour && day_of(now) != day_done_;
}

Status Digest::write(store::Reader& reader,
                     const Directory& directory,
                     const std::vector<Address>& addresses,
                     Instant now) {
  const std::string day = day_of(now);
  not_before_ = now + kDigestRetry;
  std::error_code error;
  fs::create_directories(config_.directory, error);  // the write says what is wrong
  const fs::path path = config_.directory / (std::string{kPrefix} + day + std::string{kSuffix});
  if (!fs::exists(path, error)) {
    ASSIGN_OR_RETURN(const std::string text, digest_text(reader, directory, addresses, now));
    RETURN_IF_ERROR(ops::write_file_atomically(path.string(), text, ops::FilePrivacy::kPrivate));
  }
  day_done_ = day;
  not_before_ = {};
  delete_old(now);
  return ok();
}

void Digest::delete_old(Instant now) const {
  const std::string oldest = day_of(now - std::chrono::days{config_.days_kept});
  std::error_code ignored;
  std::vector<fs::path> old;
  for (const fs::directory_entry& entry : fs::directory_iterator{config_.directory, ignored}) {
    const std::string name = entry.path().filename().string();
    const std::size_t length = kPrefix.size() + oldest.size() + kSuffix.size();
    if (name.size() != length || !name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    if (name.substr(kPrefix.size(), oldest.size()) < oldest) old.push_back(entry.path());
  }
  for (const fs::path& path : old) fs::remove(path, ignored);
}

}  // namespace minqing::node
