#include "seal/leaf.h"

#include <limits>

#include "core/check.h"
#include "seal/hash.h"

namespace minqing::seal {

Leaf leaf_of(ByteView header, const Salt& salt, ByteView body) {
  CHECK(header.size() <= std::numeric_limits<std::uint32_t>::max());
  const std::array<std::uint8_t, 5> prefix{
      0x00,
      static_cast<std::uint8_t>(header.size()),
      static_cast<std::uint8_t>(header.size() >> 8U),
      static_cast<std::uint8_t>(header.size() >> 16U),
      static_cast<std::uint8_t>(header.size() >> 24U),
  };
  return Leaf{hash({prefix, header, salt.view(), body})};
}

}  // namespace minqing::seal
