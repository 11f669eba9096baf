// The envelope's outer forms: what travels sealed, what the box holds, what a signature is stored
// as. Bytes only: hashing, signing and sealing are lib/seal's (schemas/envelope.capnp has the
// recipe).
#pragma once

#include "core/envelope.h"
#include "core/result.h"
#include "courier/frame.h"

namespace minqing::wire {

/// A SealedEnvelope message as its parts.
struct SealedParts {
  Bytes header;  // its exact bytes (wire/header_codec.h)
  Transport transport;
  KeyId receiver_key;  // sealing keys the box was made with
  KeyId sender_key;
  Bytes box;  // nonce first (seal/box.h)
  friend bool operator==(const SealedParts&, const SealedParts&) = default;
};

/// Errors: kTooLarge above limits::kEnvelopeBytesMax.
Result<Bytes> encode_sealed(const SealedParts& parts);
/// Does not read the header within. Errors: kTooLarge, kInvalid (version), kCorrupt.
Result<SealedParts> decode_sealed(ByteView bytes);

/// Reads the clear part of a sealed envelope, the header too, and keeps the bytes beside it. What a
/// broker does with each, and a mailbox with what it stored. Class self never travels: kCorrupt.
Result<courier::SealedEnvelope> read_sealed(Bytes bytes);

/// What the box holds. `transport` is the sealed copy.
struct BoxContent {
  Transport transport;
  Leaf prior{};  // the leaf at the number before; none = not said
  Salt salt;
  Bytes body;  // its exact bytes (wire/body_codec.h)
  Signature signature;
  friend bool operator==(const BoxContent&, const BoxContent&) = default;
};

Bytes encode_box_content(const BoxContent& content);
/// `header` and `transport` are the clear ones it came with. Errors: kCorrupt also when life, seq
/// or the body's size are others than those; kTooLarge; kInvalid (version).
Result<BoxContent> decode_box_content(ByteView bytes,
                                      const Header& header,
                                      const Transport& transport);

/// The stored form: column `signature` of the log.
Bytes encode_signature(const Signature& signature);
Result<Signature> decode_signature(ByteView bytes);

}  // namespace minqing::wire
