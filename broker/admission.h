// Admission: may this envelope, from this node, be carried now? Pure; default deny.
//
// Trusts: the directory, and the node's name, which libzmq read from the authenticated connection.
// The clear header is the sender's claim; the addressee checks it against the sealed copy.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broker/levels.h"
#include "core/directory.h"
#include "courier/frame.h"

namespace minqing::broker {

struct Refusal {
  courier::RefusalCode code = courier::RefusalCode::kBadEnvelope;
  std::string detail;  // one sentence for the sender's operator
};

/// When the sender may try again: soon for want of room, later for what a person must change.
Millis retry_after(courier::RefusalCode code);

/// May `node` hold a session? Unknown to the directory, revoked and suspended nodes may not.
std::optional<Refusal> admit_node(const Directory& directory, std::string_view node);

/// nullopt = carry it. Checked in this order: shape, size, whose it is, may_send, directory's age,
/// level.
std::optional<Refusal> admit(const Directory& directory,
                             std::string_view node,
                             const courier::SealedEnvelope& envelope,
                             Level level,
                             Instant now);

/// Is `address` hosted by `node`? So only its node may write receipts for it.
bool is_hosted_by(const Directory& directory, const Address& address, std::string_view node);

}  // namespace minqing::broker
