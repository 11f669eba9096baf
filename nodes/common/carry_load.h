// What is carried by hand, as a node's brain hands it out and takes it in (brain_carry.cc,
// docs/adr/0012-carry-by-hand.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"
#include "courier/held_back.h"
#include "courier/stream.h"

namespace minqing::node {

/// Where a part of an export ended: behind the receipt for a stream, or behind an envelope.
struct CarriedReceipt {
  courier::InStreamKey stream;
};
struct CarriedEnvelope {
  courier::StreamKey stream;
  Seq seq;
};
/// monostate: the beginning.
using CarryPlace = std::variant<std::monostate, CarriedReceipt, CarriedEnvelope>;

/// "receipt/330824/housing@330824/1/0/LIFE", "envelope/330824/housing@330824/1/0/SEQ".
std::string to_text(const CarryPlace& place);
/// Empty text is the beginning. Errors: kInvalid.
Result<CarryPlace> parse_carry_place(std::string_view text);

/// One part: as much as one frame holds.
struct CarryLoad {
  courier::Frame frame;            // receipts first, then envelopes in the order of sending
  std::optional<CarryPlace> next;  // there is more
  std::uint64_t left = 0;          // un-receipted envelopes behind this part
  std::uint64_t unsealed = 0;      // envelopes that no key seals: their streams are left out
  std::string why_unsealed;        // of the first
};

/// What became of a frame that was carried here.
struct CarryTaken {
  std::uint64_t taken = 0;  // appended to a log; of them `quarantined` without effect
  std::uint64_t quarantined = 0;
  std::uint64_t repeated = 0;    // known already
  std::uint64_t not_for_us = 0;  // envelopes for addresses that are not hosted here
  std::uint64_t unopened = 0;    // nobody's word
  std::uint64_t waiting = 0;     // what must come before is missing, or a newer directory
  std::uint64_t conflicts = 0;   // fork, another content under a known id: alarm
  std::uint64_t receipts = 0;    // believed or known
  std::uint64_t receipts_not_for_us = 0;
  std::uint64_t receipts_unreadable = 0;
};

}  // namespace minqing::node
