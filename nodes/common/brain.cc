#include "nodes/common/brain.h"

#include <algorithm>

#include "casework/closing.h"
#include "casework/running_clocks.h"
#include "casework/timers.h"
#include "casework/void.h"
#include "core/limits.h"
#include "core/mutant.h"
#include "nodes/common/brain_limits.h"

namespace minqing::node {

using courier::SessionIndex;

Brain::Brain(BrainOptions options, ScribePorts ports, std::shared_ptr<const Directory> directory)
    : options_{std::move(options)},
      ports_{ports},
      directory_{std::move(directory)},
      outbox_{ports.ledger.life(), ports.random},
      receipts_{ports.random},
      scribe_{ports},
      intake_{ports, scribe_, receipts_},
      refill_{ports, scribe_},
      doubled_{ports},
      keeping_{ports, scribe_},
      balance_{ports, scribe_} {
  CHECK(directory_ != nullptr);
  const LifeId life = ports_.ledger.life();
  for (std::size_t i = 0; i < options_.brokers; ++i) {
    links_.emplace_back(
        Link::Identity{.node = options_.node, .program = options_.program, .life = life});
    meters_.emplace_back();
  }
  if (!refill_.is_refilling()) restore_outbox();
  for (const courier::InStream& stream : ports_.ledger.in_streams()) receipts_.restore(stream);
  doubled_.find(*directory_);
  greet_peers();
}

void Brain::on_directory(std::shared_ptr<const Directory> directory) {
  CHECK(directory != nullptr);
  directory_ = std::move(directory);
  sweeps_dissolved_ = true;
  clocks_looked_at_next_ = {};  // its calendar may be another one
  keeping_.look_again();
}

void Brain::begin_turn(Instant now) {
  now_ = now;
  fork_words_ = 0;
  if (timers_wait_until_ == Instant{}) timers_wait_until_ = now + kTimersWaitOffline;
  scribe_.begin_turn(directory_, now);
  scribe_.tell_states(options_.tells_states && !refill_.is_refilling());
}

void Brain::on_socket_open(SessionIndex session) {
  links_.at(session.value).on_socket_open(now_);
}

void Brain::on_change(SessionIndex session, Link::Change change) {
  switch (change) {
    case Link::Change::kNone: return;
    case Link::Change::kOpened:
      meters_.at(session.value) = courier::CreditMeter{};
      outbox_.session_opened(session, now_);
      // Cursors of a store that is refilled are not the last word yet.
      if (!refill_.is_refilling() && !mutated(Mutant::kResumeLeftOut)) {
        receipts_.resume_all(session, now_);
        doubled_.say_all();
      }
      timers_wait_until_ = now_ + kTimersWaitLive;
      return;
    case Link::Change::kClosed:
      outbox_.session_closed(session, now_);
      receipts_.session_closed(session);
      resume_passes_.session_closed(session);
      if (!live_session()) timers_wait_until_ = now_ + kTimersWaitOffline;
      return;
  }
}

void Brain::on_frame(SessionIndex session, courier::Frame frame) {
  ++counters_.frames_received;
  on_change(session, links_.at(session.value).on_frame(frame, now_));
  if (frame.directory) offered_directories_.push_back(std::move(frame.directory->signed_directory));
  for (const courier::Credit& credit : frame.credits) outbox_.on_credit(session, credit, now_);
  for (const courier::BoxedReceipt& receipt : frame.receipts) on_receipt(session, receipt);
  for (const courier::BoxedReceipt& resume : frame.resumes) on_resume(session, resume);
  for (const courier::Stored& stored : frame.stored) outbox_.on_stored(session, stored, now_);
  for (const courier::Refused& refused : frame.refusals) {
    ++counters_.refusals_received;
    outbox_.on_refused(session, refused, now_);
  }
  for (const courier::CannotOpen& cannot_open : frame.cannot_opens) {
    ++counters_.cannot_opens_received;
    outbox_.on_cannot_open(cannot_open, now_);
  }
  for (const courier::Fork& fork : frame.forks) on_fork(fork);
  for (const courier::BoxedRecord& ask : frame.refill_asks) {
    refill_.on_ask(ask, *directory_, balance_);
  }
  for (const courier::BoxedRecord& page : frame.refill_pages) on_page(page);
  courier::CreditMeter& meter = meters_.at(session.value);
  for (const courier::Credit& total : frame.spent) {
    if (meter.spent(total) == courier::CreditMeter::Within::kOverCredit) ++counters_.over_credit;
  }
  for (courier::SealedEnvelope& envelope : frame.envelopes) {
    const Lane lane = envelope.header.lane;
    const Side side = envelope.header.side;
    const std::size_t bytes = envelope.sealed.size();
    if (meter.received(lane, side, bytes) == courier::CreditMeter::Within::kOverCredit) {
      ++counters_.over_credit;
    }
    if (refill_.is_refilling() || wanted_life_) {
      ++counters_.waiting_for_refill;  // no receipt: the sender keeps it, and comes again
    } else {
      intake_.on_envelope(std::move(envelope), now_);
      if (intake_.take_lacking()) want_life("set-back");
    }
    meter.consumed(lane, side, 1, bytes);
  }
}

bool Brain::on_receipt(SessionIndex session, const courier::BoxedReceipt& boxed) {
  const auto receipt = ports_.sealer.unbox(boxed, *directory_);
  if (!receipt) {
    ++counters_.receipts_unreadable;
    return false;
  }
  ++counters_.receipts_received;
  const AddressEntry* peer = directory_->find(receipt->stream.to);
  if (peer != nullptr && peer->state == EntryState::kDissolved) return false;  // owed nothing more
  const Address& owner = receipt->stream.from;
  if (!refill_.is_refilling() &&
      doubled_.is_other_life(owner, receipt->stream.to, receipt->receiver_life)) {
    refill_.on_doubt(owner, receipt->stream.to);
  }
  if (receipt->stream.life.is_none()) {
    on_held_only(*receipt, {});
    return true;
  }
  on_word(*receipt);
  if (const auto held = resume_passes_.hear(session, *receipt)) on_held_only(*receipt, *held);
  return true;
}

void Brain::on_word(const courier::Receipt& receipt) {
  const courier::StreamKey key = courier::key_at_sender(receipt.stream);
  if (!is_about_our_row(receipt)) {
    ++counters_.receipts_forked;
    // Nobody knows where the two logs part: each row of the stream is confirmed or carried over.
    ports_.ledger.note_receipted(key, Seq{});
    want_life("forked");
    return;
  }
  switch (outbox_.on_receipt(receipt, now_)) {
    case courier::ReceiptOutcome::kAdvanced: ports_.ledger.note_receipted(key, receipt.seq); return;
    case courier::ReceiptOutcome::kWentBack:
      ports_.ledger.note_receipted(key, receipt.seq);
      // Was its store set back? It learns so by where its own streams stand here, before it takes
      // in again what is sent again.
      receipts_.repeat_all(receipt.stream.from, receipt.stream.to);
      keeping_.look_again();
      return;
    case courier::ReceiptOutcome::kBeyondCommitted:
      ++counters_.receipts_beyond;
      want_life("set-back");
      return;
    case courier::ReceiptOutcome::kOtherLife: on_former_word(receipt); return;
    case courier::ReceiptOutcome::kUnchanged:
    case courier::ReceiptOutcome::kUnknownStream: return;
  }
}

bool Brain::is_about_our_row(const courier::Receipt& receipt) {
  const courier::StreamKey key = courier::key_at_sender(receipt.stream);
  const auto stream = outbox_.stream(key);
  const bool is_news = stream && receipt.stream.life == outbox_.life() &&
                       receipt.seq >= stream->receipted && receipt.seq <= stream->committed &&
                       receipt.seq > Seq{};
  if (!is_news || mutated(Mutant::kForkedReceiptBelieved)) return true;
  // Two rows where a VOID took the number: the addressee may have had the other one.
  const auto rows =
      ports_.ledger.rows_at(courier::Direction::kOut, key, outbox_.life(), receipt.seq);
  if (!rows.empty()) {
    return std::ranges::find(rows, receipt.leaf, &courier::LogRow::leaf) != rows.end();
  }
  const auto carried =
      ports_.ledger.leaf_at(key, courier::Direction::kOut, outbox_.life(), receipt.seq);
  return !carried || *carried == receipt.leaf;
}

Status Brain::check_directory() const {
  if (!directory_->is_expired(now_)) return ok();
  return Error{Errc::kUnavailable, "the directory expired at " +
                                       format_instant(directory_->content().expires_at) +
                                       ": ask the authority for a newer one"};
}

Result<std::vector<casework::Draft>> Brain::drafts_of(const Command& command) {
  RETURN_IF_ERROR(check_refilled(command));
  RETURN_IF_ERROR(check_directory());
  return casework::act(ports_.book, command.act, casework::Context{*directory_, scribe_.at()});
}

Status Brain::would_accept(const Command& command) {
  RETURN_IF_ERROR(drafts_of(command));
  return ok();
}

Result<std::vector<casework::Entry>> Brain::on_command(const Command& command) {
  if (!command.id.is_none()) {
    if (const auto row = ports_.ledger.load(command.act.at, command.id)) {
      ++counters_.commands_repeated;
      ASSIGN_OR_RETURN(casework::Entry entry, ports_.sealer.read(*row));
      return std::vector{std::move(entry)};
    }
  }
  auto drafts = drafts_of(command);
  if (!drafts) {
    ++counters_.commands_refused;
    return drafts.error();
  }
  auto entries = scribe_.write(*drafts, command.id);
  ++(entries ? counters_.commands_done : counters_.commands_refused);
  return entries;
}

Result<std::vector<casework::Entry>> Brain::on_void(const VoidOrder& order) {
  if (!order.id.is_none()) {
    if (const auto row = ports_.ledger.load(order.stream.owner, order.id)) {
      ++counters_.commands_repeated;
      ASSIGN_OR_RETURN(casework::Entry entry, ports_.sealer.read(*row));
      return std::vector{std::move(entry)};
    }
  }
  RETURN_IF_ERROR(check_directory());
  ASSIGN_OR_RETURN(const courier::LogRow row, row_to_give_up(ports_, outbox_, order));
  ASSIGN_OR_RETURN(const casework::Entry voided, ports_.sealer.read(row));
  ASSIGN_OR_RETURN(const auto drafts, casework::give_up(voided, order.seq, order.act));
  ++counters_.commands_done;
  return scribe_.write(drafts, order.id);
}

void Brain::tick() {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    on_change(SessionIndex{i}, links_[i].tick(now_, directory_->version()));
  }
  const bool is_connected = live_session().has_value();
  if (refill_.tick(*directory_, now_, is_connected) == Refill::Step::kFinished) end_refilling();
  if (refill_.is_refilling()) return;
  if (sweeps_dissolved_) {
    sweeps_dissolved_ = sweep_dissolved(ports_, scribe_, outbox_, now_) == Sweep::kUnfinished;
  }
  if (is_connected) balance_.tick(*directory_, now_);
  fire_timers();
  if (!wanted_life_) keeping_.tick(*directory_);
}

