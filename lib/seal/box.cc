#include "seal/box.h"

#include <sodium.h>

#include "core/mutant.h"

namespace minqing::seal {
namespace {

constexpr std::size_t kPrefixBytes = 8;
constexpr std::size_t kNonceBytes = crypto_box_NONCEBYTES;
constexpr std::size_t kTagBytes = crypto_box_MACBYTES;
static_assert(kBoxOverheadBytes == kNonceBytes + kTagBytes + kPrefixBytes);
static_assert(crypto_box_BEFORENMBYTES == SecretKey::kSize);

using Prefix = std::array<std::uint8_t, kPrefixBytes>;

Prefix prefix_of(BoxPurpose purpose, const PublicKey& sealer, const PublicKey& opener) {
  const auto direction = static_cast<std::uint8_t>(sealer < opener ? 0 : 1);
  return {'m', 'q', 'b', '1', static_cast<std::uint8_t>(purpose), direction, 0, 0};
}

}  // namespace

const Secret* Boxes::pair_key(const SealingKeys& mine, const PublicKey& theirs) {
  const PairName name{mine.public_key(), theirs};
  if (Secret* known = pairs_.find(name)) return known;
  Secret key;
  if (mine.public_key() == theirs || crypto_box_beforenm(key.span().data(), theirs.bytes.data(),
                                                         mine.secret().view().data()) != 0) {
    return nullptr;
  }
  return &pairs_.put(name, std::move(key));
}

Result<Bytes> Boxes::seal(BoxPurpose purpose,
                          const SealingKeys& mine,
                          const PublicKey& theirs,
                          ByteView content) {
  const Secret* key = pair_key(mine, theirs);
  if (key == nullptr) {
    return Error{Errc::kInvalid, "sealing key " + key_id_of(theirs).hex() +
                                     " cannot be sealed to: it is damaged or our own; check the "
                                     "directory"};
  }
  Bytes out(kBoxOverheadBytes + content.size());
  const std::span<std::uint8_t> nonce = std::span{out}.first(kNonceBytes);
  const std::span<std::uint8_t> text = std::span{out}.subspan(kNonceBytes + kTagBytes);
  const std::span<std::uint8_t> tag = std::span{out}.subspan(kNonceBytes, kTagBytes);
  nonces_.fill(nonce);
  std::ranges::copy(prefix_of(purpose, mine.public_key(), theirs), text.begin());
  std::ranges::copy(content, text.subspan(kPrefixBytes).begin());
  CHECK(crypto_box_detached_afternm(text.data(), tag.data(), text.data(), text.size(), nonce.data(),
                                    key->view().data()) == 0);
  return out;
}

Result<Bytes> Boxes::open(BoxPurpose purpose,
                          const SealingKeys& mine,
                          const PublicKey& theirs,
                          ByteView box) {
  if (box.size() < kBoxOverheadBytes) return Error{Errc::kCorrupt, "box: it is cut short"};
  const Secret* key = pair_key(mine, theirs);
  if (key == nullptr) return Error{Errc::kCorrupt, "box: the sender's key is unusable"};
  const ByteView nonce = box.first(kNonceBytes);
  const ByteView tag = box.subspan(kNonceBytes, kTagBytes);
  const ByteView sealed = box.subspan(kNonceBytes + kTagBytes);
  Bytes text(sealed.size());
  if (crypto_box_open_detached_afternm(text.data(), sealed.data(), tag.data(), sealed.size(),
                                       nonce.data(), key->view().data()) != 0) {
    return Error{Errc::kCorrupt, "box: it does not open with this pair of keys"};
  }
  const Prefix expected = prefix_of(purpose, theirs, mine.public_key());
  if (!std::ranges::equal(std::span{text}.first(kPrefixBytes), expected) &&
      !mutated(Mutant::kBoxPurposeIgnored)) {
    return Error{Errc::kCorrupt, "box: it was made for another purpose or direction"};
  }
  text.erase(text.begin(), text.begin() + kPrefixBytes);
  return text;
}

}  // namespace minqing::seal
