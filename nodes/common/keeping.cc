#include "nodes/common/keeping.h"

#include <algorithm>

#include "core/limits.h"

namespace minqing::node {
namespace {

using casework::Kind;
using courier::LogRow;

/// A row is kept when it is so old and still here alone ...
constexpr Millis kAge{1'000};
/// ... or so old, in a turn that commits anyway.
constexpr Millis kAgeRiding{500};

}  // namespace

Keeping::Keeping(ScribePorts ports, Scribe& scribe) : ports_{ports}, scribe_{scribe} {}

void Keeping::look_again() {
  is_stale_ = true;
  if (ports_.keeps != nullptr) ports_.keeps->look_again();
}

void Keeping::look_through(const Directory& directory) {
  is_stale_ = false;
  owners_.clear();
  for (const AddressEntry& entry : directory.content().addresses) {
    if (!ports_.sealer.hosts(entry.address, directory)) continue;
    if (!casework::keeper_of(directory, entry.address).is_there()) continue;
    owners_[entry.address] = {.after = ports_.keeps->kept_through(entry.address),
                              .since = Instant{}};
  }
}

void Keeping::tick(const Directory& directory) {
  if (ports_.keeps == nullptr) return;
  if (is_stale_) look_through(directory);
  const Instant at = scribe_.at();
  for (const Address& address : scribe_.notes().own_rows) {
    const auto found = owners_.find(address);
    if (found != owners_.end() && !found->second.since) found->second.since = at;
  }
  const Millis age = scribe_.notes().appended > 0 ? kAgeRiding : kAge;
  for (auto& [address, state] : owners_) {
    if (state.since && *state.since + age <= at) keep(address, state, directory, age);
  }
}

std::optional<Instant> Keeping::next_deadline() const {
  std::optional<Instant> first;
  for (const auto& [address, state] : owners_) {
    if (!state.since) continue;
    const Instant due = *state.since + kAge;
    if (!first || due < *first) first = due;
  }
  return first;
}

void Keeping::keep(const Address& owner, Owner& state, const Directory& directory, Millis age) {
  const Instant not_after = scribe_.at() - age;
  for (std::size_t i = 0; i < limits::kKeepsPerTurnMax; ++i) {
    const auto alone = ports_.keeps->alone(owner, {.after = state.after,
                                                   .not_after = not_after,
                                                   .rows_max = limits::kKeepRowsMax,
                                                   .bytes_max = limits::kKeepBytesMax,
                                                   .look_max = limits::kKeepLookMax});
    std::map<Address, std::vector<LogRow>> by_keeper;
    for (const LogRow& row : alone.rows) {
      std::optional<casework::CaseRecord> record;
      if (const auto case_id = CaseId::parse(row.case_id)) {
        record = ports_.book.find_case(owner, *case_id);
      }
      const auto choice = casework::keeper_of(directory, owner, record ? &*record : nullptr);
      if (choice.is_there()) {
        by_keeper[choice.keeper].push_back(row);
      } else {
        ++counters_.rows_without_keeper;
      }
    }
    for (const auto& [keeper, rows] : by_keeper) {
      if (write(owner, keeper, rows, directory)) continue;
      state.since = scribe_.at();  // no key of ours, say: tried again
      return;
    }
    state.after = alone.through;
    state.since = alone.next_at;
    if (!state.since || *state.since > not_after) return;
  }
}

void Keeping::add_identity(const LogRow& row, courier::KeepRecord& record) {
  const bool may_point = row.kind == static_cast<std::uint16_t>(Kind::kPetitionSubmit);
  if (!may_point || ports_.identities == nullptr) return;
  const auto entry = ports_.sealer.read(row);
  if (!entry || entry->body.content.petitioner_ref.empty()) return;
  const std::string& ref = entry->body.content.petitioner_ref;
  if (auto identity = ports_.identities->find(ref)) {
    record.identities.push_back({ref, *std::move(identity)});
  }
}

Status Keeping::write(const Address& owner,
                      const Address& keeper,
                      const std::vector<LogRow>& rows,
                      const Directory& directory) {
  // Identities make a record longer than its rows: then it is cut.
  std::size_t bytes = 0;
  casework::KeepContent content;
  courier::KeepRecord record{.owner = owner, .rows = {}, .identities = {}};
  const auto finish = [&]() -> Status {
    if (record.rows.empty()) return ok();
    ASSIGN_OR_RETURN(content.sealed, ports_.sealer.seal_record(record, directory));
    const auto entry = directory.find(owner);
    const casework::Draft draft =
        casework::keep_draft(owner, keeper, ports_.sealer.id_of(entry->recovery), content);
    RETURN_IF_ERROR(scribe_.write({draft}));
    ++counters_.keeps_written;
    counters_.rows_kept += record.rows.size();
    content = {};
    record.rows.clear();
    record.identities.clear();
    bytes = 0;
    return ok();
  };
  for (const LogRow& row : rows) {
    record.rows.push_back(courier::kept_row_of(row));
    content.rows.push_back(row.id);
    add_identity(row, record);
    bytes += row.header.size() + row.body.size() + row.signature.size();
    if (!record.identities.empty() &&
        record.identities.size() * limits::kIdentityBytesMax + bytes > limits::kKeepBytesMax) {
      RETURN_IF_ERROR(finish());
    }
  }
  return finish();
}

std::optional<courier::Unsafe> Keeping::unsafe_of_case(const Address& owner,
                                                       const std::string& case_id) {
  if (ports_.keeps == nullptr) return std::nullopt;
  const courier::Unsafe unsafe = ports_.keeps->unsafe_of_case(owner, case_id);
  if (unsafe.rows == 0) return std::nullopt;
  return unsafe;
}

NotSafe Keeping::not_safe(const Directory& directory) {
  NotSafe out;
  if (ports_.keeps == nullptr) return out;
  const auto older = [](Instant& oldest, Instant at) {
    if (at != Instant{} && (oldest == Instant{} || at < oldest)) oldest = at;
  };
  for (const AddressEntry& entry : directory.content().addresses) {
    if (!ports_.sealer.hosts(entry.address, directory)) continue;
    const bool has_keeper = casework::keeper_of(directory, entry.address).is_there();
    if (!has_keeper) ++out.addresses_without;
    const courier::Unsafe unsafe = ports_.keeps->unsafe(entry.address, limits::kKeepLookMax);
    out.rows += unsafe.rows;
    out.is_more = out.is_more || unsafe.is_more;
    older(out.oldest_at, unsafe.oldest_at);
    if (has_keeper) older(out.oldest_with_keeper_at, unsafe.oldest_at);
  }
  return out;
}

}  // namespace minqing::node