void Brain::fire_timers() {
  const casework::Context context{*directory_, scribe_.at()};
  if (now_ < timers_wait_until_ && !mutated(Mutant::kTimersBeforeResume)) return;
  for (const auto& timer : ports_.book.due_timers(now_, limits::kTimersPerTurnMax)) {
    ++counters_.timers_fired;
    const std::vector<casework::Draft> drafts = casework::on_timer(ports_.book, timer, context);
    if (scribe_.write(drafts)) continue;
    // A reminder to an address that left the directory is refused; the clock's own record, which
    // stops it from firing for ever, never is.
    CHECK(!drafts.empty() && scribe_.write({drafts.front()}).has_value());
  }
  if (now_ >= clocks_looked_at_next_) tell_run_out_clocks(context);
}

void Brain::tell_run_out_clocks(const casework::Context& context) {
  auto drafts = casework::run_out_clocks(ports_.book, context, limits::kTimersPerTurnMax);
  const std::size_t room = limits::kTimersPerTurnMax - drafts.size();
  for (auto& draft : casework::close_lapsed(ports_.book, context, room)) {
    drafts.push_back(std::move(draft));
  }
  std::size_t told = 0;
  for (const casework::Draft& draft : drafts) told += scribe_.write({draft}) ? 1U : 0U;
  counters_.clocks_run_out += told;
  // What could not be written, for want of a key, is tried again at the next look.
  const bool may_be_more = told == limits::kTimersPerTurnMax;
  clocks_looked_at_next_ = may_be_more ? now_ : casework::next_clock_look(now_);
}

