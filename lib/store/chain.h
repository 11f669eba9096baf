// The hash chain over one owner's log.
//
//   chain(0)   = 32 zero bytes
//   chain(pos) = H(chain(pos - 1), chained_bytes(row at pos))
//
// H is handed in (seal/chain_hash.h gives BLAKE2b-256 over previous || row). The chained bytes are
// every durable column of the row except the body: the leaf stands for it, so a purge by retention
// law keeps the chain. A durable format: it never changes; a further column means a new tag.
#pragma once

#include <functional>

#include "courier/ledger.h"

namespace minqing::store {

using ChainFunction = std::function<ChainHash(const ChainHash& previous, ByteView row)>;

/// Replaces `out` by the chained bytes of `row` at `pos` (row.pos is not read): the tag "minqing
/// log row 1\n", then owner, pos, direction, peer, lane, side, life, seq, id, leaf, kind, class,
/// loop, case_id, stamp, at, verdict, directory, rules and calendar version, header, signature,
/// salt. Integers: 8 bytes, little-endian. Fixed bytes: as they are. Text and variable bytes:
/// length (8 bytes, little-endian), then the bytes.
void chained_bytes(const courier::LogRow& row, Pos pos, Bytes& out);

}  // namespace minqing::store
