#include "net/curve.h"

#include <array>

#include <zmq.h>

#include "core/check.h"

namespace minqing::net {
namespace {

constexpr std::size_t kZ85Bytes = 41;  // 40 characters and a NUL
using Z85 = std::array<char, kZ85Bytes>;

template <class Key>
Key decode(const Z85& text) {
  Key key;
  CHECK(zmq_z85_decode(key.bytes.data(), text.data()) != nullptr);
  return key;
}

}  // namespace

CurveKeys make_curve_keys() {
  Z85 public_text{};
  Z85 secret_text{};
  CHECK(zmq_curve_keypair(public_text.data(), secret_text.data()) == 0);
  return {decode<PublicKey>(public_text), decode<SecretKey>(secret_text)};
}

PublicKey curve_public_key(const SecretKey& secret) {
  Z85 secret_text{};
  Z85 public_text{};
  CHECK(zmq_z85_encode(secret_text.data(), secret.bytes.data(), secret.bytes.size()) != nullptr);
  CHECK(zmq_curve_public(public_text.data(), secret_text.data()) == 0);
  return decode<PublicKey>(public_text);
}

}  // namespace minqing::net
