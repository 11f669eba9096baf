// Sealed envelopes, box contents, signatures and receipts: what a mailbox, a peer or a log may
// hold.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "wire/envelope_codec.h"
#include "wire/receipt_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace wire = minqing::wire;
  const minqing::ByteView bytes{data, size};
  const auto parts = wire::decode_sealed(bytes);
  if (const auto clear = wire::read_sealed({bytes.begin(), bytes.end()})) {
    CHECK(parts && parts->transport == clear->transport);
    if (const auto again = wire::encode_sealed(*parts)) {
      CHECK(*wire::decode_sealed(*again) == *parts);
    }
  }
  if (const auto signature = wire::decode_signature(bytes)) {
    CHECK(*wire::decode_signature(wire::encode_signature(*signature)) == *signature);
  }
  if (const auto receipt = wire::decode_receipt(bytes)) {
    CHECK(*wire::decode_receipt(wire::encode_receipt(*receipt)) == *receipt);
  }
  // Box contents are compared with their clear part; any will do to run the reading.
  const auto content = wire::decode_box_content(bytes, {}, {});
  CHECK(!content);  // no message has the empty life of the clear part given here
  return 0;
}
