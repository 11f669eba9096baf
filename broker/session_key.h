// SessionKey: libzmq's name of one connection, as the brain knows it. New at every reconnect.
#pragma once

#include <compare>

#include "core/ids.h"

namespace minqing::broker {

struct SessionKey {
  Bytes id;
  friend auto operator<=>(const SessionKey&, const SessionKey&) = default;
};

/// Rises with every hello that was accepted: later = newer. 0 = none. For logs and pages.
using SessionNumber = Number<struct SessionNumberTag>;

}  // namespace minqing::broker
