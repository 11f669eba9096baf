// Envelopes made by hand from the recipe in schemas/envelope.capnp, beside the product's own
// sealer: a second reading of the format.
#pragma once

#include <string>

#include "casework/body.h"
#include "core/directory.h"
#include "courier/frame.h"
#include "seal/key_ring.h"

namespace minqing::testing {

struct Letter {
  Header header;  // body_bytes is filled in
  casework::Body body;
  Transport transport;
};

/// A PROBE from an address to another, in the normal lane, number `seq` of `life`.
Letter probe_letter(const Address& from, const Address& to, const LifeId& life, Seq seq);

/// Signs and seals with the keys of `from` in `ring`, for the keys of `to` in `directory`; throws.
courier::SealedEnvelope seal_letter(const Letter& letter,
                                    const seal::KeyRing& ring,
                                    const Directory& directory);

/// The same for an addressee whose sealing key is given: also one that the directory lacks.
courier::SealedEnvelope seal_letter_for(const Letter& letter,
                                        const seal::AddressKeys& mine,
                                        const PublicKey& theirs);

/// The body of an envelope for `to`, opened with its keys; throws when it does not open.
casework::Body open_letter(const courier::SealedEnvelope& envelope,
                           const seal::KeyRing& ring,
                           const Directory& directory);

}  // namespace minqing::testing
