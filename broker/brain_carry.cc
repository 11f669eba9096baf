// The part of the brain that has no session: a frame that was carried here by hand.
#include <set>

#include "broker/brain.h"
#include "core/check.h"

namespace minqing::broker {

using courier::SealedEnvelope;
using courier::StreamName;

CarryTaken Brain::carry_in(std::string_view node, courier::Frame frame, Instant now) {
  CarryTaken out;
  carried_.note(node);
  std::set<StreamName> stopped;  // what follows a refused envelope would leave a hole
  for (SealedEnvelope& envelope : frame.envelopes) {
    const Header& header = envelope.header;
    const StreamName stream{header.from, header.to, header.lane, header.side,
                            envelope.transport.life};
    if (stopped.contains(stream)) {
      ++out.refused;
      continue;
    }
    if (const auto refusal = carry_in_one(node, std::move(envelope), now, out)) {
      ++out.refused;
      if (out.why_refused.empty()) {
        out.why_refused = std::string{courier::to_string(refusal->code)} + ": " + refusal->detail;
      }
      stopped.insert(stream);
    }
  }
  const std::uint64_t dropped = stats_.envelopes_dropped;
  for (auto* receipts : {&frame.receipts, &frame.resumes}) {
    for (courier::BoxedReceipt& receipt : *receipts) {
      carry_in_receipt(node, std::move(receipt), out);
    }
  }
  out.mail_dropped = stats_.envelopes_dropped - dropped;
  if (out.refused > 0) note(NoteKind::kEnvelopeRefused, node, {}, "carried: " + out.why_refused);
  return out;
}

std::optional<Refusal> Brain::carry_in_one(std::string_view node,
                                           SealedEnvelope envelope,
                                           Instant now,
                                           CarryTaken& out) {
  ++stats_.envelopes_received;
  stats_.envelope_bytes_received += envelope.sealed.size();
  const auto refused = [&](Refusal refusal) {
    ++stats_.envelopes_refused.at(static_cast<std::size_t>(refusal.code));
    return refusal;
  };
  if (auto refusal = admit(*directory_, node, envelope, level_, now)) {
    return refused(*std::move(refusal));
  }
  const Address to = envelope.header.to;
  const AddressEntry* addressee = directory_->find(to);
  CHECK(addressee != nullptr);  // admit has seen it
  const std::uint64_t repeated = stats_.envelopes_repeated;
  switch (delivery_.route(std::move(envelope), sessions_.current_of(addressee->node), now)) {
    case Delivery::Outcome::kPassed: ++out.passed; return std::nullopt;
    case Delivery::Outcome::kStored:
      ++(stats_.envelopes_repeated == repeated ? out.stored : out.repeated);
      return std::nullopt;
    case Delivery::Outcome::kQuota:
      return refused({courier::RefusalCode::kQuota,
                      "the mailbox of " + to.text() +
                          " is full; import again when its node has fetched some"});
  }
  CHECK(false);
}

void Brain::carry_in_receipt(std::string_view node,
                             courier::BoxedReceipt receipt,
                             CarryTaken& out) {
  const StreamName& stream = receipt.clear.stream;
  if (!is_hosted_by(*directory_, stream.to, node)) {
    ++stats_.receipts_foreign;
    ++out.receipts_foreign;
    return;
  }
  if (receipt.clear.seq != Seq{}) delivery_.drop(stream, receipt.clear.seq);
  const AddressEntry* sender = directory_->find(stream.from);
  const Session* session = sender == nullptr ? nullptr : sessions_.current_of(sender->node);
  if (session != nullptr) {
    ++stats_.receipts_forwarded;
    ++out.receipts_passed;
    outbox_.add_receipt(session->key, std::move(receipt));
    return;
  }
  keep_for_carried(receipt);
  ++out.receipts_kept;
}

void Brain::keep_for_carried(const courier::BoxedReceipt& receipt) {
  const AddressEntry* sender = directory_->find(receipt.clear.stream.from);
  if (sender != nullptr) carried_.keep(sender->node, receipt);
}

}  // namespace minqing::broker
