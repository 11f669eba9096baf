#include "nodes/common/vault_cipher.h"

#include "seal/hash.h"
#include "seal/key_file.h"

namespace minqing::node {
namespace {

seal::Secret derive(const seal::Secret& key, std::string_view use) {
  const seal::Hash derived = seal::keyed_hash(key.view(), {as_bytes(use)});
  return seal::Secret{derived};
}

}  // namespace

SecretVaultCipher::SecretVaultCipher(seal::Secret key, Random& random)
    : boxes_{derive(key, "vault entries"), random}, code_key_{derive(key, "receipt codes")} {}

Result<Bytes> SecretVaultCipher::seal(const store::VaultRef& ref, ByteView plain) {
  return boxes_.seal(ref.hex(), plain);
}

Result<Bytes> SecretVaultCipher::open(const store::VaultRef& ref, ByteView box) {
  return boxes_.open(ref.hex(), box);
}

Leaf SecretVaultCipher::receipt_hash(std::string_view case_id, std::string_view code) const {
  return Leaf{
      seal::keyed_hash(code_key_.view(), {as_bytes(case_id), as_bytes("\n"), as_bytes(code)})};
}

std::optional<Bytes> VaultShelf::find(const std::string& ref) {
  const auto parsed = store::VaultRef::parse(ref);
  if (!parsed) return std::nullopt;
  auto identity = vault_.get(*parsed);
  if (!identity) return std::nullopt;
  return *std::move(identity);
}

Status VaultShelf::put(const std::string& ref, ByteView identity, Instant now) {
  const auto parsed = store::VaultRef::parse(ref);
  if (!parsed) return Error{Errc::kInvalid, "no reference into the identity vault: " + ref};
  Status stored = vault_.put(*parsed, identity, now);
  if (!stored && stored.error().code == Errc::kConflict) return ok();  // it is there
  return stored;
}

Result<seal::Secret> load_or_make_vault_key(const std::filesystem::path& path,
                                            const std::string& node,
                                            Random& random) {
  auto loaded = seal::load_key_file(path.string(), seal::KeyPurpose::kVault);
  if (loaded) return std::move(loaded->secret);
  if (loaded.error().code != Errc::kNotFound) return loaded.error();
  seal::KeyFile file;
  file.purpose = seal::KeyPurpose::kVault;
  file.owner = node;
  random.fill(file.secret.span());
  RETURN_IF_ERROR(seal::save_key_file(path.string(), file));
  return std::move(file.secret);
}

}  // namespace minqing::node
