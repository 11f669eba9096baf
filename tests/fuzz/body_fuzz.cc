// Bodies and headers out of an opened box: what is accepted comes back the same.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "wire/body_codec.h"
#include "wire/describe.h"
#include "wire/header_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const minqing::ByteView bytes{data, size};
  if (const auto body = minqing::wire::decode_body(bytes)) {
    // Writing it anew may take more room than a foreign encoder's, but never fails otherwise.
    const auto again = minqing::wire::encode_body(*body);
    CHECK(again || again.error().code == minqing::Errc::kTooLarge);
    if (again) CHECK(*minqing::wire::decode_body(*again) == *body);
    CHECK(minqing::wire::describe(bytes));
  }
  if (const auto header = minqing::wire::decode_header(bytes)) {
    CHECK(*minqing::wire::decode_header(minqing::wire::encode_header(*header)) == *header);
  }
  return 0;
}
