#include "seal/directory_seal.h"

namespace minqing::seal {
namespace {

Bytes directory_text(ByteView directory) {
  static constexpr std::string_view kContext{"minqing-directory-v1\0", 21};
  Bytes out;
  out.reserve(kContext.size() + directory.size());
  const ByteView context = as_bytes(kContext);
  out.insert(out.end(), context.begin(), context.end());
  out.insert(out.end(), directory.begin(), directory.end());
  return out;
}

}  // namespace

SignatureBytes sign_directory(const SigningKeys& authority, ByteView directory) {
  return authority.sign(directory_text(directory));
}

Status verify_directory(const PublicKey& authority,
                        const KeyId& key,
                        ByteView directory,
                        const SignatureBytes& signature) {
  if (key_id_of(authority) != key) {
    return Error{Errc::kCorrupt, "directory: it is signed with key " + key.hex() +
                                     ", but this network's authority is " +
                                     key_id_of(authority).hex() +
                                     "; get the file from your own "
                                     "authority"};
  }
  if (!is_signed_by(authority, directory_text(directory), signature)) {
    return Error{Errc::kCorrupt,
                 "directory: its signature does not fit; it is damaged or forged, fetch it again"};
  }
  return ok();
}

}  // namespace minqing::seal
