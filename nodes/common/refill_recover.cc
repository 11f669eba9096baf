// Refill's part in recovery: opening the KEEPs that came back, with the secret a person brings.
#include <algorithm>

#include "casework/keep.h"
#include "core/limits.h"
#include "nodes/common/refill.h"

namespace minqing::node {

using courier::Direction;
using courier::LogRow;
using courier::RefillPhase;

std::uint64_t Refill::sealed() {
  if (!sealed_) sealed_ = book().sealed_count();
  return *sealed_;
}

/// Which rows a KEEP of ours holds: only when one of them comes back in no other way is it wanted.
void Refill::note_keep(const Envelope& envelope) {
  const casework::Body& body = envelope.entry.body;
  if (body.kind != casework::Kind::kKeep || envelope.row.direction != Direction::kOut) return;
  const auto content = casework::read_keep(body.content.padding);
  if (!content) return;
  for (const MessageId& row : content->rows) {
    book().note_named(envelope.row.owner, envelope.row.id, row);
  }
}

bool Refill::is_opening() const {
  return !recovery_.is_none() && sealed_.value_or(0) > foreign_.size();
}

bool Refill::is_recovered() {
  return sealed() == 0 || is_key_waived_;
}

void Refill::forget_secret() {
  // Not `= {}`: that may be left out before an object dies.
  volatile std::uint8_t* bytes = recovery_.bytes.data();
  for (std::size_t i = 0; i < SecretKey::kSize; ++i) bytes[i] = 0;
  foreign_.clear();
  sealed_.reset();
  is_key_waived_ = false;
}

bool Refill::opens(const LogRow& keep) const {
  const auto entry = ports_.sealer.read(keep);
  return entry &&
         entry->body.content.code == ports_.sealer.recovery_key(keep.owner, recovery_).hex();
}

/// By the directory, or, should it have another key by now, by the first that wait.
bool Refill::opens_some(const Directory& directory) {
  for (const AddressEntry& entry : directory.content().addresses) {
    if (!ports_.sealer.hosts(entry.address, directory) || entry.recovery.is_none()) continue;
    if (ports_.sealer.id_of(entry.recovery) ==
        ports_.sealer.recovery_key(entry.address, recovery_)) {
      return true;
    }
  }
  return std::ranges::any_of(book().next_sealed(limits::kKeepsOpenedPerTurnMax),
                             [&](const LogRow& keep) { return opens(keep); });
}

Status Refill::recover(const SecretKey& secret, const Directory& directory) {
  if (phase_ != RefillPhase::kGathering) {
    return Error{Errc::kConflict,
                 is_refilling()
                     ? "the refilling goes on without the keeper's copies already; when it is "
                       "done: `minqing refill --again`, then recover"
                     : "nothing is being refilled here: `minqing refill --again` begins it, then "
                       "recover"};
  }
  sealed_.reset();
  if (sealed() == 0) {
    return Error{
        Errc::kNotFound,
        "nothing that the keeper gave back is missing here: `minqing refill` shows who has "
        "answered"};
  }
  foreign_.clear();
  recovery_ = secret;
  if (opens_some(directory)) return ok();
  forget_secret();
  return Error{Errc::kInvalid,
               "this recovery key opens nothing of what the keeper holds: bring the one that was "
               "made when the address was enrolled"};
}

void Refill::open_sealed(const Directory& directory, Instant now) {
  if (recovery_.is_none() || sealed() <= foreign_.size()) return;
  const std::size_t rows_max = limits::kKeepsOpenedPerTurnMax + foreign_.size();
  for (const LogRow& keep : book().next_sealed(rows_max)) {
    if (foreign_.contains(keep.id)) continue;
    if (!opens(keep)) {
      foreign_.insert(keep.id);  // of another key: it waits for that one
      continue;
    }
    open_keep(keep, directory, now);
    book().note_opened(keep.owner, keep.id);
  }
  sealed_.reset();
  sealed();
}

void Refill::open_keep(const LogRow& keep, const Directory& directory, Instant now) {
  ++counters_.keeps_opened;
  const auto entry = ports_.sealer.read(keep);
  const auto content = casework::read_keep(entry->body.content.padding);
  const auto record = content ? ports_.sealer.open_record(keep.owner, content->sealed, recovery_)
                              : Result<courier::KeepRecord>{Error{Errc::kCorrupt, "no KEEP"}};
  if (!record) {
    ++counters_.rows_refused;
    return;
  }
  // The vault's row first: a log row never points to nothing.
  if (ports_.identities != nullptr) {
    for (const courier::KeptIdentity& identity : record->identities) {
      if (!ports_.identities->put(identity.ref, identity.identity, now)) ++counters_.rows_refused;
    }
  }
  for (const courier::KeptRow& row : record->rows) {
    auto envelope = ports_.sealer.reopen_kept(row, keep.owner, directory);
    if (!envelope || row.life == ports_.ledger.life()) {
      ++counters_.rows_refused;
      continue;
    }
    envelope->row.at = std::min(envelope->row.at, now);
    const bool is_out = row.direction == Direction::kOut;
    const auto confirmed = is_out ? courier::Confirmed::kNotYet : courier::Confirmed::kByPeer;
    if (book().stage(envelope->row, confirmed)) ++counters_.rows_recovered;
  }
}

}  // namespace minqing::node
