@0xd77d51778c299c04;
# Keeping: what only one disk holds, as its keeper holds it (docs/adr/0011). See envelope.capnp for
# the rules of every schema. The record is sealed to the owner's recovery key (lib/seal/recovery.h)
# and travels in the body of a KEEP, as Content.padding:
#
#   u32 n, little end first || n * 16: ids of the rows in it || the sealed record
#
# Content.code is the recovery key's id: 16 hexadecimal digits.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("minqing::schema");

struct KeepRecord {
  type @0 :UInt16;          # 0xe10e
  version @1 :UInt16;       # 1
  owner @2 :Text;           # address
  rows @3 :List(Row);       # at most 1000
  identities @4 :List(Identity);  # at most 1000

  struct Row {
    # A self or out row of the owner's log. Header and body say the rest; leaf and, of an out row,
    # signature are checked.
    direction @0 :UInt16;   # 1 out, 2 self
    seq @1 :UInt64;         # 0 for self rows
    at @2 :Int64;           # log time
    directoryVersion @3 :UInt64;
    rulesVersion @4 :UInt32;
    calendarVersion @5 :UInt32;
    life @6 :Data;          # 16
    verdict @7 :Text;
    header @8 :Data;        # exact bytes of Header
    salt @9 :Data;          # 16
    body @10 :Data;         # exact bytes of Body
    signature @11 :Data;    # a Signature message; empty for self rows
  }

  struct Identity {
    # An entry of the identity vault that a row points to.
    ref @0 :Text;           # petitionerRef
    identity @1 :Data;
  }
}
