// Body: the sealed part of an envelope, as values (schemas/envelope.capnp, wire/body_codec.h).
#pragma once

#include <string>
#include <vector>

#include "casework/content.h"
#include "casework/kinds.h"
#include "core/case_id.h"
#include "core/ids.h"
#include "core/time.h"

namespace minqing::casework {

/// Who acted. An empty staff id: the machine (a timer, a join, a relay).
struct Author {
  Role role = Role::kSystem;
  std::string staff;
  friend bool operator==(const Author&, const Author&) = default;
};

struct Body {
  Kind kind = Kind::kNone;
  LoopId loop;            // of a request: its own id; none for notices and case-level self rows
  MessageId in_reply_to;  // progress and finals: the request; none otherwise
  LoopId relay_of;        // requests: the loop at `from` that waits for this one's final
  Leaf request_leaf;      // the leaf of the request it answers; void.h: of what is given up
  CaseId case_id;
  Instant reply_by;  // requests: when an answer is due; none = no clock
  Author author;
  Content content;
  std::vector<AttachmentHash> attachments;
  friend bool operator==(const Body&, const Body&) = default;
};

}  // namespace minqing::casework
