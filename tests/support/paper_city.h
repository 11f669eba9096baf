// PaperCity: desks that exchange drafts in memory. It does what the node brain does (judge, append,
// fold, react, in turn) without streams, stores or seals; ids and leaves are counted, so a run is
// deterministic. Envelopes wait in flight until deliver() or deliver_next().
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "casework/act.h"
#include "casework/closing.h"
#include "casework/fold.h"
#include "casework/judge.h"
#include "casework/react.h"
#include "casework/running_clocks.h"
#include "casework/sharing.h"
#include "casework/timers.h"
#include "core/random.h"
#include "tests/support/memory_case_book.h"
#include "tests/support/paper_directory.h"

namespace minqing::testing {

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(next());
  }
  std::uint64_t below(std::uint64_t bound) override { return next() % bound; }

 private:
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return state_ >> 33U;
  }
  std::uint64_t state_ = 1;
};

class PaperCity {
 public:
  using Command = casework::Command;
  using Draft = casework::Draft;
  using Entry = casework::Entry;
  using Kind = casework::Kind;

  explicit PaperCity(Directory directory = paper_directory()) : directory_{std::move(directory)} {}

  const Directory& directory() const { return directory_; }
  Instant now() const { return now_; }
  casework::Context context() const { return {directory_, now_}; }
  MemoryCaseBook& book(const Address& at) { return books_[at]; }
  const std::vector<Entry>& log(const Address& at) { return logs_[at]; }
  std::size_t in_flight() const { return in_flight_.size(); }
  CaseId new_case_id() { return CaseId::make("330824", now_, random_); }

  /// act() and, when it allows, append.
  Status act(const Command& command) {
    auto drafts = casework::act(book(command.at), command, context());
    if (!drafts) return drafts.error();
    std::vector<Entry> entries;  // all of one act first, as the node does
    for (const Draft& draft : *drafts) entries.push_back(write(draft));
    for (const Entry& entry : entries) settle(entry);
    return ok();
  }

  /// Appends a draft without asking the desk, as a faulty or hostile node would. Gives its entry.
  Entry append(const Draft& draft) {
    const Entry entry = write(draft);
    settle(entry);
    return entry;
  }

