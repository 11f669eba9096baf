// Directory <-> its exact bytes, and the signed file that is handed out (schemas/directory.capnp).
#pragma once

#include "core/directory.h"
#include "core/result.h"

namespace minqing::wire {

/// Errors: kInvalid (a text, an empty address), kTooLarge above limits::kDirectoryBytesMax.
Result<Bytes> encode_directory(const Directory::Content& content);

/// Strict, then Directory::make. Errors: kInvalid (version, or every inconsistency one per line),
/// kCorrupt naming the field (an unknown state or organisation kind too), kTooLarge. Trust comes
/// from the signature, checked before over the same bytes (seal/directory_seal.h).
Result<Directory> decode_directory(ByteView bytes);

/// A directory's exact bytes with the authority's signature: a file, DirectoryOffer.
struct SignedDirectory {
  Bytes directory;
  KeyId key;
  SignatureBytes signature;
  friend bool operator==(const SignedDirectory&, const SignedDirectory&) = default;
};
Bytes encode_signed_directory(const SignedDirectory& directory);
/// Says nothing of the signature's worth. Errors: kTooLarge, kInvalid (version), kCorrupt.
Result<SignedDirectory> decode_signed_directory(ByteView bytes);

}  // namespace minqing::wire
