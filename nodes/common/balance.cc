#include "nodes/common/balance.h"

#include <algorithm>
#include <array>

#include "casework/attention.h"
#include "core/limits.h"

namespace minqing::node {
namespace {

using courier::Direction;
using courier::HeldRange;
using courier::LogRow;

/// Between two asks: a night's balance leaves the disk and the line to the living.
constexpr Millis kAskPause{50};
constexpr Millis kAnswerPatience{10'000};
constexpr unsigned kAttemptsMax = 3;

// 02:30 to 04:30 in China, wherever the host is.
constexpr std::chrono::hours kDay{24};
constexpr std::chrono::minutes kNightBegins{18 * 60 + 30};  // UTC
constexpr std::uint64_t kNightMinutes = 120;

Direction other_direction(Direction direction) {
  return direction == Direction::kIn ? Direction::kOut : Direction::kIn;
}

/// Each store has a minute of its own, so that a city's nodes do not all begin at once.
Instant next_night(Instant now, const LifeId& life) {
  const auto days = (now.time_since_epoch() - kNightBegins) / kDay + 1;
  const std::uint64_t number = std::uint64_t{life.bytes[0]} * 256 + life.bytes[1];
  return Instant{days * Micros{kDay} + kNightBegins +
                 std::chrono::minutes{static_cast<std::int64_t>(number % kNightMinutes)}};
}

/// Of two rows at one number the later (a VOID), as the digest counts them.
std::vector<courier::NumberedLeaf> latest(std::vector<courier::NumberedLeaf> leaves) {
  std::vector<courier::NumberedLeaf> out;
  for (const courier::NumberedLeaf& leaf : leaves) {
    if (!out.empty() && out.back().seq == leaf.seq) out.pop_back();
    out.push_back(leaf);
  }
  return out;
}

bool is_in(const HeldRange& range, const courier::RefillRow& row, const Header& header) {
  return range.direction == row.direction && range.life == row.life && range.lane == header.lane &&
         range.side == header.side && range.first <= row.seq && row.seq <= range.last;
}

/// What the person's list says, by kind of difference.
struct Words {
  const char* code;
  const char* zh;
  const char* en;
};
constexpr std::array<Words, 3> kWords{{
    {"balance:missing", "对方存有而本单位缺失,可用 minqing refill --again 补回",
     "the peer holds them and this store has not: `minqing refill --again` fetches them"},
    {"balance:other", "与对方同号不同文,请双方用 minqing balance --with 核对",
     "the peer holds others at these numbers: compare with `minqing balance --with`"},
    {"balance:damaged", "本单位存储已损坏且对方未能补回,请检查磁盘并从备份恢复 (minqing restore)",
     "damaged here, and the peer did not give them back: look at the disk, then `minqing restore`"},
}};

}  // namespace

BalanceProgress Balance::progress() const {
  BalanceProgress out = progress_;
  out.is_running = is_running_;
  out.streams_left = spans_.size();
  return out;
}

// --- what is compared ----------------------------------------------------------------------------

bool Balance::is_damaged(const LogRow& row) const {
  const bool is_purged = row.body.empty();
  return !is_purged && ports_.sealer.leaf_of(row) != row.leaf;
}

courier::RangeDigest Balance::digest_of(const std::vector<LogRow>& rows) const {
  std::vector<courier::NumberedLeaf> leaves;
  for (const LogRow& row : rows) {
    leaves.push_back({row.seq, row.body.empty() ? row.leaf : ports_.sealer.leaf_of(row)});
  }
  return courier::range_digest(latest(std::move(leaves)),
                               [&](ByteView bytes) { return ports_.sealer.digest(bytes); });
}

std::vector<LogRow> Balance::rows_of(const Address& owner,
                                     const Address& peer,
                                     Direction direction,
                                     const HeldRange& range) {
  return ports_.ledger.rows_between(direction, {owner, peer, range.lane, range.side}, range.life,
                                    range.first, range.last);
}

courier::RefillPage Balance::answer(const courier::RefillAsk& ask) {
  courier::RefillPage page{.from = ask.to,
                           .to = ask.from,
                           .life = ask.life,
                           .after = ask.after,
                           .through = ask.after,
                           .more = false,
                           .rows = {}};
  std::size_t bytes = 0;
  for (const HeldRange& range : ask.held) {
    const auto rows = rows_of(ask.to, ask.from, other_direction(range.direction), range);
    if (digest_of(rows) == range.digest) continue;
    for (const LogRow& row : rows) {
      if (row.body.empty() || is_damaged(row)) continue;  // proves nothing
      bytes += row.header.size() + row.body.size() + row.signature.size();
      if (page.rows.size() == limits::kRefillItemsMax || bytes > limits::kRefillPageBytes) {
        page.more = true;
        break;
      }
      page.rows.push_back(
          {range.direction, row.life, row.seq, row.header, row.salt, row.body, row.signature});
    }
  }
  ++counters_.asks_answered;
  return page;
}

// --- a run ---------------------------------------------------------------------------------------

Status Balance::start(const Directory& directory, Instant now) {
  if (is_running_) return Error{Errc::kConflict, "a balance is going on already"};
  spans_.clear();
  const auto is_elsewhere = [&](const Address& owner, const Address& peer) {
    const AddressEntry* entry = directory.find(peer);
    return entry != nullptr && !entry->node.empty() && ports_.sealer.hosts(owner, directory) &&
           !ports_.sealer.hosts(peer, directory);
  };
  for (const courier::InStream& in : ports_.ledger.in_streams()) {
    if (!is_elsewhere(in.key.owner, in.key.peer)) continue;
    spans_.push_back({in.key.owner, in.key.peer, Direction::kIn, in.key.lane, in.key.side, in.life,
                      Seq{1}, in.cursor});
  }
  for (const courier::OutStream& out : ports_.ledger.out_streams()) {
    if (out.receipted == Seq{} || !is_elsewhere(out.key.owner, out.key.peer)) continue;
    spans_.push_back({out.key.owner, out.key.peer, Direction::kOut, out.key.lane, out.key.side,
                      ports_.ledger.life(), Seq{1}, out.receipted});
  }
  std::ranges::sort(spans_, std::greater{});
  is_running_ = true;
  progress_.streams = spans_.size();
  progress_.peers_silent = 0;
  progress_.findings = 0;
  found_.clear();
  damaged_.clear();
  open_.reset();
  next_ask_at_ = now;
  return ok();
}

bool Balance::is_asking(const Address& owner, const Address& peer) const {
  return open_ && open_->ask.from == owner && open_->ask.to == peer;
}

/// Ranges of the next streams with one peer, eight at most.
void Balance::next_ask() {
  open_.emplace();
  Open& open = *open_;
  open.ask.from = spans_.back().owner;
  open.ask.to = spans_.back().peer;
  open.ask.life = ports_.ledger.life();
  open.ask.after = Pos{++asked_};
  std::size_t at = spans_.size();
  open.next = spans_.back().next;
  while (at > 0 && open.ask.held.size() < limits::kBalanceRangesMax) {
    const Span& span = spans_[at - 1];
    if (span.owner != open.ask.from || span.peer != open.ask.to) break;
    HeldRange range{span.direction,
                    span.lane,
                    span.side,
                    span.life,
                    open.next,
                    Seq{std::min(open.next.value + courier::kBalanceRange - 1, span.last.value)},
                    {}};
    const auto rows = rows_of(span.owner, span.peer, span.direction, range);
    for (const LogRow& row : rows) {
      if (is_damaged(row)) damaged_.insert({{{row.owner, row.peer}, row.pos}, row.id});
    }
    range.digest = digest_of(rows);
    open.ask.held.push_back(range);
    if (range.last < span.last) {
      open.next = range.last.next();
      continue;
    }
    ++open.spans;
    --at;
    open.next = at > 0 ? spans_[at - 1].next : Seq{};
  }
}

void Balance::send(const Directory& directory, Instant now) {
  open_->again_at = now + kAnswerPatience;
  auto boxed = ports_.sealer.box_ask(open_->ask, directory);
  if (!boxed) return give_up_peer();  // it has no key any more
  asks_.push_back({*std::move(boxed), open_->attempts});
  ++open_->attempts;
  ++counters_.asks_sent;
}

void Balance::give_up_peer() {
  ++progress_.peers_silent;
  const std::pair silent{open_->ask.from, open_->ask.to};
  while (!spans_.empty() && std::pair{spans_.back().owner, spans_.back().peer} == silent) {
    spans_.pop_back();
  }
  open_.reset();
}

void Balance::move_on(Instant now) {
  counters_.ranges += open_->ask.held.size();
  spans_.resize(spans_.size() - open_->spans);
  if (!spans_.empty()) spans_.back().next = open_->next;
  open_.reset();
  next_ask_at_ = now + kAskPause;
}

void Balance::tick(const Directory& directory, Instant now) {
  if (due_at_ == Instant{}) due_at_ = next_night(now, ports_.ledger.life());
  if (!is_running_ && now < due_at_) return;
  if (!is_running_ && !start(directory, now)) return;
  if (open_) {
    if (now < open_->again_at) return;
    if (open_->attempts < kAttemptsMax) return send(directory, now);
    give_up_peer();
  }
  if (spans_.empty()) return finish(now);
  if (now < next_ask_at_) return;
  next_ask();
  send(directory, now);
}

std::optional<Instant> Balance::next_deadline() const {
  if (!is_running_) return due_at_ == Instant{} ? std::nullopt : std::optional{due_at_};
  return open_ ? open_->again_at : next_ask_at_;
}

// --- what a peer gives back ----------------------------------------------------------------------

void Balance::on_page(const courier::BoxedRecord& boxed, const Directory& directory, Instant now) {
  const auto page = ports_.sealer.unbox_page(boxed, directory);
  if (!page || !open_ || page->life != open_->ask.life || page->after != open_->ask.after) return;
  std::size_t mended = 0;
  for (const courier::RefillRow& row : page->rows) mended += compare(row, directory) ? 1U : 0U;
  if (page->more && mended > 0) {
    // What was mended counts as equal now; the rest of the ranges comes with the next page.
    open_.reset();
    next_ask_at_ = now + kAskPause;
    return;
  }
  move_on(now);
}

bool Balance::compare(const courier::RefillRow& given, const Directory& directory) {
  const courier::RefillAsk& ask = open_->ask;
  const auto envelope = ports_.sealer.reopen(given, ask.from, ask.to, directory);
  if (!envelope) return false;
  LogRow row = envelope->row;
  const Header& header = envelope->entry.header;
  const auto range = std::ranges::find_if(
      ask.held, [&](const HeldRange& held) { return is_in(held, given, header); });
  if (range == ask.held.end()) return false;
  const auto ours = ports_.ledger.rows_at(
      given.direction, {ask.from, ask.to, header.lane, header.side}, given.life, given.seq);
  const auto same = std::ranges::find(ours, row.leaf, &LogRow::leaf);
  if (same == ours.end()) {
    const auto known = ports_.ledger.find(ask.from, given.direction, ask.to, row.id);
    if (known && known->leaf == row.leaf) return false;  // under another number, of another life
    note({ask.from, ask.to}, ours.empty() ? Difference::kMissing : Difference::kOther, row.id);
    return false;
  }
  if (!is_damaged(*same)) return false;
  row.pos = same->pos;
  ports_.ledger.mend(row);
  damaged_.erase({{ask.from, ask.to}, row.pos});
  ++counters_.rows_mended;
  alarms_.push_back("event=row_mended owner=" + ask.from.text() + " peer=" + ask.to.text() +
                    " pos=" + std::to_string(row.pos.value));
  return true;
}

void Balance::note(const Talk& talk, Difference difference, const MessageId& id) {
  switch (difference) {
    case Difference::kMissing: ++counters_.rows_missing; break;
    case Difference::kOther: ++counters_.rows_other; break;
    case Difference::kDamaged: ++counters_.rows_damaged; break;
  }
  ++progress_.findings;
  Found& found = found_[{talk, difference}];
  if (found.rows++ == 0) found.first = id;
}

std::string Balance::text_of(Difference difference, const Address& peer, std::uint64_t rows) {
  const Words& words = kWords[static_cast<std::size_t>(difference)];
  const std::string count = std::to_string(rows);
  return "夜间对账:与 " + peer.text() + " 往来 " + count + " 件," + words.zh +
         " (the nightly balance: " + count + " envelopes of the talk with " + peer.text() + ": " +
         words.en + ")";
}

void Balance::finish(Instant now) {
  for (const auto& [row, id] : damaged_) note(row.first, Difference::kDamaged, id);
  damaged_.clear();
  for (const auto& [what, found] : found_) {
    if (!told_.insert(what).second) continue;  // on the list since an earlier night
    const auto& [owner, peer] = what.first;
    casework::Draft draft = casework::attention_draft(
        owner, {.case_id = {},
                .loop = {},
                .code = kWords[static_cast<std::size_t>(what.second)].code,
                .about = found.first,
                .text = text_of(what.second, peer, found.rows)});
    CHECK(scribe_.write({std::move(draft)}).has_value());
  }
  found_.clear();
  is_running_ = false;
  progress_.ended_at = now;
  ++counters_.runs;
  due_at_ = next_night(now, ports_.ledger.life());
}

}  // namespace minqing::node
