// The brain's part in new lives and refilling (refill.h): when one is wanted, what waits meanwhile,
// and what follows.
#include <algorithm>
#include <iterator>
#include <set>

#include "core/limits.h"
#include "nodes/common/brain.h"
#include "nodes/common/brain_limits.h"

namespace minqing::node {

using courier::SessionIndex;
using courier::StreamName;

void Brain::want_life(const char* reason) {
  if (ports_.refill != nullptr && !refill_.is_refilling()) wanted_life_ = reason;
}

/// Was this store rolled back without knowing, it may lack all that it said to a peer, and the peer
/// hears of it only when asked: so each peer gets a word, even when it is that nothing of it is
/// here.
void Brain::greet_peers() {
  if (ports_.refill == nullptr) return;
  for (const AddressEntry& owner : directory_->content().addresses) {
    if (!ports_.sealer.hosts(owner.address, *directory_)) continue;
    for (const AddressEntry& peer : directory_->content().addresses) {
      if (!may_hold_rows(*directory_, owner, peer)) continue;
      receipts_.greet(owner.address, peer.address);
    }
  }
}

/// A peer has a new session, and perhaps an older store than it thinks: it hears in return where
/// its own streams stand here.
void Brain::on_resume(SessionIndex session, const courier::BoxedReceipt& boxed) {
  if (!on_receipt(session, boxed) || refill_.is_refilling()) return;
  receipts_.repeat_all(boxed.clear.stream.from, boxed.clear.stream.to);
  doubled_.say(boxed.clear.stream.from, boxed.clear.stream.to);
}

/// Word of an envelope that the peer holds at a number of ours: where it stands, when it speaks of
/// its last one (Intake), or one of several at that number (Doubled). Is it not in our log, then
/// the peer has what this store has lost.
void Brain::on_fork(const courier::Fork& fork) {
  ++counters_.forks_received;
  const auto word = fork.word ? ports_.sealer.unbox(*fork.word, *directory_)
                              : Result<courier::Receipt>{Error{Errc::kInvalid, "no word"}};
  if (!word || word->stream.life.is_none() || word->seq == Seq{}) return;
  // A look may read all of the talk, and nothing more is learned once a life is wanted.
  if (refill_.is_refilling() || wanted_life_) return;  // said again when our resume has come
  if (++fork_words_ > limits::kForkWordsPerTurnMax) return;
  const courier::StreamKey key = courier::key_at_sender(word->stream);
  const AddressEntry* peer = directory_->find(key.peer);
  if (peer != nullptr && peer->state == EntryState::kDissolved) return;  // owed nothing more
  const bool is_of_this_life = word->stream.life == outbox_.life();
  if (knows_of(*word)) {
    const auto stream = outbox_.stream(key);
    if (is_of_this_life && stream && word->seq > stream->receipted) on_word(*word);
    return;
  }
  if (!is_of_this_life && !is_first_lack(word->leaf)) return;
  ++counters_.receipts_forked;
  // Nobody knows where the two logs part: each row of the stream is confirmed or carried over.
  if (is_of_this_life) ports_.ledger.note_receipted(key, Seq{});
  want_life("forked");
}

/// The peer has nothing of our other streams: of the present life all is sent again, of former ones
/// carried over. Mostly there never was anything.
void Brain::on_held_only(const courier::Receipt& said, const std::set<StreamName>& held) {
  if (refill_.is_refilling()) return;  // said again when our resume has come
  for (std::size_t i = 0; i < courier::kTrafficClasses; ++i) {
    courier::Receipt word;
    word.stream = said.stream;
    word.receiver_life = said.receiver_life;
    word.stream.lane = courier::lane_at(i);
    word.stream.side = courier::side_at(i);
    word.stream.life = outbox_.life();
    if (!held.contains(word.stream)) on_word(word);
  }
  refill_.on_held_only(said.stream.from, said.stream.to, held);
}

/// Peers that lie fill no memory: what was forgotten is asked for once more.
bool Brain::is_first_lack(const Leaf& leaf) {
  if (former_lacked_.size() > limits::kFrameItemsMax) former_lacked_.clear();
  return former_lacked_.insert(leaf).second;
}

/// Is the row of ours that the word names here, or known to be there beside ours?
bool Brain::knows_of(const courier::Receipt& word) {
  const courier::StreamKey key = courier::key_at_sender(word.stream);
  const auto rows =
      ports_.ledger.rows_at(courier::Direction::kOut, key, word.stream.life, word.seq);
  return std::ranges::find(rows, word.leaf, &courier::LogRow::leaf) != rows.end() ||
         ports_.ledger.holds(key.owner, courier::Direction::kOut, key.peer, word.leaf) ||
         (ports_.refill != nullptr && ports_.refill->has_other_version(key.owner, word.leaf));
}

/// A word on a stream of a life before the present one, which this store may have forgotten: then
/// the peer has a row of ours that is not here.
void Brain::on_former_word(const courier::Receipt& receipt) {
  if (refill_.is_refilling()) return;  // said again when our resume has come
  if (receipt.seq > Seq{} && !knows_of(receipt) && is_first_lack(receipt.leaf)) {
    ++counters_.receipts_beyond;
    return want_life("set-back");
  }
  refill_.on_former_word(receipt);
}

void Brain::on_new_life() {
  const LifeId life = ports_.ledger.life();
  outbox_.new_life(life);
  for (Link& link : links_) link.set_life(life);
  wanted_life_.reset();
  refill_.begin(*directory_, now_);
}

Status Brain::go_on() {
  if (!refill_.is_refilling()) return Error{Errc::kConflict, "nothing is being refilled here"};
  refill_.go_on();
  return ok();
}

Status Brain::refill_again() {
  if (refill_.is_refilling()) return Error{Errc::kConflict, "this store is being refilled already"};
  want_life("by-hand");
  return ok();
}

void Brain::on_page(const courier::BoxedRecord& page) {
  if (!refill_.is_refilling() && balance_.is_asking(page.to, page.from)) {
    balance_.on_page(page, *directory_, now_);
  } else {
    refill_.on_page(page, *directory_, now_);
  }
}

Status Brain::balance_now() {
  if (refill_.is_refilling()) return Error{Errc::kConflict, "this store is being refilled"};
  return balance_.start(*directory_, now_);
}

/// Once nothing is refilled (any more): what was carried over before a restart waits for the rest.
void Brain::restore_outbox() {
  for (const courier::OutStream& stream : ports_.ledger.out_streams()) {
    outbox_.restore(stream.key, stream.last_committed, stream.receipted);
  }
}

/// The store is as any other again: own rows that were carried over are sent, peers hear how far
/// their streams were taken in.
void Brain::end_refilling() {
  restore_outbox();
  for (const courier::InStream& stream : ports_.ledger.in_streams()) receipts_.restore(stream);
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].state() == LinkState::kLive) receipts_.resume_all(SessionIndex{i}, now_);
  }
  doubled_.find(*directory_);
  doubled_.say_all();
  timers_wait_until_ = now_ + (live_session() ? kTimersWaitLive : kTimersWaitOffline);
  clocks_looked_at_next_ = {};
  keeping_.look_again();
  refill_.speak();
}

