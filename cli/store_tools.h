// Node stores, looked at offline: rows decoded, folded, hashed and verified. The glue between
// lib/store and the formats, for `rebuild` and `verify`.
#pragma once

#include <string>

#include "core/directory.h"
#include "store/rebuild.h"
#include "store/verify.h"

namespace minqing::cli {

/// For store::check_views and store::rebuild_views. A purged body folds as an empty one of its
/// kind.
store::Fold make_fold();

/// Recomputes the leaf over header, salt and body; compares header and body with the row's columns;
/// verifies the signature with the keys in `directory` (nullptr: signatures are not looked at),
/// which must outlive it. A revoked key is good only for rows committed before it was.
store::RowCheck make_row_check(const Directory* directory);

/// Reads which envelope a VOID row gives up. Errors: kCorrupt.
Result<store::VoidedEnvelope> read_void(const courier::LogRow& row);

}  // namespace minqing::cli
