// Key files: one secret a file, readable by its owner only.
//
// Text, five lines; written once, never overwritten (a lost key cannot be made again):
//   minqing-key 1
//   purpose signing
//   owner 330824
//   public <64 hexadecimal digits>
//   secret <64 hexadecimal digits>
#pragma once

#include <string>

#include "core/result.h"
#include "seal/keys.h"

namespace minqing::seal {

enum class KeyPurpose {
  kAuthority,  // Ed25519: signs directories
  kSigning,    // Ed25519: an address's signatures
  kSealing,    // X25519: an address's boxes
  kTransport,  // X25519: a node's CURVE key
  kRecovery,   // X25519: opens what the keeper holds; kept off the machine
  kVault,      // symmetric; `public` is 64 zeros
};
const char* to_string(KeyPurpose purpose);  // "authority", "signing", ...

struct KeyFile {
  KeyPurpose purpose = KeyPurpose::kSigning;
  std::string owner;     // the address, node or network it belongs to: one word
  PublicKey public_key;  // none for kVault; derived by save_key_file
  Secret secret;
};

/// Makes the file with mode 0600, synced with its directory. `key.public_key` is not read but
/// derived. Errors: kConflict when the file exists; kInvalid when `owner` is not one word; kIo.
Status save_key_file(const std::string& path, const KeyFile& key);

/// Errors: kNotFound; kNotAllowed when the file is a link, not a plain file, another user's, or
/// open to group or others; kCorrupt when a line is damaged or the halves do not fit; kInvalid when
/// it is a key for another purpose; kIo. Each names the path and the remedy.
Result<KeyFile> load_key_file(const std::string& path, KeyPurpose expected);

}  // namespace minqing::seal
