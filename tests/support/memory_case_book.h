// MemoryCaseBook: the views in maps, for tests of pure casework.
#pragma once

#include <algorithm>
#include <map>
#include <tuple>

#include "casework/desk.h"

namespace minqing::testing {

class MemoryCaseBook final : public casework::CaseBook {
 public:
  using AttentionRecord = casework::AttentionRecord;
  using CaseRecord = casework::CaseRecord;
  using ClockRecord = casework::ClockRecord;
  using LoopRecord = casework::LoopRecord;
  using TimerRecord = casework::TimerRecord;

  std::optional<CaseRecord> find_case(const Address& owner, const CaseId& case_id) override {
    const auto found = cases_.find({owner, case_id});
    return found == cases_.end() ? std::nullopt : std::optional{found->second};
  }
  void put_case(const CaseRecord& record) override {
    cases_[{record.owner, record.case_id}] = record;
  }

  std::vector<CaseRecord> merged_into(const Address& owner, const CaseId& target) override {
    std::vector<CaseRecord> out;
    for (const auto& [key, record] : cases_) {
      if (record.owner == owner && record.merged_into == target) out.push_back(record);
    }
    return out;
  }

  std::optional<LoopRecord> find_loop(const Address& owner, const LoopId& loop) override {
    const auto found = loops_.find({owner, loop});
    return found == loops_.end() ? std::nullopt : std::optional{found->second};
  }
  void put_loop(const LoopRecord& record) override {
    const std::pair key{record.owner, record.loop};
    if (!loops_.contains(key)) opened_.push_back(key);
    loops_[key] = record;
  }
  std::vector<LoopRecord> loops_of_case(const Address& owner, const CaseId& case_id) override {
    return select(
        [&](const LoopRecord& loop) { return loop.owner == owner && loop.case_id == case_id; });
  }
  std::vector<LoopRecord> children_of(const Address& owner, const LoopId& parent) override {
    return select(
        [&](const LoopRecord& loop) { return loop.owner == owner && loop.parent == parent; });
  }
  std::vector<LoopRecord> open_asks_to(const Address& peer, std::size_t limit) override {
    auto out = select([&](const LoopRecord& loop) {
      return loop.peer == peer && loop.end_held == Side::kAsk &&
             loop.end == casework::LoopEnd::kOpen;
    });
    if (out.size() > limit) out.resize(limit);
    return out;
  }
  std::vector<LoopRecord> all_loops() const {
    return select([](const LoopRecord&) { return true; });
  }

  std::optional<AttentionRecord> find_attention(const Address& owner,
                                                const MessageId& id) override {
    const auto found = attention_.find({owner, id});
    return found == attention_.end() ? std::nullopt : std::optional{found->second};
  }
  void put_attention(const AttentionRecord& record) override {
    attention_[{record.owner, record.id}] = record;
  }
  std::vector<AttentionRecord> open_attention(const Address& owner, std::size_t limit) override {
    std::vector<AttentionRecord> out;
    for (const auto& [key, record] : attention_) {
      if (record.owner == owner && record.attended_at == Instant{}) out.push_back(record);
    }
    std::ranges::stable_sort(out, {}, &AttentionRecord::at);
    if (out.size() > limit) out.resize(limit);
    return out;
  }
  std::vector<AttentionRecord> held_words(const Address& owner, std::size_t limit) override {
    std::vector<AttentionRecord> out;
    for (const auto& [key, record] : attention_) {
      const auto loop = find_loop(owner, record.loop);
      if (record.owner != owner || !record.code.starts_with("held:") || !loop) continue;
      const bool may_count =
          record.attended_at == Instant{} || loop->end == casework::LoopEnd::kOpen;
      if (may_count) out.push_back(record);
    }
    std::ranges::stable_sort(out, {}, &AttentionRecord::at);
    if (out.size() > limit) out.resize(limit);
    return out;
  }
  /// In the order of ids; open ones and attended ones.
  std::vector<AttentionRecord> attention() const {
    std::vector<AttentionRecord> out;
    for (const auto& [key, record] : attention_) out.push_back(record);
    return out;
  }

