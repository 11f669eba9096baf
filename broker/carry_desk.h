// CarryDesk: a broker's side of `minqing carry`: one part of a carry file at a time, over the local
// socket (docs/LOCAL_API.md). It keeps nothing between two calls.
//
// Guarantee: default deny, as by a session: a part counts for the node whose address signed it, and
// for no other. An answer "ok" to carry-import means that what is stored is on disk.
#pragma once

#include <string>

#include "broker/brain.h"

namespace minqing::broker {

class CarryDesk {
 public:
  /// `name`: the broker's.
  CarryDesk(std::string name, Brain& brain, courier::Mailbox& mailbox)
      : name_{std::move(name)}, brain_{brain}, mailbox_{mailbox} {}

  /// What waits here for `node`: the directory and receipts, then its mail, which stays in its
  /// mailbox until a receipt passes by. `after`: the `next` of a former answer; empty: from the
  /// start. Errors: kNotFound, kNotAllowed - the node; kInvalid - `after`.
  Result<std::string> export_part(const std::string& node, const std::string& after, Instant now);
  /// Errors: kInvalid, kCorrupt, kTooLarge, kNotAllowed, saying what is wrong with the part;
  /// nothing was taken then.
  Result<std::string> import_part(const std::string& part, Instant now);

 private:
  std::string name_;
  Brain& brain_;
  courier::Mailbox& mailbox_;
};

}  // namespace minqing::broker
