// Refill's part in gathering: what its peers, and other addresses of this store, hold of each talk.
#include <algorithm>

#include "casework/attention.h"
#include "core/limits.h"
#include "nodes/common/refill.h"

namespace minqing::node {
namespace {

using courier::Direction;
using courier::LogRow;
using courier::RefillPhase;

constexpr Millis kEmptyPagePause{100};
constexpr courier::RetryPolicy kAskAgain{.delay_min = Millis{2'000}, .delay_max = Millis{60'000}};

}  // namespace

courier::RefillAsk Refill::ask_for(const Peer& peer) {
  courier::RefillAsk ask{.from = peer.at.owner,
                         .to = peer.at.peer,
                         .life = ports_.ledger.life(),
                         .after = peer.at.after,
                         .known = book().known(peer.at.owner, peer.at.peer),
                         .held = {}};
  if (ask.known.size() > limits::kRefillItemsMax) ask.known.resize(limits::kRefillItemsMax);
  return ask;
}

void Refill::ask_here(const Directory& directory, Instant now) {
  for (auto& [name, peer] : peers_) {
    if (peer.at.is_done || !ports_.sealer.hosts(peer.at.peer, directory)) continue;
    take_page(page_for(ask_for(peer)), peer, directory, now);
    return;  // one page a turn
  }
}

void Refill::ask_due(const Directory& directory, Instant now) {
  std::size_t asked = 0;
  for (const auto& [name, peer] : peers_) asked += peer.is_asked && now < peer.ask_at ? 1U : 0U;
  for (auto& [name, peer] : peers_) {
    if (asked >= limits::kRefillAsksMax) return;
    if (peer.at.is_done || now < peer.ask_at) continue;
    if (ports_.sealer.hosts(peer.at.peer, directory)) continue;
    peer.ask_at = now + courier::resend_delay(kAskAgain, peer.attempts, ports_.random);
    auto boxed = ports_.sealer.box_ask(ask_for(peer), directory);
    if (!boxed) continue;  // no key of it in this directory: tried again later
    peer.is_asked = true;
    asks_.push_back({*std::move(boxed), peer.attempts});
    ++peer.attempts;
    ++counters_.asks_sent;
    ++asked;
  }
}

void Refill::on_page(const courier::BoxedRecord& boxed, const Directory& directory, Instant now) {
  ++counters_.pages_received;
  const auto found = peers_.find({boxed.to, boxed.from});
  if (phase_ != RefillPhase::kGathering || found == peers_.end() || !found->second.is_asked) {
    ++counters_.pages_unreadable;
    return;
  }
  Peer& peer = found->second;
  const auto page = ports_.sealer.unbox_page(boxed, directory);
  if (!page || page->life != ports_.ledger.life() || page->after != peer.at.after) {
    ++counters_.pages_unreadable;
    return;
  }
  take_page(*page, peer, directory, now);
}

void Refill::take_page(const courier::RefillPage& page,
                       Peer& peer,
                       const Directory& directory,
                       Instant now) {
  for (const courier::RefillRow& row : page.rows) take_row(row, peer, directory, now);
  sealed_.reset();
  peer.at.rows += page.rows.size();
  peer.at.is_done = !page.more || page.through == page.after;
  peer.at.after = page.through;
  // A page that brings nothing is not followed at once: nobody keeps us spinning.
  peer.ask_at = page.rows.empty() ? now + kEmptyPagePause : now;
  peer.attempts = 0;
  peer.is_asked = false;
  book().put_peer(peer.at);
}

void Refill::note_other_version(const Envelope& theirs) {
  const LogRow& row = theirs.row;
  if (row.direction != Direction::kOut) return;
  const auto ours = ports_.ledger.find(row.owner, Direction::kOut, row.peer, row.id);
  if (!ours || ours->leaf == row.leaf) return;
  if (book().has_other_version(row.owner, row.leaf)) return;  // noted by an earlier refilling
  casework::Draft draft = casework::attention_draft(
      row.owner,
      {.case_id = theirs.entry.body.case_id,
       .loop = theirs.entry.body.loop,
       .code = casework::kOtherVersion,
       .about = row.id,
       .text = "本单位数据丢失后曾以同一编号重办一次,对方持有的是先前的一份,以对方所持为准 (asked "
               "again under the same id after the store had lost it: " +
               row.peer.text() + " holds the first one, and that one counts); leaf " +
               row.leaf.hex()});
  draft.body.request_leaf = row.leaf;
  CHECK(scribe_.write({std::move(draft)}).has_value());
}

void Refill::take_row(const courier::RefillRow& row,
                      const Peer& peer,
                      const Directory& directory,
                      Instant now) {
  auto envelope = ports_.sealer.reopen(row, peer.at.owner, peer.at.peer, directory);
  // Life and number are the peer's word alone: no row of ours can be of a life that has sent none.
  const bool is_of_this_life = row.direction == Direction::kOut && row.life == ports_.ledger.life();
  if (!envelope || is_of_this_life) {
    ++counters_.rows_refused;
    return;
  }
  note_other_version(*envelope);
  envelope->row.at = std::min(envelope->row.at, now);  // the log's time never runs ahead of ours
  if (!book().stage(envelope->row, courier::Confirmed::kByPeer)) return;
  ++counters_.rows_staged;
  note_keep(*envelope);
}

}  // namespace minqing::node
