// Frames from a peer: whatever comes, decode_frame answers; what it accepts it can write again.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "wire/describe.h"
#include "wire/frame_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const minqing::ByteView bytes{data, size};
  if (const auto decoded = minqing::wire::decode_frame(bytes)) {
    const minqing::Bytes again = minqing::wire::encode_frame(decoded->frame);
    const auto back = minqing::wire::decode_frame(again);
    CHECK(back && back->bad_items.empty());
    CHECK(minqing::wire::encode_frame(back->frame) == again);
    CHECK(minqing::wire::describe(bytes));
  }
  return 0;
}
