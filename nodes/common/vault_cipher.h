// The identity vault's cipher: secret boxes under the vault's own key (seal/secret_box.h), each
// bound to its reference.
#pragma once

#include <filesystem>

#include "nodes/common/scribe.h"
#include "seal/secret_box.h"
#include "store/vault.h"

namespace minqing::node {

class SecretVaultCipher final : public store::VaultCipher {
 public:
  SecretVaultCipher(seal::Secret key, Random& random);
  Result<Bytes> seal(const store::VaultRef& ref, ByteView plain) override;
  Result<Bytes> open(const store::VaultRef& ref, ByteView box) override;

  /// Hash by which a citizen's receipt code is known: keyed, so that a stolen store tells nothing.
  Leaf receipt_hash(std::string_view case_id, std::string_view code) const;

 private:
  seal::SecretBoxes boxes_;
  seal::Secret code_key_;
};

/// The vault as keeping sees it.
class VaultShelf final : public IdentityShelf {
 public:
  /// `vault` must outlive it.
  explicit VaultShelf(store::Vault& vault) : vault_{vault} {}
  std::optional<Bytes> find(const std::string& ref) override;
  Status put(const std::string& ref, ByteView identity, Instant now) override;

 private:
  store::Vault& vault_;
};

/// The vault's key: `path` (seal/key_file.h), made when it is not there. Errors: those of key
/// files.
Result<seal::Secret> load_or_make_vault_key(const std::filesystem::path& path,
                                            const std::string& node,
                                            Random& random);

}  // namespace minqing::node
