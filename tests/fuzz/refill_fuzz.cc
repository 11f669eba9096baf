// Refill asks and pages: what an addressee finds in a box that opened.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "wire/describe.h"
#include "wire/keep_codec.h"
#include "wire/refill_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace wire = minqing::wire;
  const minqing::ByteView bytes{data, size};
  if (const auto ask = wire::decode_refill_ask(bytes)) {
    CHECK(*wire::decode_refill_ask(wire::encode_refill_ask(*ask)) == *ask);
    CHECK(wire::describe(bytes));
  }
  if (const auto record = wire::decode_keep_record(bytes)) {
    CHECK(*wire::decode_keep_record(wire::encode_keep_record(*record)) == *record);
  }
  if (const auto page = wire::decode_refill_page(bytes)) {
    CHECK(*wire::decode_refill_page(wire::encode_refill_page(*page)) == *page);
    CHECK(wire::describe(bytes));
  }
  return 0;
}
