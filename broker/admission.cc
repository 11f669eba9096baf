#include "broker/admission.h"

#include "core/limits.h"
#include "core/may_send.h"
#include "core/mutant.h"

namespace minqing::broker {

using courier::RefusalCode;

namespace {

std::optional<Refusal> check_shape(const courier::SealedEnvelope& envelope) {
  const Header& header = envelope.header;
  const auto bad = [](std::string detail) {
    return Refusal{RefusalCode::kBadEnvelope, std::move(detail)};
  };
  if (header.version != kEnvelopeVersion) {
    return bad("envelope version " + std::to_string(header.version) +
               " is not spoken here; update this broker or the node");
  }
  if (header.id.is_none()) return bad("the envelope has no id");
  if (envelope.transport.life.is_none()) return bad("the envelope has no life");
  if (envelope.transport.seq == Seq{}) return bad("the envelope has no number in its stream");
  if (header.cls == MessageClass::kSelf) return bad("class self never travels");
  // A request in an answer stream would slip through a broker at level red.
  if (header.cls == MessageClass::kRequest && header.side != Side::kAsk) {
    return bad("a request must be on side ask");
  }
  if (header.cls == MessageClass::kFinal && header.side != Side::kAnswer) {
    return bad("a final must be on side answer");
  }
  if (envelope.sealed.empty()) return bad("the envelope has no sealed part");
  if (header.body_bytes > limits::kBodyBytesMax ||
      envelope.sealed.size() > limits::kEnvelopeBytesMax) {
    return Refusal{RefusalCode::kTooLarge,
                   "a sealed envelope of " + std::to_string(envelope.sealed.size()) +
                       " bytes is above the limit of " + std::to_string(limits::kEnvelopeBytesMax)};
  }
  return std::nullopt;
}

RefusalCode code_of(Admission admission) {
  switch (admission) {
    case Admission::kAllowed: break;
    case Admission::kUnknownAddress: return RefusalCode::kUnknownAddress;
    case Admission::kNotActive: return RefusalCode::kNotActive;
    case Admission::kDissolved: return RefusalCode::kDissolved;
    case Admission::kForbiddenPair: return RefusalCode::kForbiddenPair;
  }
  CHECK(false);
}

std::string detail_of(RefusalCode code, const Directory& directory, const Header& header) {
  const std::string pair = header.from.text() + " -> " + header.to.text();
  const std::string version =
      " (directory version " + std::to_string(directory.version().value) + ")";
  if (code == RefusalCode::kDissolved) {
    for (const Address* address : {&header.from, &header.to}) {
      const AddressEntry* entry = directory.find(*address);
      if (entry != nullptr && entry->state == EntryState::kDissolved) {
        return address->text() + " is dissolved; its successor is " +
               (entry->successor.is_none() ? std::string{"not named"} : entry->successor.text());
      }
    }
  }
  if (code == RefusalCode::kForbiddenPair) return pair + " may not exchange messages" + version;
  if (code == RefusalCode::kUnknownAddress) return pair + ": one is not in the directory" + version;
  return pair + ": one is not active" + version;
}

std::optional<Refusal> check_level(const Header& header, Level level) {
  if (header.side == Side::kAnswer && !mutated(Mutant::kRedRefusesAnswers)) return std::nullopt;
  switch (level) {
    case Level::kGreen: return std::nullopt;
    case Level::kAmber:
      if (header.lane != Lane::kBulk) return std::nullopt;
      return Refusal{RefusalCode::kLevelAmber, "the broker is short of room; the bulk lane waits"};
    case Level::kRed:
      return Refusal{RefusalCode::kLevelRed,
                     "the broker is out of room; requests wait, answers pass"};
  }
  CHECK(false);
}

}  // namespace

Millis retry_after(RefusalCode code) {
  switch (code) {
    case RefusalCode::kQuota:
    case RefusalCode::kLevelRed:
    case RefusalCode::kLevelAmber:
    case RefusalCode::kOverCredit:
    case RefusalCode::kSessionLimit: return limits::kBusyRetry;
    case RefusalCode::kUnknownAddress:
    case RefusalCode::kNotActive:
    case RefusalCode::kDissolved:
    case RefusalCode::kForbiddenPair:
    case RefusalCode::kNotYours:
    case RefusalCode::kTooLarge:
    case RefusalCode::kBadEnvelope:
    case RefusalCode::kRevoked:
    case RefusalCode::kBadFrame: return limits::kRefusedRetryDelay;
  }
  CHECK(false);
}

std::optional<Refusal> admit_node(const Directory& directory, std::string_view node) {
  const NodeEntry* entry = directory.find_node(node);
  if (entry == nullptr) {
    return Refusal{RefusalCode::kRevoked, "node " + std::string{node} +
                                              " is not in the directory, version " +
                                              std::to_string(directory.version().value)};
  }
  switch (entry->state) {
    case EntryState::kActive: return std::nullopt;
    case EntryState::kSuspended:
    case EntryState::kMoving:
      return Refusal{RefusalCode::kNotActive,
                     "node " + entry->name + " is " + to_string(entry->state)};
    case EntryState::kRevoked:
    case EntryState::kDissolved:
    case EntryState::kRetired:
      return Refusal{RefusalCode::kRevoked,
                     "node " + entry->name + " is " + to_string(entry->state)};
  }
  CHECK(false);
}

bool is_hosted_by(const Directory& directory, const Address& address, std::string_view node) {
  const AddressEntry* entry = directory.find(address);
  return entry != nullptr && !entry->node.empty() && entry->node == node;
}

std::optional<Refusal> admit(const Directory& directory,
                             std::string_view node,
                             const courier::SealedEnvelope& envelope,
                             Level level,
                             Instant now) {
  if (auto refusal = check_shape(envelope)) return refusal;
  const Header& header = envelope.header;
  if (directory.find(header.from) != nullptr && !is_hosted_by(directory, header.from, node) &&
      !mutated(Mutant::kNotYoursOff)) {
    return Refusal{RefusalCode::kNotYours,
                   header.from.text() + " is not an address of node " + std::string{node}};
  }
  const Admission admission = may_send(directory, header.from, header.to, header.cls);
  if (admission != Admission::kAllowed) {
    const RefusalCode code = code_of(admission);
    return Refusal{code, detail_of(code, directory, header)};
  }
  if (directory.is_expired(now)) {
    return Refusal{RefusalCode::kNotActive,
                   "the broker's directory has expired; give it a new one"};
  }
  return check_level(header, level);
}

}  // namespace minqing::broker