  void put_kept(const Address& owner, const MessageId& row, const MessageId& keep) override {
    kept_[{owner, row}] = keep;
  }
  std::optional<MessageId> kept(const Address& owner, const MessageId& row) const {
    const auto found = kept_.find({owner, row});
    return found == kept_.end() ? std::nullopt : std::optional{found->second};
  }

  std::vector<ClockRecord> clocks_of(const Address& owner, const CaseId& case_id) override {
    std::vector<ClockRecord> out;
    for (const auto& [key, record] : clocks_) {
      if (record.owner == owner && record.case_id == case_id) out.push_back(record);
    }
    return out;
  }
  void put_clock(const ClockRecord& record) override { clocks_[key_of(record)] = record; }
  void drop_clock(const ClockRecord& record) override { clocks_.erase(key_of(record)); }
  std::vector<ClockRecord> untold_clocks(const casework::UntoldClocks& wanted,
                                         std::size_t limit) override {
    const auto counted_from = [](const ClockRecord& record) {
      return record.started_at + std::chrono::days{record.extended_days};
    };
    std::vector<ClockRecord> out;
    for (const auto& [key, record] : clocks_) {
      const auto found = find_case(record.owner, record.case_id);
      const bool fits = wanted.cases == casework::UntoldClocks::Cases::kAll ||
                        (found && casework::lane_of(found->urgency) == Lane::kUrgent);
      if (record.told_at == Instant{} && record.clock == wanted.clock && fits &&
          counted_from(record) <= wanted.from)
        out.push_back(record);
    }
    std::ranges::stable_sort(out, {}, counted_from);
    if (out.size() > limit) out.resize(limit);
    return out;
  }
  std::size_t clocks() const { return clocks_.size(); }

  void arm(const TimerRecord& timer) override { timers_[key_of(timer)] = timer.due; }
  void disarm(const Address& owner, const LoopId& loop) override {
    std::erase_if(timers_, [&](const auto& entry) {
      return std::get<0>(entry.first) == owner && std::get<1>(entry.first) == loop;
    });
  }
  void disarm(const TimerRecord& timer) override { timers_.erase(key_of(timer)); }
  std::vector<TimerRecord> due_timers(Instant now, std::size_t limit) override {
    std::vector<TimerRecord> out;
    for (const auto& [key, due] : timers_) {
      if (due <= now) out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), due});
    }
    std::ranges::stable_sort(out, {}, &TimerRecord::due);
    if (out.size() > limit) out.resize(limit);
    return out;
  }
  std::optional<Instant> next_timer() override {
    std::optional<Instant> out;
    for (const auto& [key, due] : timers_) {
      if (!out || due < *out) out = due;
    }
    return out;
  }

  std::size_t cases() const { return cases_.size(); }
  std::size_t timers() const { return timers_.size(); }

  /// The same content, whatever the order of writing.
  bool is_same_as(const MemoryCaseBook& other) const {
    return cases_ == other.cases_ && loops_ == other.loops_ && timers_ == other.timers_ &&
           clocks_ == other.clocks_ && attention_ == other.attention_ && kept_ == other.kept_;
  }

 private:
  using LoopKey = std::pair<Address, LoopId>;
  using TimerKey = std::tuple<Address, LoopId, std::string>;
  using ClockKey = std::tuple<Address, CaseId, std::string>;
  static ClockKey key_of(const ClockRecord& record) {
    return {record.owner, record.case_id, record.clock};
  }
  static TimerKey key_of(const TimerRecord& timer) { return {timer.owner, timer.loop, timer.step}; }

  template <class Predicate>
  std::vector<LoopRecord> select(Predicate wanted) const {
    std::vector<LoopRecord> out;
    for (const LoopKey& key : opened_) {
      if (wanted(loops_.at(key))) out.push_back(loops_.at(key));
    }
    return out;
  }

  std::map<std::pair<Address, CaseId>, CaseRecord> cases_;
  std::map<LoopKey, LoopRecord> loops_;
  std::vector<LoopKey> opened_;
  std::map<TimerKey, Instant> timers_;
  std::map<ClockKey, ClockRecord> clocks_;
  std::map<std::pair<Address, MessageId>, AttentionRecord> attention_;
  std::map<std::pair<Address, MessageId>, MessageId> kept_;
};

}  // namespace minqing::testing
