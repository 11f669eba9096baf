// What travels in one ZeroMQ frame between a node and a broker (schemas/frame.capnp,
// docs/PROTOCOL.md).
//
// A frame is a batch: all that one turn has for one session and one lane. The structs here are the
// frame's content as values; lib/wire turns them into bytes and back. The broker passes
// `sealed` on untouched and reads only `EnvelopeView`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/envelope.h"

namespace minqing::courier {

inline constexpr std::uint16_t kFrameVersion = 1;

/// One sealed envelope as it travels, and the clear part that was read from it.
struct SealedEnvelope {
  Header header;
  Transport transport;
  Bytes sealed;  // the whole SealedEnvelope message; never re-encoded
};

/// The names of one stream: who sends, to whom, in which lane and side, in which life of the
/// sender.
struct StreamName {
  Address from;
  Address to;
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  LifeId life;  // the sender's
  friend auto operator<=>(const StreamName&, const StreamName&) = default;
};

/// "I, `stream.to`, have committed this stream up to `seq`, whose leaf is `leaf`." No envelope;
/// causes no receipt. Clear for the broker, which drops mail by it; the sender believes only the
/// box. seq 0 with an empty leaf: nothing of this stream is here. At a new session: the resume
/// record.
struct Receipt {
  StreamName stream;
  LifeId receiver_life;
  Seq seq;
  Leaf leaf;
  std::uint32_t streams = 0;  // of how many of stream.from's something is here; 0: not said
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// A Receipt as it travels: the clear copy beside the box that the sender opens.
struct BoxedReceipt {
  Receipt clear;
  KeyId receiver_key;  // sealing keys the box was made with
  KeyId sender_key;
  Bytes box;  // crypto_box over the encoded Receipt, nonce first
};

/// The addressee could not open or verify: seal the same bytes anew. Nobody's word: costs a resend
/// only.
struct CannotOpen {
  StreamName stream;
  Seq seq;
  std::vector<KeyId> my_keys;  // sealing keys the addressee holds now
  DirectoryVersion directory;
};

/// The addressee holds another envelope at this number (life, seq): the sender was set back, and
/// must begin a new life before it goes on.
struct Fork {
  StreamName stream;
  Seq seq;
  Leaf held;                           // what the addressee holds there
  std::optional<BoxedReceipt> word{};  // the same as its own word; without it, nobody's
};

/// A soft record between two addresses (courier/refill.h), as it travels. Stored nowhere on its
/// way.
struct BoxedRecord {
  Address from;
  Address to;
  KeyId from_key;  // sealing keys the box was made with
  KeyId to_key;
  Bytes box;
};

// Numeric values are wire values; the words are those of docs/PROTOCOL.md, logs and metrics.
enum class RefusalCode : std::uint16_t {
  kUnknownAddress = 1,  // from may_send
  kNotActive = 2,
  kDissolved = 3,
  kForbiddenPair = 4,
  kNotYours = 5,  // header.from is not an address of this session's node
  kTooLarge = 6,
  kBadEnvelope = 7,  // clear part unreadable or inconsistent
  kQuota = 8,        // mailbox full: busy, retry after
  kLevelRed = 9,     // broker short of disk or memory: ask streams wait
  kLevelAmber = 10,  // bulk waits
  kOverCredit = 11,  // more was sent than granted
  kRevoked = 12,     // this node is revoked
  kBadFrame = 13,    // the frame could not be read
  kSessionLimit = 14,
};
const char* to_string(RefusalCode code);  // "unknown-address", ...
/// True when the cause can pass by itself (quota, levels, not-active): retry after the given delay.
bool is_passing(RefusalCode code);

/// The broker will not carry this stream now. It stops the stream with an alarm and slow retry; it
/// never closes a loop.
struct Refused {
  StreamName stream;
  Seq seq;
  RefusalCode code = RefusalCode::kBadEnvelope;
  Millis retry_after{0};
  std::string detail;
};

/// The broker holds the stream's envelopes up to seq in its mailbox: stretch the resend timer.
struct Stored {
  StreamName stream;
  Seq seq;
};

/// Totals since the session began, per lane and side: what was granted (Frame::credits), or what
/// was sent (Frame::spent). Credit left = granted - sent.
struct Credit {
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  std::uint64_t envelopes_total = 0;
  std::uint64_t bytes_total = 0;
};

struct Hello {  // node -> broker, first on a session, again after `Reset`
  std::string node;
  std::string program;  // "minqing-node 0.1.0"
  LifeId life;
  DirectoryVersion directory;
};
struct Welcome {  // broker -> node
  std::string broker;
  std::string program;
  std::uint64_t session = 0;
  DirectoryVersion directory;
  Instant now;  // the broker's clock: nodes alarm when theirs is off by minutes
};
struct Ping {
  std::uint64_t number = 0;
};  // either way; answered by the Pong of the same number
struct Pong {
  std::uint64_t number = 0;
};
struct Reset {};  // broker -> node: I do not know this session, say hello
struct Goodbye {
  std::string reason;
};  // clean end, either way
struct DirectoryOffer {
  Bytes signed_directory;
};  // broker -> node: a newer one (wire/directory_codec.h)
/// A session-level refusal: hello or frame not accepted.
struct SessionRefused {
  RefusalCode code = RefusalCode::kBadFrame;
  std::string detail;
};

struct Frame {
  Lane lane = Lane::kNormal;
  std::optional<Hello> hello;
  std::optional<Welcome> welcome;
  std::optional<Ping> ping;
  std::optional<Pong> pong;
  std::optional<Reset> reset;
  std::optional<Goodbye> goodbye;
  std::optional<SessionRefused> session_refused;
  std::optional<DirectoryOffer> directory;
  std::vector<Credit> credits;
  std::vector<Credit> spent;  // with a ping or pong: what never came is given back (credit.h)
  std::vector<SealedEnvelope> envelopes;
  std::vector<BoxedReceipt> receipts;
  std::vector<BoxedReceipt> resumes;
  std::vector<CannotOpen> cannot_opens;
  std::vector<Fork> forks;
  std::vector<Refused> refusals;
  std::vector<Stored> stored;
  std::vector<BoxedRecord> refill_asks;
  std::vector<BoxedRecord> refill_pages;

  bool is_empty() const {
    return !hello && !welcome && !ping && !pong && !reset && !goodbye && !session_refused &&
           !directory && credits.empty() && spent.empty() && envelopes.empty() &&
           receipts.empty() && resumes.empty() && cannot_opens.empty() && forks.empty() &&
           refusals.empty() && stored.empty() && refill_asks.empty() && refill_pages.empty();
  }
};

}  // namespace minqing::courier