/// A new petition concerns nobody else; whatever else is done could have been done already.
Status Brain::check_refilled(const Command& command) const {
  if (!refill_.is_refilling() || command.act.kind == casework::Kind::kPetitionSubmit) return ok();
  const RefillProgress progress = refill_.progress();
  if (progress.is_key_wanted) {
    return Error{Errc::kBusy,
                 "this store is being refilled, and its keeper has what only the lost disk held: "
                 "`minqing recover --key FILE` opens it, `minqing refill --go-on` goes on without"};
  }
  return Error{Errc::kBusy, "this store is being refilled by its neighbours (" +
                                std::to_string(progress.peers_done) + " of " +
                                std::to_string(progress.peers) +
                                " have answered): try again later; `minqing refill` shows it"};
}

void Brain::add_refill_records(std::vector<Departure>& out) {
  const auto bytes_of = [](const courier::BoxedRecord& record) {
    return record.box.size() + kRecordBytes;
  };
  std::vector<Refill::Ask> asks = refill_.take_asks();
  std::ranges::move(balance_.take_asks(), std::back_inserter(asks));
  for (Refill::Ask& ask : asks) {
    const auto session = live_session(ask.attempt);
    if (!session) continue;  // asked again
    frame_for(out, *session, Lane::kBulk, bytes_of(ask.record))
        .refill_asks.push_back(std::move(ask.record));
  }
  for (courier::BoxedRecord& page : refill_.take_pages()) {
    for (std::size_t i = 0; i < links_.size(); ++i) {
      // By every session: the asker may be with one of the brokers only.
      if (links_[i].state() != LinkState::kLive) continue;
      frame_for(out, SessionIndex{i}, Lane::kBulk, bytes_of(page)).refill_pages.push_back(page);
    }
  }
}

}  // namespace minqing::node
