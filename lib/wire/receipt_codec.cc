#include "wire/receipt_codec.h"

#include <capnp/message.h>

#include "schemas/frame.capnp.h"
#include "wire/message_io.h"
#include "wire/stream_fields.h"

namespace minqing::wire {
namespace {

constexpr std::size_t kReceiptBytesMax = 1'024;

}  // namespace

Bytes encode_receipt(const courier::Receipt& receipt) {
  capnp::MallocMessageBuilder message{64};
  write_receipt(message.initRoot<schema::Receipt>(), receipt);
  return flatten(message);
}

Result<courier::Receipt> decode_receipt(ByteView bytes) {
  courier::Receipt out;
  RETURN_IF_ERROR(read_message(
      bytes, "receipt", kReceiptBytesMax, [&](capnp::MessageReader& message) -> Status {
        ASSIGN_OR_RETURN(out, read_receipt(message.getRoot<schema::Receipt>()));
        return ok();
      }));
  return out;
}

}  // namespace minqing::wire
