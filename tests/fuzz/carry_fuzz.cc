// Carry files from a stick: whatever comes, decode_carry answers; what it accepts it can write
// again.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "wire/carry_codec.h"
#include "wire/describe.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const minqing::ByteView bytes{data, size};
  if (const auto parts = minqing::wire::decode_carry(bytes)) {
    if (const auto again = minqing::wire::encode_carry(*parts)) {
      const auto back = minqing::wire::decode_carry(*again);
      CHECK(back && *back == *parts);
    }
    for (const auto& part : *parts) CHECK(!minqing::wire::carry_prefix(part).empty());
    // The frames within may be damaged: then there is an error, and nothing else.
    (void)minqing::wire::describe(bytes);
  }
  return 0;
}
