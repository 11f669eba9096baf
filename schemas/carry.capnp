@0xc5e7d6bd2af2ac58;
# The carry file: what a node or a broker has for others when there is no line, on a stick. See
# envelope.capnp for the rules of every schema, docs/PROTOCOL.md "Carried by hand" for the use.
#
# A file is a list of parts. Every part stands for itself: it says who made it, has its own hash,
# and is signed when a node made it. So a reader takes one part at a time, a lost part costs what is
# in it and no more, and files may be cut, joined, copied and read twice: envelopes are known by
# stream and number, receipts say the same again. At most 64 MiB and 4096 parts a file.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("minqing::schema");

struct CarryFile {
  type @0 :UInt16;              # 0xe10d
  version @1 :UInt16;           # 1
  parts @2 :List(CarryPart);    # at least 1
}

struct CarryPart {
  # hash = BLAKE2b-256("minqing-carry-v1" || 0x00 || u8(length) || network || authority (32) ||
  #   u8(length) || maker || life (16; zeros: none) || u64le(directoryVersion) || i64le(madeAt) ||
  #   u64le(length of frame) || frame)
  # signature = Ed25519 by the signing key of `signer` over
  #   "minqing-carry-part-v1" || 0x00 || u8(length) || signer || key || hash
  # A node believes each box, so it needs no signature; a broker, which opens none, takes a part
  # only from the node that hosts the signer.

  network @0 :Text;             # "quzhou"
  authority @1 :Data;           # 32: the authority that the maker trusts
  maker @2 :Text;               # the name of the node or broker that made it
  life @3 :Data;                # 16: the node's; or empty: a broker made it
  directoryVersion @4 :UInt64;  # the maker's
  madeAt @5 :Int64;
  frame @6 :Data;               # a Frame message (frame.capnp): directory, envelopes, receipts
  hash @7 :Data;                # 32
  signer @8 :Text;              # address; or empty: not signed, then key and signature are empty
  key @9 :Data;                 # 8: id of the signer's key
  signature @10 :Data;          # 64
}
