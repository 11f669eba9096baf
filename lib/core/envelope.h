// The envelope's clear part (design: "The envelope"). What a broker may read, and no more.
//
// An envelope *is* its id and its leaf, whatever carries it. `Header` is hashed into the leaf;
// `Transport` (the place in a stream) is not, so sealing again or renumbering changes nothing.
#pragma once

#include <cstdint>

#include "core/address.h"
#include "core/ids.h"
#include "core/time.h"

namespace minqing {

// The numeric values below are wire and column values: they never change.
enum class Lane : std::uint8_t { kUrgent = 0, kNormal = 1, kBulk = 2 };
inline constexpr std::size_t kLanes = 3;

/// `ask`: what a requester says about a loop; `answer`: what its answerer says.
enum class Side : std::uint8_t { kAsk = 0, kAnswer = 1 };
inline constexpr std::size_t kSides = 2;

enum class MessageClass : std::uint8_t {
  kRequest = 0,   // opens a loop
  kProgress = 1,  // says something about an open loop, either side
  kFinal = 2,     // ends a loop
  kNotice = 3,    // belongs to no loop
  kSelf = 4,      // a local act; never travels
};

const char* to_string(Lane lane);         // "urgent", "normal", "bulk"
const char* to_string(Side side);         // "ask", "answer"
const char* to_string(MessageClass cls);  // "request", "progress", "final", "notice", "self"

inline constexpr std::uint16_t kEnvelopeVersion = 1;
/// Suite 1: Ed25519, crypto_box (X25519, XSalsa20-Poly1305), BLAKE2b-256.
inline constexpr std::uint16_t kSuite1 = 1;

struct Header {
  std::uint16_t version = kEnvelopeVersion;
  std::uint16_t suite = kSuite1;
  MessageId id;
  Address from;
  Address to;  // == from for MessageClass::kSelf
  Lane lane = Lane::kNormal;
  Side side = Side::kAsk;
  MessageClass cls = MessageClass::kRequest;
  Stamp stamp;                 // Lamport: above every stamp its origin had seen
  Instant sent_at;             // when the origin made it (log time), UTC
  DirectoryVersion directory;  // the origin's, when it made it
  std::uint32_t body_bytes = 0;

  friend bool operator==(const Header&, const Header&) = default;
};

struct Transport {
  LifeId life;  // the sender's
  Seq seq;
  friend bool operator==(const Transport&, const Transport&) = default;
};

/// Signature of a Merkle root over the leaves that one address signed in one turn, and this leaf's
/// place under it. `count == 1` and an empty path: the root is the leaf itself.
struct Signature {
  KeyId key;
  std::uint32_t index = 0;
  std::uint32_t count = 1;
  std::vector<Leaf> path;  // siblings from the leaf upwards
  SignatureBytes bytes;
  friend bool operator==(const Signature&, const Signature&) = default;
};

}  // namespace minqing