  /// One envelope arrives: the first in flight. Gives the receiver's row.
  Entry deliver_next() { return deliver_at(0); }
  Entry deliver_at(std::size_t index) {
    CHECK(index < in_flight_.size());
    const Entry sent = in_flight_[index];
    in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(index));
    return arrive(sent);
  }
  /// Delivers one envelope of those that are first in their stream (from, to, lane, side): `choice`
  /// picks which.
  Entry deliver_somewhere(std::size_t choice) {
    std::vector<std::size_t> firsts;
    for (std::size_t i = 0; i < in_flight_.size(); ++i) {
      const auto same_stream = [&](const Entry& other) {
        const Header& a = in_flight_[i].header;
        const Header& b = other.header;
        return a.from == b.from && a.to == b.to && a.lane == b.lane && a.side == b.side;
      };
      const auto before = in_flight_.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::none_of(in_flight_.begin(), before, same_stream)) firsts.push_back(i);
    }
    CHECK(!firsts.empty());
    return deliver_at(firsts[choice % firsts.size()]);
  }
  /// Delivers until nothing is in flight, except what goes to a `deaf` address.
  void deliver(const std::vector<Address>& deaf = {}) {
    for (std::size_t i = 0; i < in_flight_.size();) {
      if (std::ranges::find(deaf, in_flight_[i].header.to) == deaf.end()) {
        deliver_at(i);
        i = 0;
      } else {
        ++i;
      }
    }
  }
  /// One envelope in flight is lost.
  Entry take_back(std::size_t index) {
    CHECK(index < in_flight_.size());
    const Entry sent = in_flight_[index];
    in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(index));
    return sent;
  }
  /// The first of that kind in flight is lost; CHECKs that there is one.
  Entry take_back(Kind kind) {
    const auto found =
        std::ranges::find_if(in_flight_, [&](const Entry& sent) { return sent.body.kind == kind; });
    CHECK(found != in_flight_.end());
    return take_back(static_cast<std::size_t>(found - in_flight_.begin()));
  }
  Entry arrive(const Entry& sent) {
    Entry in = sent;
    in.direction = courier::Direction::kIn;
    in.owner = sent.header.to;
    in.peer = sent.header.from;
    in.pos = next_pos(in.owner);
    in.at = now_;
    in.verdict = casework::judge(book(in.owner), in, context());
    logs_[in.owner].push_back(in);
    casework::fold(book(in.owner), in);
    settle(in);
    return in;
  }

  /// Time passes; timers fire at their moments, envelopes stay in flight.
  void advance(Micros by) {
    const Instant target = now_ + by;
    while (const auto next = next_timer()) {
      if (next->due > target) break;
      now_ = std::max(now_, next->due);
      for (const Draft& draft : casework::on_timer(book(next->owner), *next, context())) {
        append(draft);
      }
    }
    now_ = target;
  }

  /// Puts on the list of `at` what statutory clocks have run out, as a node does twice a day. Gives
  /// how many.
  std::size_t tell_run_out_clocks(const Address& at) {
    auto drafts = casework::run_out_clocks(book(at), context(), 1'000);
    for (Draft& draft : casework::close_lapsed(book(at), context(), 1'000)) {
      drafts.push_back(std::move(draft));
    }
    for (const Draft& draft : drafts) append(draft);
    return drafts.size();
  }

  /// The last row of `kind` at `at`; CHECKs that there is one.
  const Entry& last(const Address& at, Kind kind) {
    const std::vector<Entry>& rows = logs_[at];
    const auto found = std::find_if(rows.rbegin(), rows.rend(),
                                    [&](const Entry& row) { return row.body.kind == kind; });
    CHECK(found != rows.rend());
    return *found;
  }
  std::size_t count(const Address& at, Kind kind, courier::Direction direction) {
    return static_cast<std::size_t>(std::ranges::count_if(logs_[at], [&](const Entry& row) {
      return row.body.kind == kind && row.direction == direction;
    }));
  }

  /// Folding the log anew gives the same views.
  bool is_rebuildable(const Address& at) {
    MemoryCaseBook fresh;
    for (const Entry& row : logs_[at]) casework::fold(fresh, row);
    return fresh.is_same_as(book(at));
  }
  std::vector<Address> addresses() const {
    std::vector<Address> out;
    for (const auto& [address, log] : logs_) out.push_back(address);
    return out;
  }

 private:
  Entry write(const Draft& draft) {
    const Entry entry = enter(draft);
    if (draft.to != draft.from) in_flight_.push_back(entry);
    return entry;
  }
  Entry enter(const Draft& draft) {
    const casework::KindRow& row = casework::row_of(draft.body.kind);
    Entry entry;
    const bool is_self = draft.to == draft.from;
    entry.direction = is_self ? courier::Direction::kSelf : courier::Direction::kOut;
    entry.owner = draft.from;
    entry.peer = draft.to;
    entry.pos = next_pos(draft.from);
    entry.header.id = next_id();
    entry.header.from = draft.from;
    entry.header.to = draft.to;
    entry.header.lane = draft.lane;
    entry.header.side = draft.side.value_or(row.side);
    entry.header.cls = row.cls;
    entry.header.stamp = {ids_};
    entry.header.sent_at = now_;
    entry.header.directory = directory_.version();
    entry.leaf = leaf_of(entry.header.id);
    entry.at = now_;
    entry.verdict = "ok";
    entry.body = draft.body;
    if (row.cls == MessageClass::kRequest) entry.body.loop = entry.header.id;
    logs_[draft.from].push_back(entry);
    casework::fold(book(draft.from), entry);
    return entry;
  }

  void settle(const Entry& entry) {
    for (const Draft& draft : casework::react(book(entry.owner), entry, context())) append(draft);
    for (const Draft& draft : casework::share(book(entry.owner), entry, context())) append(draft);
  }

  std::optional<casework::TimerRecord> next_timer() {
    std::optional<casework::TimerRecord> out;
    for (auto& [address, at_address] : books_) {
      const auto due = at_address.next_timer();
      if (!due || (out && out->due <= *due)) continue;
      out = at_address.due_timers(*due, 1).front();
    }
    return out;
  }

  Pos next_pos(const Address& owner) { return {logs_[owner].size() + 1}; }

  MessageId next_id() {
    ++ids_;
    MessageId id;
    for (std::size_t i = 0; i < 8; ++i) {
      id.bytes[15 - i] = static_cast<std::uint8_t>(ids_ >> (8 * i));
    }
    return id;
  }
  static Leaf leaf_of(const MessageId& id) {
    Leaf leaf;
    std::ranges::copy(id.bytes, leaf.bytes.begin());
    leaf.bytes[31] = 0x5a;
    return leaf;
  }

  Directory directory_;
  CountingRandom random_;
  Instant now_ = from_micros(1'764'000'000'000'000);
  std::uint64_t ids_ = 0;
  std::map<Address, MemoryCaseBook> books_;
  std::map<Address, std::vector<Entry>> logs_;
  std::deque<Entry> in_flight_;
};

}  // namespace minqing::testing
