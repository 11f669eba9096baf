#include "tests/sim/sim_broker.h"

#include "core/limits.h"
#include "tests/sim/desk.h"
#include "wire/envelope_codec.h"
#include "wire/frame_codec.h"

namespace minqing::sim {

SimBroker::SimBroker(World world, const City& city, std::size_t index, std::uint64_t seed)
    : Process{world, "broker-" + std::to_string(index + 1), seed, Fault::kBrokerCrash,
              Fault::kBrokerPause},
      city_{city},
      index_{index} {}

SimBroker::~SimBroker() {
  close();
}

Status SimBroker::open() {
  const auto decode = [](ByteView sealed) {
    return wire::read_sealed(Bytes{sealed.begin(), sealed.end()});
  };
  ASSIGN_OR_RETURN(mailboxes_, store::MailboxStore::open("mailboxes.db",
                                                         {.decode = decode, .vfs = disk().vfs()}));
  broker::Brain::Options options;
  options.name = name();
  options.program = "minqing-broker sim";
  brain_ =
      std::make_unique<broker::Brain>(std::move(options), *mailboxes_, city_.directory(), Bytes{1});
  return ok();
}

void SimBroker::close() {
  has_leaked_ = has_leaked_ || disk().contains(kPlaintextMark);
  brain_.reset();
  mailboxes_.reset();
  inbox_.clear();
}

bool SimBroker::has_leaked() {
  return has_leaked_ || disk().contains(kPlaintextMark);
}

std::string SimBroker::mail_words() {
  if (!is_up()) return name() + " is not up\n";
  std::string out;
  for (const courier::Mailbox::Listing& box : mailboxes_->list()) {
    for (const courier::Mail& mail : mailboxes_->next(box.key, 0, 5, limits::kFrameBytesTarget)) {
      const Header& header = mail.envelope.header;
      out += name() + " holds of " + header.from.text() + " for " + header.to.text() + " " +
             to_string(header.lane) + " " + to_string(header.side) + " seq " +
             std::to_string(mail.envelope.transport.seq.value) + "\n";
    }
  }
  return out;
}

void SimBroker::wipe() {
  world_.tally.met(Fault::kBrokerWipe);
  die(CrashKind::kProcess);
  disk().wipe();
  start();
}

void SimBroker::join_network() {
  world_.network.broker_up(index_);
}

void SimBroker::lose_network() {
  world_.network.broker_down(index_);
}

void SimBroker::on_frame(LineName line, Bytes connection, Bytes frame) {
  if (!is_up()) return;
  inbox_.push_back({line, std::move(connection), std::move(frame)});
  wake_after(random_.between(Micros{20}, Micros{500}));
}

// --- a turn: the order of broker/daemon.cc -------------------------------------------------------

void SimBroker::turn(Instant now) {
  mailboxes_->begin();
  hear(now);
  brain_->tick(now);
  const broker::Effects effects = brain_->take_effects(now);
  const bool writes = effects.must_commit || mailboxes_->is_dirty();
  if (writes && dies_at(DeathPoint::kBeforeCommit)) return;
  if (!mailboxes_->commit()) return end_by_disk();
  if (writes && dies_at(DeathPoint::kAfterCommit)) return;
  bool sent_some = false;
  for (const broker::Outgoing& out : effects.frames) {
    if (sent_some && dies_at(DeathPoint::kInSend)) return;
    Bytes frame = wire::encode_frame(out.frame);
    CHECK(frame.size() <= limits::kMessageBytesMax);
    sent_some = true;
    if (world_.network.send_down(index_, out.to.id, std::move(frame)) == Network::Sent::kYes) {
      continue;
    }
    brain_->on_send_failed(out.to, broker::SendFailure::kUnroutable, now);
  }
  if (random_.chance(20)) mailboxes_->tidy();
  if (!inbox_.empty() || brain_->wants_turn()) return wake_after(Micros{50});
  wake_at_own(brain_->next_deadline());
}

void SimBroker::hear(Instant now) {
  for (std::size_t frames = 0; frames < 4 * limits::kFramesPerTurnMax && !inbox_.empty();
       ++frames) {
    Received received = std::move(inbox_.front());
    inbox_.pop_front();
    const broker::SessionKey key{std::move(received.connection)};
    const std::string& node = city_.nodes().at(received.line.node).name;
    auto decoded = wire::decode_frame(received.frame);
    if (!decoded) {
      brain_->on_bad_frame(key, node, decoded.error().detail, now);
      continue;
    }
    for (const Error& error : decoded->bad_items) {
      brain_->on_bad_envelope(key, node, error.detail, now);
    }
    brain_->on_frame(key, node, std::move(decoded->frame), now);
  }
}

}  // namespace minqing::sim
