#include "courier/credit.h"

#include <algorithm>

#include "core/check.h"
#include "core/mutant.h"

namespace minqing::courier {

namespace {
std::uint64_t minus_or_zero(std::uint64_t a, std::uint64_t b) {
  return a > b ? a - b : 0;
}
}  // namespace

CreditMeter::CreditMeter(CreditLimits limits) : limits_{limits} {
  CHECK(limits_.envelopes > 0);
  CHECK(limits_.bytes >= limits_.envelope_bytes_max);  // or the largest could never travel
}

CreditMeter::Within CreditMeter::received(Lane lane, Side side, std::size_t bytes) {
  Count& count = counts_[precedence(lane, side)];
  ++count.received_envelopes;
  count.received_bytes += bytes;
  return count.received_envelopes <= count.granted_envelopes &&
                 count.received_bytes <= count.granted_bytes
             ? Within::kCredit
             : Within::kOverCredit;
}

void CreditMeter::consumed(Lane lane, Side side, std::uint64_t envelopes, std::uint64_t bytes) {
  Count& count = counts_[precedence(lane, side)];
  if (mutated(Mutant::kCreditLeak)) return;
  count.consumed_envelopes += envelopes;
  count.consumed_bytes += bytes;
  CHECK(count.consumed_envelopes <= count.received_envelopes);
  CHECK(count.consumed_bytes <= count.received_bytes);
}

CreditMeter::Within CreditMeter::spent(const Credit& total) {
  Count& count = counts_[precedence(total.lane, total.side)];
  if (total.envelopes_total > count.granted_envelopes || total.bytes_total > count.granted_bytes) {
    return Within::kOverCredit;
  }
  if (mutated(Mutant::kLostStaysSpent)) return Within::kCredit;
  const std::uint64_t envelopes_lost =
      minus_or_zero(total.envelopes_total, count.received_envelopes);
  const std::uint64_t bytes_lost = minus_or_zero(total.bytes_total, count.received_bytes);
  count.received_envelopes += envelopes_lost;
  count.received_bytes += bytes_lost;
  count.consumed_envelopes += envelopes_lost;
  count.consumed_bytes += bytes_lost;
  return Within::kCredit;
}

bool CreditMeter::is_worth_announcing(const Count& count) const {
  const std::uint64_t envelopes_owed =
      minus_or_zero(count.consumed_envelopes + limits_.envelopes, count.granted_envelopes);
  const std::uint64_t bytes_owed =
      minus_or_zero(count.consumed_bytes + limits_.bytes, count.granted_bytes);
  if (envelopes_owed == 0 && bytes_owed == 0) return false;
  if (envelopes_owed * 4 >= limits_.envelopes || bytes_owed * 4 >= limits_.bytes) return true;
  // Less has gathered, but the sender stops where the largest envelope would not fit any more.
  return count.received_envelopes >= count.granted_envelopes ||
         count.received_bytes + limits_.envelope_bytes_max > count.granted_bytes;
}

std::vector<Credit> CreditMeter::take_grants() {
  std::vector<Credit> grants;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    Count& count = counts_[i];
    if (!is_worth_announcing(count)) continue;
    count.granted_envelopes =
        std::max(count.granted_envelopes, count.consumed_envelopes + limits_.envelopes);
    count.granted_bytes = std::max(count.granted_bytes, count.consumed_bytes + limits_.bytes);
    grants.push_back({lane_at(i), side_at(i), count.granted_envelopes, count.granted_bytes});
  }
  return grants;
}

std::vector<Credit> CreditMeter::totals() const {
  std::vector<Credit> all;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const Count& count = counts_[i];
    if (count.granted_envelopes == 0) continue;
    all.push_back({lane_at(i), side_at(i), count.granted_envelopes, count.granted_bytes});
  }
  return all;
}

CreditLeft CreditMeter::left(Lane lane, Side side) const {
  const Count& count = counts_[precedence(lane, side)];
  return {minus_or_zero(count.granted_envelopes, count.received_envelopes),
          minus_or_zero(count.granted_bytes, count.received_bytes)};
}

void CreditPurse::granted(const Credit& credit) {
  Count& count = counts_[precedence(credit.lane, credit.side)];
  count.granted.envelopes = std::max(count.granted.envelopes, credit.envelopes_total);
  count.granted.bytes = std::max(count.granted.bytes, credit.bytes_total);
}

bool CreditPurse::covers(Lane lane, Side side, std::size_t bytes) const {
  const CreditLeft rest = left(lane, side);
  return rest.envelopes >= 1 && rest.bytes >= bytes;
}

void CreditPurse::spend(Lane lane, Side side, std::size_t bytes) {
  CHECK(covers(lane, side, bytes));
  Count& count = counts_[precedence(lane, side)];
  ++count.used.envelopes;
  count.used.bytes += bytes;
}

void CreditPurse::refund(Lane lane, Side side, std::size_t bytes) {
  Count& count = counts_[precedence(lane, side)];
  CHECK(count.used.envelopes >= 1 && count.used.bytes >= bytes);
  --count.used.envelopes;
  count.used.bytes -= bytes;
  count.said.envelopes = std::min(count.said.envelopes, count.used.envelopes);
  count.said.bytes = std::min(count.said.bytes, count.used.bytes);
}

std::vector<Credit> CreditPurse::say_spent() {
  std::vector<Credit> all;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    Count& count = counts_[i];
    if (count.said.envelopes > 0) {
      all.push_back({lane_at(i), side_at(i), count.said.envelopes, count.said.bytes});
    }
    count.said = count.used;
  }
  return all;
}

CreditLeft CreditPurse::left(Lane lane, Side side) const {
  const Count& count = counts_[precedence(lane, side)];
  return {minus_or_zero(count.granted.envelopes, count.used.envelopes),
          minus_or_zero(count.granted.bytes, count.used.bytes)};
}

}  // namespace minqing::courier
