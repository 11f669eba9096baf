// What the broker counts. Totals since start, but for the figures marked "now".
#pragma once

#include <array>
#include <cstdint>

#include "courier/frame.h"

namespace minqing::broker {

inline constexpr std::size_t kRefusalCodes =
    static_cast<std::size_t>(courier::RefusalCode::kSessionLimit) + 1;  // 0 is not used

struct Stats {
  // frames and sessions
  std::uint64_t frames_received = 0;
  std::uint64_t frames_bad = 0;        // could not be read
  std::uint64_t frames_sent = 0;       // handed to the shell
  std::uint64_t sends_unroutable = 0;  // the connection was gone
  std::uint64_t sends_full = 0;        // high-water mark: an alarm, credit should prevent it
  std::uint64_t hellos_accepted = 0;
  std::uint64_t sessions_refused = 0;  // session_refused was answered: hello or whole frame
  std::uint64_t sessions_gone = 0;
  std::uint64_t sessions_silent = 0;  // of those, for silence
  std::uint64_t resets_sent = 0;      // frames from unknown sessions
  std::uint64_t pings_sent = 0;
  std::uint64_t directories_offered = 0;
  std::uint64_t offers_ignored = 0;  // a node offered a directory: only the admin door takes one
  std::uint64_t strangeness_ignored = 0;  // items that only a broker may send

  // envelopes
  std::uint64_t envelopes_received = 0;
  std::uint64_t envelope_bytes_received = 0;
  std::uint64_t envelopes_passed = 0;    // forwarded at once, no disk
  std::uint64_t envelopes_stored = 0;    // put into a mailbox
  std::uint64_t envelopes_repeated = 0;  // were in the mailbox already
  std::uint64_t envelopes_drained = 0;   // sent from a mailbox
  std::uint64_t envelopes_dropped = 0;   // taken out of a mailbox by the addressee's receipt
  std::array<std::uint64_t, kRefusalCodes> envelopes_refused{};  // by courier::RefusalCode

  // receipts and what travels like them
  std::uint64_t receipts_forwarded = 0;
  std::uint64_t receipts_without_sender = 0;  // sender offline: dropped, resume says it again
  std::uint64_t receipts_foreign = 0;         // not by the addressee's node: ignored
  std::uint64_t resumes_forwarded = 0;
  std::uint64_t cannot_opens_forwarded = 0;
  std::uint64_t forks_forwarded = 0;
  std::uint64_t refill_asks_forwarded = 0;
  std::uint64_t refill_pages_forwarded = 0;
  std::uint64_t refills_refused = 0;  // a pair that may not talk, or a page nobody asked for

  // credit
  std::uint64_t credit_stalls = 0;  // an addressee was live but had no credit left
  std::uint64_t spent_lies = 0;     // a node said that it had sent more than it was granted
  std::uint64_t capped_stalls = 0;  // an addressee had credit, but too much was under way to all
};

}  // namespace minqing::broker
