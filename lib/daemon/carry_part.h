// One part of a carry file, made and checked: what nodes, brokers and `minqing` share.
//
// Guarantee: a part that check_part() passed is as its maker wrote it, and of our network; one that
// host_of_signer() passed was made by the node that it names.
#pragma once

#include "core/directory.h"
#include "core/result.h"
#include "seal/keys.h"
#include "wire/carry_codec.h"
#include "wire/frame_codec.h"

namespace minqing::daemon {

/// A part of `maker` around `frame`; `life`: the node's, none for a broker. Hashed, not signed.
wire::CarryPart make_part(const Directory& directory,
                          const std::string& maker,
                          const LifeId& life,
                          const courier::Frame& frame,
                          Instant now);
void sign_part(wire::CarryPart& part, const seal::SigningKeys& keys, const Address& signer);

/// Does its hash fit? Errors: kCorrupt.
Status check_hash(const wire::CarryPart& part);

/// Hash, network and the frame within. Items of the frame that cannot be read are left out of it.
/// Errors: kCorrupt; kInvalid - it is of another network.
Result<wire::DecodedFrame> open_part(const wire::CarryPart& part, const Directory& directory);

/// Whose word it is, for a broker: the node that hosts the signer, by a key that is not revoked.
/// Errors: kNotAllowed - unsigned, or by somebody the directory does not know; kCorrupt.
Result<std::string> node_of(const wire::CarryPart& part, const Directory& directory);

/// A carry file of this one part, in hexadecimal digits: how it goes through a local socket.
Result<std::string> part_to_hex(const wire::CarryPart& part);
/// Errors: kInvalid - no digits, or more than one part; decode_carry's.
Result<wire::CarryPart> part_from_hex(const std::string& hex);

}  // namespace minqing::daemon
