#include "nodes/common/carry_desk.h"

#include <nlohmann/json.hpp>

#include "daemon/carry_part.h"

namespace minqing::node {
namespace {

using nlohmann::ordered_json;

}  // namespace

Result<std::string> CarryDesk::export_part(const ApiRequest& request, Instant now) {
  ASSIGN_OR_RETURN(const CarryPlace after, parse_carry_place(request.after));
  Address peer;
  if (!request.peer.empty()) {
    ASSIGN_OR_RETURN(peer, Address::parse(request.peer));
  }
  if (brain_.refill().is_refilling()) {
    return Error{Errc::kBusy,
                 "this store is being refilled by its neighbours: what it holds is not the last "
                 "word yet; `minqing refill` shows how far it is"};
  }
  const Directory& directory = *brain_.directory();
  const CarryLoad load = brain_.carry_out(after, peer);
  ordered_json out{{"ok", true},
                   {"envelopes", load.frame.envelopes.size()},
                   {"receipts", load.frame.receipts.size()},
                   {"left", load.left}};
  if (load.unsealed > 0) {
    out["unsealed"] = load.unsealed;
    out["why_unsealed"] = load.why_unsealed;
  }
  if (load.next) out["next"] = to_text(*load.next);
  if (!load.frame.is_empty()) {
    wire::CarryPart part =
        daemon::make_part(directory, node_, brain_.outbox().life(), load.frame, now);
    for (const AddressEntry* entry : directory.hosted_by(node_)) {
      const seal::SigningKeys* keys = sealer_.signing_keys(entry->address, directory);
      if (keys == nullptr) continue;
      daemon::sign_part(part, *keys, entry->address);
      break;
    }
    if (part.signer.is_none()) {
      return Error{Errc::kUnavailable,
                   "no address of " + node_ +
                       " has a signing key that is both here and active in the directory: enroll "
                       "the node, and have the authority admit it"};
    }
    ASSIGN_OR_RETURN(out["part"], daemon::part_to_hex(part));
  }
  return out.dump();
}

Result<std::string> CarryDesk::import_part(const ApiRequest& request) {
  ASSIGN_OR_RETURN(const wire::CarryPart part, daemon::part_from_hex(request.part));
  ASSIGN_OR_RETURN(wire::DecodedFrame opened, daemon::open_part(part, *brain_.directory()));
  const CarryTaken taken = brain_.carry_in(std::move(opened.frame));
  const ordered_json out{{"ok", true},
                         {"taken", taken.taken},
                         {"quarantined", taken.quarantined},
                         {"repeated", taken.repeated},
                         {"not_for_us", taken.not_for_us},
                         {"unopened", taken.unopened},
                         {"waiting", taken.waiting},
                         {"conflicts", taken.conflicts},
                         {"unreadable", opened.bad_items.size()},
                         {"receipts", taken.receipts},
                         {"receipts_not_for_us", taken.receipts_not_for_us},
                         {"receipts_unreadable", taken.receipts_unreadable}};
  return out.dump();
}

}  // namespace minqing::node
