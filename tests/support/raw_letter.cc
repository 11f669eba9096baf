#include "tests/support/raw_letter.h"

#include <stdexcept>

#include "core/uuid7.h"
#include "ops/system_clock.h"
#include "seal/box.h"
#include "seal/leaf.h"
#include "seal/signer.h"
#include "seal/system_random.h"
#include "wire/body_codec.h"
#include "wire/envelope_codec.h"
#include "wire/header_codec.h"

namespace minqing::testing {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error{result.error().detail};
  return *std::move(result);
}

const seal::AddressKeys& keys_of(const seal::KeyRing& ring, const Address& address) {
  const auto& pairs = ring.of(address);
  if (pairs.empty()) throw std::runtime_error{"no keys of " + address.text()};
  return pairs.back();
}

PublicKey sealing_of(const Directory& directory, const Address& address) {
  const AddressEntry* entry = directory.find(address);
  const KeyEntry* key = entry == nullptr ? nullptr : active_key(entry->sealing);
  if (key == nullptr) throw std::runtime_error{"no sealing key of " + address.text()};
  return key->key;
}

}  // namespace

Letter probe_letter(const Address& from, const Address& to, const LifeId& life, Seq seq) {
  static seal::SystemRandom random;
  static Uuid7Maker ids{random};
  const ops::SystemClock clock;
  Letter letter;
  letter.header.id = ids.make(clock.now());
  letter.header.from = from;
  letter.header.to = to;
  letter.header.stamp = {seq.value};
  letter.header.sent_at = clock.now();
  letter.header.directory = {1};
  letter.body.kind = casework::Kind::kProbe;
  letter.body.loop = letter.header.id;
  letter.body.reply_by = clock.now() + std::chrono::minutes{10};
  letter.body.author = {.role = casework::Role::kAdmin, .staff = "li"};
  letter.transport = {.life = life, .seq = seq};
  return letter;
}

courier::SealedEnvelope seal_letter_for(const Letter& letter,
                                        const seal::AddressKeys& mine,
                                        const PublicKey& theirs) {
  seal::SystemRandom random;
  const Bytes body = must(wire::encode_body(letter.body));
  Header header = letter.header;
  header.body_bytes = static_cast<std::uint32_t>(body.size());
  const Bytes header_bytes = wire::encode_header(header);
  const Salt salt = random_bytes<Salt>(random);
  const Leaf leaf = seal::leaf_of(header_bytes, salt, body);
  const auto signing = seal::SigningKeys::from_seed(mine.signing_seed.bytes);
  const Bytes content =
      wire::encode_box_content({.transport = letter.transport,
                                .salt = salt,
                                .body = body,
                                .signature = seal::sign_leaf(signing, header.from, leaf)});
  seal::Boxes boxes{random};
  const auto sealing = seal::SealingKeys::from_secret(mine.sealing_secret.bytes);
  const Bytes box = must(boxes.seal(seal::BoxPurpose::kEnvelope, sealing, theirs, content));
  return must(wire::read_sealed(must(wire::encode_sealed({.header = header_bytes,
                                                          .transport = letter.transport,
                                                          .receiver_key = seal::key_id_of(theirs),
                                                          .sender_key = mine.sealing_id,
                                                          .box = box}))));
}

courier::SealedEnvelope seal_letter(const Letter& letter,
                                    const seal::KeyRing& ring,
                                    const Directory& directory) {
  return seal_letter_for(letter, keys_of(ring, letter.header.from),
                         sealing_of(directory, letter.header.to));
}

casework::Body open_letter(const courier::SealedEnvelope& envelope,
                           const seal::KeyRing& ring,
                           const Directory& directory) {
  seal::SystemRandom random;
  const wire::SealedParts parts = must(wire::decode_sealed(envelope.sealed));
  seal::Boxes boxes{random};
  const auto mine =
      seal::SealingKeys::from_secret(keys_of(ring, envelope.header.to).sealing_secret.bytes);
  const Bytes plain = must(boxes.open(seal::BoxPurpose::kEnvelope, mine,
                                      sealing_of(directory, envelope.header.from), parts.box));
  const wire::BoxContent content =
      must(wire::decode_box_content(plain, envelope.header, envelope.transport));
  return must(wire::decode_body(content.body));
}

}  // namespace minqing::testing
