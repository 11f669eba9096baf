#include "courier/keep.h"

namespace minqing::courier {

KeptRow kept_row_of(const LogRow& row) {
  return {.direction = row.direction,
          .life = row.life,
          .seq = row.seq,
          .at = row.at,
          .verdict = row.verdict,
          .versions = row.versions,
          .header = row.header,
          .salt = row.salt,
          .body = row.body,
          .signature = row.signature};
}

}  // namespace minqing::courier
