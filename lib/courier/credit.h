// Credit: how much one end of a session may send, per lane and side, in envelopes and bytes.
//
// Both ends count totals since the session began, so a lost or repeated `Credit` harms nothing; the
// next one says it all. A new session starts both counts anew. What was sent and never came (a full
// socket, a line's fault) would be missing for as long as the session lives: the sender says now
// and then what it has sent, and the receiver counts the rest as come and gone. Bytes are those of
// the sealed envelope as it travels, the only size both ends see alike. Guarantee: what is granted
// and not yet consumed never exceeds the limits, so memory is bounded whatever the load; and a
// sender that stopped for want of credit gets more as soon as the receiver has consumed what it was
// sent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/limits.h"
#include "courier/stream.h"

namespace minqing::courier {

struct CreditLimits {
  std::uint64_t envelopes = limits::kCreditEnvelopes;
  std::uint64_t bytes = limits::kCreditBytes;
  std::uint64_t envelope_bytes_max = limits::kEnvelopeBytesMax;  // <= bytes
};

struct CreditLeft {
  std::uint64_t envelopes = 0;
  std::uint64_t bytes = 0;
  friend bool operator==(const CreditLeft&, const CreditLeft&) = default;
};

/// The receiver's end: counts what came and grants more. One per session.
class CreditMeter {
 public:
  explicit CreditMeter(CreditLimits limits = {});

  enum class Within { kCredit, kOverCredit };
  /// An envelope came; kOverCredit = more than was granted (a faulty sender: refuse over-credit).
  /// Counts in both cases: the sender has counted it too.
  Within received(Lane lane, Side side, std::size_t bytes);

  /// What came is off our hands: committed, forwarded, dropped or refused, whatever its fate. Call
  /// it after the commit. CHECKs that no more is consumed than came.
  void consumed(Lane lane, Side side, std::uint64_t envelopes, std::uint64_t bytes);

  /// The sender says that it has sent so much in all, of which everything that was not lost is
  /// here: what is missing will not come, so it counts as received and consumed. A total above what
  /// was granted is a lie: kOverCredit, and changes nothing.
  Within spent(const Credit& total);

  /// Totals worth announcing now, each once: all of them at first; later when a quarter of the
  /// limit has gathered or the sender may be stopped.
  std::vector<Credit> take_grants();
  /// What was granted so far. Said again now and then: a total that was lost on its way would stop
  /// its reader for as long as the session lives.
  std::vector<Credit> totals() const;

  /// What the sender may still send by the announced totals.
  CreditLeft left(Lane lane, Side side) const;

 private:
  struct Count {
    std::uint64_t received_envelopes = 0, received_bytes = 0;
    std::uint64_t consumed_envelopes = 0, consumed_bytes = 0;
    std::uint64_t granted_envelopes = 0, granted_bytes = 0;
  };
  bool is_worth_announcing(const Count& count) const;

  CreditLimits limits_;
  std::array<Count, kTrafficClasses> counts_{};
};

/// The sender's end: what it was granted and has used. One per session; empty until the first
/// `Credit`.
class CreditPurse {
 public:
  /// Totals never fall within a session: a lower one is an old word and changes nothing.
  void granted(const Credit& credit);
  bool covers(Lane lane, Side side, std::size_t bytes) const;
  /// CHECKs covers(): ask first.
  void spend(Lane lane, Side side, std::size_t bytes);
  /// Takes back a spend() whose envelope was not handed to the socket after all.
  void refund(Lane lane, Side side, std::size_t bytes);
  CreditLeft left(Lane lane, Side side) const;
  /// What had been spent when this was called last: all of that has left before whatever leaves
  /// now, and so has come before it, or never will.
  std::vector<Credit> say_spent();

 private:
  struct Count {
    CreditLeft granted;
    CreditLeft used;
    CreditLeft said;  // by the next say_spent(); never above `used`
  };
  std::array<Count, kTrafficClasses> counts_{};
};

}  // namespace minqing::courier
