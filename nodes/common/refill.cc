#include "nodes/common/refill.h"

#include <algorithm>
#include <set>

#include "casework/attention.h"
#include "casework/judge.h"
#include "casework/judge_again.h"
#include "casework/keep.h"
#include "casework/react.h"
#include "core/limits.h"
#include "core/may_send.h"
#include "courier/stream.h"

namespace minqing::node {
namespace {

using courier::Direction;
using courier::LogRow;
using courier::RefillPhase;

constexpr const char* kOwnActs =
    "本单位数据由各往来单位补回,本单位自办的登记、答复、评价、结案可能缺失:再办之前请先核对 "
    "(refilled by its neighbours: own acts such as registrations, written opinions, evaluations "
    "and closings may be missing; look before acting again)";
constexpr const char* kActsAfterLastKeep =
    "本单位数据由各往来单位和保全单位补回,最近一次代存之后自办的登记、答复、评价、结案可能缺失:"
    "再办之前请先核对 (refilled by its neighbours and its keeper: own acts after the last copy "
    "there "
    "may be missing; look before acting again)";

/// "refilled:closed-as": what is missing of the kind.
std::string code_of(const casework::KindRow& kind) {
  std::string code = std::string{"refilled:"} + kind.code;
  std::ranges::transform(code, code.begin(), [](char c) {
    if (c == '_') return '-';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return code;
}

courier::Expected like(const casework::Entry& entry) {
  courier::Expected out;
  out.owner = entry.owner;
  out.kind = static_cast<std::uint16_t>(entry.body.kind);
  out.peer = entry.peer;
  out.loop = entry.body.loop;
  out.about = entry.body.content.about;
  return out;
}

}  // namespace

bool may_hold_rows(const Directory& directory,
                   const AddressEntry& owner,
                   const AddressEntry& peer) {
  if (peer.node.empty() || peer.node == owner.node) return false;
  // A revoked one cannot answer.
  if (active_key(peer.sealing) == nullptr || active_key(peer.signing) == nullptr) return false;
  return may_send(directory, owner.address, peer.address, MessageClass::kNotice) ==
         Admission::kAllowed;
}

Refill::Refill(ScribePorts ports, Scribe& scribe) : ports_{ports}, scribe_{scribe} {
  if (ports_.refill == nullptr) return;
  phase_ = book().phase();
  if (!is_refilling()) return;
  for (const courier::RefillPeer& peer : book().peers()) {
    peers_[{peer.owner, peer.peer}].at = peer;
  }
}

RefillProgress Refill::progress() const {
  RefillProgress out;
  out.phase = phase_;
  out.peers = peers_.size();
  for (const auto& [name, peer] : peers_) {
    if (peer.at.is_done) {
      ++out.peers_done;
    } else if (out.missing.size() < RefillProgress::kMissingShown) {
      out.missing.push_back(peer.at);
    }
  }
  if (is_refilling()) out.rows_waiting = ports_.refill->staged_count();
  out.keeps_sealed = phase_ == RefillPhase::kGathering ? sealed_.value_or(0) : 0;
  out.is_key_wanted =
      out.keeps_sealed > 0 && out.peers_done == out.peers && !is_key_waived_ && !is_opening();
  return out;
}

void Refill::begin(const Directory& directory, Instant now) {
  CHECK(ports_.refill != nullptr);
  phase_ = book().phase();
  CHECK(is_refilling());
  forget_secret();
  peers_.clear();
  for (const AddressEntry& owner : directory.content().addresses) {
    if (!ports_.sealer.hosts(owner.address, directory)) continue;
    for (const AddressEntry& peer : directory.content().addresses) {
      if (!may_hold_rows(directory, owner, peer)) continue;
      Peer& entry = peers_[{owner.address, peer.address}];
      entry.at.owner = owner.address;
      entry.at.peer = peer.address;
      entry.ask_at = now;
      book().put_peer(entry.at);
    }
  }
  // Two addresses of this store: what a broker still held for one of them it has already.
  for (const courier::InStream& stream : ports_.ledger.in_streams()) {
    const courier::StreamKey& key = stream.key;
    if (!ports_.sealer.hosts(key.owner, directory) || !ports_.sealer.hosts(key.peer, directory)) {
      continue;
    }
    Peer& entry = peers_[{key.peer, key.owner}];
    entry.at.owner = key.peer;
    entry.at.peer = key.owner;
    book().put_peer(entry.at);
  }
}

bool Refill::is_gathered() const {
  return std::ranges::all_of(peers_, [](const auto& peer) { return peer.second.at.is_done; });
}

void Refill::go_on() {
  if (phase_ != RefillPhase::kGathering) return;
  is_key_waived_ = is_gathered();
  for (auto& [name, peer] : peers_) {
    peer.at.is_done = true;
    book().put_peer(peer.at);
  }
}

Refill::Step Refill::tick(const Directory& directory, Instant now, bool is_connected) {
  if (!is_refilling()) {
    if (has_strays_) carry_strays();
    return Step::kNone;
  }
  // A life that was begun before this program started may have nobody on its list yet.
  if (phase_ == RefillPhase::kGathering && peers_.empty()) begin(directory, now);
  if (phase_ == RefillPhase::kApplying) return apply(now);
  open_sealed(directory, now);
  ask_here(directory, now);
  if (is_gathered()) {
    if (!is_recovered()) return Step::kNone;
    phase_ = RefillPhase::kApplying;
    book().set_phase(phase_, now);
  } else if (is_connected) {
    ask_due(directory, now);
  }
  return Step::kNone;
}

std::optional<Instant> Refill::next_deadline() const {
  if (!is_refilling()) return has_strays_ ? std::optional{Instant{}} : std::nullopt;
  if (phase_ == RefillPhase::kApplying || peers_.empty()) return Instant{};  // at once
  std::optional<Instant> first;
  for (const auto& [name, peer] : peers_) {
    if (!peer.at.is_done && (!first || peer.ask_at < *first)) first = peer.ask_at;
  }
  // A person's turn: nothing happens by itself.
  if (!first && sealed_.value_or(0) > 0 && !is_key_waived_ && !is_opening()) return std::nullopt;
  return first && !is_opening() ? first : Instant{};
}

// --- peers that were set back -------------------------------------------------------------------

void Refill::on_former_word(const courier::Receipt& receipt) {
  if (ports_.refill == nullptr) return;
  const courier::StreamKey key = courier::key_at_sender(receipt.stream);
  if (!book().hear_former(key, receipt.stream.life, receipt.seq)) return;
  ++counters_.peers_set_back;
  has_strays_ = true;
}

void Refill::on_held_only(const Address& owner,
                          const Address& peer,
                          const std::set<courier::StreamName>& held) {
  if (ports_.refill == nullptr) return;
  if (book().hear_only(owner, peer, held) == 0) return;
  ++counters_.peers_set_back;
  has_strays_ = true;
}

void Refill::on_doubt(const Address& owner, const Address& peer) {
  if (ports_.refill == nullptr || book().doubt_doubled(owner, peer) == 0) return;
  has_strays_ = true;
}

void Refill::carry_strays() {
  has_strays_ = false;
  if (ports_.refill == nullptr) return;
  for (LogRow& row : book().next_unconfirmed(limits::kRefillApplyPerTurnMax)) {
    row.seq = book().carry_over(row);
    row.life = ports_.ledger.life();
    scribe_.note_carried(std::move(row));
    ++counters_.rows_carried_over;
    has_strays_ = true;  // there may be more
  }
}

// --- applying ------------------------------------------------------------------------------------

Refill::Step Refill::apply(Instant now) {
  const auto staged = book().next_staged(limits::kRefillApplyPerTurnMax);
  for (const courier::RefillBook::Staged& row : staged) apply_row(row);
  if (!staged.empty()) return Step::kNone;
  const auto unconfirmed = book().next_unconfirmed(limits::kRefillApplyPerTurnMax);
  for (const LogRow& row : unconfirmed) {
    book().carry_over(row);
    ++counters_.rows_carried_over;
  }
  if (!unconfirmed.empty()) return Step::kNone;
  finish(now);
  return Step::kFinished;
}

void Refill::apply_row(const courier::RefillBook::Staged& staged) {
  book().unstage(staged.row);
  LogRow row = staged.row;
  auto read = ports_.sealer.read(row);
  CHECK(read.has_value());  // it was read when it was staged
  casework::Entry entry = *std::move(read);
  if (row.direction == Direction::kIn) {
    if (row.verdict == "ok") {
      row.verdict =
          casework::judge(ports_.book, entry, casework::Context{scribe_.directory(), scribe_.at()});
    }
    const courier::StreamKey key{row.owner, row.peer, row.lane, row.side};
    if (ports_.ledger.cursor(key, row.life).value_or(Seq{}) < row.seq) {
      ports_.ledger.advance(key, row.life, row.seq, row.leaf);
    }
  }
  entry.verdict = row.verdict;
  const bool is_own = row.direction == Direction::kOut;
  entry = scribe_.append_refilled({std::move(row), std::move(entry)});
  if (is_own && staged.confirmed == courier::Confirmed::kNotYet) {
    book().note_unconfirmed(entry.owner, entry.pos);
  }
  if (entry.direction != Direction::kIn) book().meet(like(entry));
  expect_consequences(entry);
  ++counters_.rows_applied;
}

void Refill::expect_consequences(const casework::Entry& entry) {
  const casework::Context context{scribe_.directory(), scribe_.at()};
  for (const casework::Draft& draft : casework::react(ports_.book, entry, context)) {
    courier::Expected expected;
    expected.owner = draft.from;
    expected.kind = static_cast<std::uint16_t>(draft.body.kind);
    expected.peer = draft.to;
    expected.loop = draft.body.loop;
    expected.case_id = draft.body.case_id.text();
    expected.about = draft.body.content.about;
    expected.because = entry.header.id;
    book().expect(expected);
  }
}

/// Which final counted, the requester decides: said again, or late, it tells nothing else.
bool Refill::say_closed_as(const courier::Expected& expected) {
  if (casework::Kind{expected.kind} != casework::Kind::kClosedAs) return false;
  const auto loop = ports_.book.find_loop(expected.owner, expected.loop);
  if (!loop || loop->end == casework::LoopEnd::kOpen) return false;
  return scribe_.write({casework::closed_as(*loop)}).has_value();
}

/// Neighbours give back what was said between us, and not what was done here alone; the keeper's
/// copies end a moment before the disk did.
void Refill::note_own_acts() {
  const bool is_recovered = book().opened_count() > 0;
  std::map<Address, std::uint64_t> rows;  // by owner
  for (const auto& [name, peer] : peers_) rows[name.first] += peer.at.rows;
  const bool has_any = std::ranges::any_of(rows, [](const auto& row) { return row.second > 0; });
  for (const auto& [owner, count] : rows) {
    // Of an address that nobody knows anything of, and that has a keeper, nothing was lost.
    const bool has_keeper = casework::keeper_of(scribe_.directory(), owner).is_there();
    if (count == 0 && has_any && has_keeper) continue;
    casework::Draft draft =
        casework::attention_draft(owner, {.case_id = {},
                                          .loop = {},
                                          .code = casework::kRefilledOwnActs,
                                          .about = {},
                                          .text = is_recovered ? kActsAfterLastKeep : kOwnActs});
    CHECK(scribe_.write({std::move(draft)}).has_value());
  }
}

/// What came while its loop was unknown here, and waits on the person's list.
void Refill::judge_held() {
  std::set<Address> owners;
  for (const auto& [name, peer] : peers_) owners.insert(name.first);
  const casework::Context context{scribe_.directory(), scribe_.at()};
  for (const Address& owner : owners) {
    for (const auto& waiting : ports_.book.held_words(owner, limits::kFrameItemsMax)) {
      const auto row = ports_.ledger.load(owner, waiting.id);
      const auto held = row ? ports_.sealer.read(*row) : Result<casework::Entry>{Error{}};
      if (!held) continue;
      // Somebody has set it aside: only an answer that the loop lacks still counts.
      const bool is_attended = waiting.attended_at != Instant{};
      if (is_attended && held->header.cls != MessageClass::kFinal) continue;
      auto draft = casework::judge_again(ports_.book, *held, context);
      if (!draft) continue;
      CHECK(scribe_.write({*std::move(draft)}).has_value());
      ++counters_.held_judged_again;
    }
  }
}

void Refill::ask_a_person(const courier::Expected& expected) {
  const casework::KindRow& kind = casework::row_of(static_cast<casework::Kind>(expected.kind));
  const auto case_id = CaseId::parse(expected.case_id);
  casework::Draft draft = casework::attention_draft(
      expected.owner, {.case_id = case_id ? *case_id : CaseId{},
                       .loop = expected.loop,
                       .code = code_of(kind),
                       .about = expected.because,
                       .text = std::string{"数据恢复后缺少应有的后续: "} + kind.name_zh + " → " +
                               expected.peer.text() + " (after refilling, " + kind.name_en +
                               " to " + expected.peer.text() + " is missing)"});
  CHECK(scribe_.write({std::move(draft)}).has_value());
}

void Refill::finish(Instant now) {
  phase_ = RefillPhase::kDone;
  book().set_phase(phase_, now);
}

void Refill::speak() {
  for (const courier::Expected& expected : book().unmet()) {
    if (!say_closed_as(expected)) ask_a_person(expected);
  }
  note_own_acts();
  judge_held();
  book().clear();
  forget_secret();
  peers_.clear();
  has_strays_ = false;
}

}  // namespace minqing::node
