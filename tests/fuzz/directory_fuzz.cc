// Directories, signed and bare, as files and as offers of a peer.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "wire/describe.h"
#include "wire/directory_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace wire = minqing::wire;
  const minqing::ByteView bytes{data, size};
  if (const auto outer = wire::decode_signed_directory(bytes)) {
    CHECK(*wire::decode_signed_directory(wire::encode_signed_directory(*outer)) == *outer);
    if (const auto inner = wire::decode_directory(outer->directory)) CHECK(wire::describe(bytes));
  }
  if (const auto directory = wire::decode_directory(bytes)) {
    const auto again = wire::encode_directory(directory->content());
    CHECK(again || again.error().code == minqing::Errc::kTooLarge);
    if (again) CHECK(wire::decode_directory(*again));
    CHECK(wire::describe(bytes));
  }
  return 0;
}