void Brain::on_socket_full(const Departure& departure, Instant now) {
  links_.at(departure.session.value).on_socket_full(now);
  outbox_.socket_full(departure.session, now);
  for (const courier::SealedEnvelope& envelope : departure.frame.envelopes) {
    const Header& header = envelope.header;
    outbox_.take_back({header.from, header.to, header.lane, header.side}, departure.session,
                      envelope.transport.seq, now);
  }
}

std::vector<SessionIndex> Brain::sessions_to_reopen() const {
  std::vector<SessionIndex> out;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].wants_reopen()) out.push_back(SessionIndex{i});
  }
  return out;
}

std::optional<Instant> Brain::next_deadline() const {
  std::optional<Instant> first;
  const auto consider = [&](std::optional<Instant> at) {
    if (at && (!first || *at < *first)) first = at;
  };
  if (sweeps_dissolved_ && !refill_.is_refilling()) consider(now_);
  for (const Link& link : links_) consider(link.next_deadline());
  if (live_session()) {
    if (!refill_.is_refilling()) consider(balance_.next_deadline());
    consider(outbox_.next_deadline());
    consider(receipts_.next_deadline());
  }
  consider(refill_.next_deadline());
  if (!refill_.is_refilling()) consider(keeping_.next_deadline());
  if (refill_.is_refilling()) return first;
  consider(std::max(clocks_looked_at_next_, timers_wait_until_));
  if (const auto timer = ports_.book.next_timer()) consider(std::max(*timer, timers_wait_until_));
  return first;
}

}  // namespace minqing::node
