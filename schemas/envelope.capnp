@0x939715120fd28117;
# The envelope: one message between two addresses. A durable format.
#
# Rules for every schema in this folder
#   - File ids, field numbers and the numeric values below never change and are never reused.
#     New fields get new numbers; old readers do not see them, but always keep, hash and compare the
#     exact bytes that travelled, never a re-encoding.
#   - Every message that can stand alone (in a file, a Data field or a column) begins with `type`,
#     which says what it is, and `version`. A reader refuses any other type (so no message can be
#     taken for another one) and any version it does not know.
#       0xe101 Header           0xe104 Signature   0xe107 Frame
#       0xe102 SealedEnvelope   0xe105 Body        0xe108 Directory
#       0xe103 BoxContent       0xe106 Receipt     0xe109 SignedDirectory
#       0xe10a RefillAsk        0xe10b RefillPage
#       0xe10d CarryFile        0xe10e KeepRecord
#   - A stand-alone message is one flat Cap'n Proto message (segment table, then segments), not
#     packed, and uses exactly the bytes it comes in: trailing bytes are refused.
#   - Readers bound themselves: nesting 16, traversal twice the real size, lists and bytes by
#     lib/core/limits.h.
#   - Ids, keys and hashes are Data of exactly the size named. Where "or empty" is said, empty means
#     none; all zero bytes are refused.
#   - Times are Int64 microseconds since 1970-01-01 UTC; 0 = none; from 1970 to 9999.
#   - Numbers that count (stamp, seq, versions) are UInt64; 0 = none, the first is 1.
#   - Addresses are Text: "330824" or "housing@330824" (lib/core/address.h).
#   - Texts are valid UTF-8 without control characters (C0, DEL, C1); fields marked `lines` may hold
#     \n and \t.
#   - Enumerations travel as UInt16 with the values of the C++ enums, so that a number from a newer
#     program survives reading: kinds, roles (below 256) and refusal codes do. Lane, side and class
#     decide how mail is handled; an unknown one is an error.
#
# How an envelope is made (suite 1)
#   1. header  = the flat message of `Header`; body = the flat message of `Body` (body.capnp);
#      salt = 16 random bytes.
#   2. leaf    = BLAKE2b-256(0x00 || u32le(length of header) || header || salt || body).
#      The envelope's hash everywhere; the same in both logs. docs/adr/0002-leaf-length-prefix.md
#   3. All leaves that one address makes in one turn are the leaves of a Merkle tree:
#      node = BLAKE2b-256(0x01 || left || right); an odd node at the end of a level goes up
#      unchanged. `index` and `count` fix the length of the path; another length is refused.
#      count = 1: the root is the leaf, the path is empty.
#   4. signature = Ed25519 by the origin address's signing key over
#        "minqing-root-v1" || 0x00 || u8(length) || address text || key id (8) || u32le(count) ||
#        root.
#      A key id is the first 8 bytes of BLAKE2b-256(public key).
#   5. plain   = "mqb1" || u8 purpose || u8 direction || 0x00 0x00 || flat message of `BoxContent`
#      purpose: 1 envelope, 2 receipt, 3 refill ask, 4 refill page. direction: 0 when the sealer's public key is the lower of the
#      two (as bytes), else 1. docs/adr/0003-box-and-domain-separation.md
#   6. box     = nonce (24 random bytes) || crypto_box(plain), between both addresses' X25519 keys.
#   Life, seq, signature, path and sealing keys lie outside the leaf: sealing or signing anew
#   changes nothing.
#
# Each envelope names, in its box, the leaf before it in its stream: so a stream that goes on in two
# ways (its sender was set back, and used numbers twice) is seen by the addressee at once.
#
# How it is received: read SealedEnvelope and Header; open the box; compare life and seq with the
# sealed copy; compare bodyBytes; compute the leaf; verify path and signature with the key of
# header.from. What fails in any step is nobody's word: dropped, counted, never receipted.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("minqing::schema");

struct Header {
  # The clear part that is hashed. What a broker may read, and no more.

  type @0 :UInt16;              # 0xe101
  version @1 :UInt16;           # 1
  suite @2 :UInt16;             # 1: Ed25519, crypto_box (X25519, XSalsa20-Poly1305), BLAKE2b-256
  lane @3 :UInt16;              # 0 urgent, 1 normal, 2 bulk
  side @4 :UInt16;              # 0 ask, 1 answer
  class @5 :UInt16;             # 0 request, 1 progress, 2 final, 3 notice, 4 self
  bodyBytes @6 :UInt32;         # size of the body; at most 1 MiB
  stamp @7 :UInt64;             # Lamport number of the origin
  sentAt @8 :Int64;             # when the origin made it
  directoryVersion @9 :UInt64;  # the origin's directory when it made it
  id @10 :Data;                 # 16: UUIDv7, made and committed by the origin before the first send
  from @11 :Text;               # address
  to @12 :Text;                 # address; the same as `from` exactly when class is self
}

struct SealedEnvelope {
  # What travels in Frame.envelopes and lies in mailboxes. Passed on untouched. Never class self.

  type @0 :UInt16;       # 0xe102
  version @1 :UInt16;    # 1
  seq @2 :UInt64;        # place in the stream: 1, 2, 3 ...
  life @3 :Data;         # 16: the sender's life
  header @4 :Data;       # the exact bytes of Header
  receiverKey @5 :Data;  # 8: id of the addressee's sealing key
  senderKey @6 :Data;    # 8: id of the sender's sealing key
  box @7 :Data;          # nonce (24), then crypto_box; see above
}

struct BoxContent {
  # What the box holds. Only the addressee (and the sender) can read or make it.

  type @0 :UInt16;           # 0xe103
  version @1 :UInt16;        # 1
  seq @2 :UInt64;            # must equal SealedEnvelope.seq
  life @3 :Data;             # must equal SealedEnvelope.life
  salt @4 :Data;             # 16
  body @5 :Data;             # the exact bytes of Body; Header.bodyBytes of them
  signature @6 :Signature;
  prior @7 :Data;            # 32: the leaf at seq - 1 of this stream; empty for seq 1
}

struct Signature {
  # Kept in the log beside the row it proves (column `signature`), also as a stand-alone message.

  type @0 :UInt16;     # 0xe104
  version @1 :UInt16;  # 1
  index @2 :UInt32;    # this leaf's place, 0 <= index < count
  count @3 :UInt32;    # leaves under the signed root: 1 .. 65536
  key @4 :Data;        # 8: id of the signing key of header.from
  path @5 :Data;       # n * 32: sibling hashes from the leaf upwards; n follows from the rest
  bytes @6 :Data;      # 64: Ed25519
}
