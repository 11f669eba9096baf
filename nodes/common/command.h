// Command: an act that staff, a citizen or an adapter asks a node to do, in the same turn machinery
// as arrivals; answered after the commit.
#pragma once

#include "casework/act.h"
#include "core/ids.h"

namespace minqing::node {

struct Command {
  casework::Command act;
  /// Chosen by the author, so that a repeat (an adapter after a crash, a client that lost the
  /// answer) is known and not done twice; becomes the id of the act's first envelope. None = a
  /// fresh one.
  MessageId id;
};

}  // namespace minqing::node
