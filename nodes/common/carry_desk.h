// CarryDesk: a node's side of `minqing carry`: one part of a carry file at a time, out and in, over
// the local socket (docs/LOCAL_API.md). It keeps nothing between two calls.
//
// Guarantee: an answer "ok" to carry-import means that all of the part is committed; what is
// carried out is un-receipted as before. Trusts: nothing in a part but what its boxes prove.
#pragma once

#include <string>

#include "nodes/common/api_request.h"
#include "nodes/common/brain.h"
#include "nodes/common/crypto_sealer.h"

namespace minqing::node {

class CarryDesk {
 public:
  /// `node`: our name in the directory.
  CarryDesk(std::string node, Brain& brain, const CryptoSealer& sealer)
      : node_{std::move(node)}, brain_{brain}, sealer_{sealer} {}

  /// Errors: kInvalid ("after", "peer"); kUnavailable - no address here may sign.
  Result<std::string> export_part(const ApiRequest& request, Instant now);
  /// Errors: kInvalid, kCorrupt, kTooLarge, saying what is wrong with the part; nothing was taken
  /// then.
  Result<std::string> import_part(const ApiRequest& request);

 private:
  std::string node_;
  Brain& brain_;
  const CryptoSealer& sealer_;
};

}  // namespace minqing::node
