@0x8230c133dd9ae7df;
# The directory: who exists, where each address is hosted, whose keys are whose, who does what
# (lib/core/directory.h). Signed, versioned, expiring. At most 3 MiB, 65536 entries a list. See
# envelope.capnp for the rules that hold in every schema.
#
# An entry state or organisation kind that a reader does not know refuses the whole directory: it
# must not be taken for "active". A newer directory needs a newer program first.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("minqing::schema");

struct SignedDirectory {
  # The file that is handed out, and Frame.directory. Signature = Ed25519 by the authority over
  #   "minqing-directory-v1" || 0x00 || directory
  # A node trusts the authority key it was enrolled with, not the one named in the directory.

  type @0 :UInt16;           # 0xe109
  version @1 :UInt16;        # 1
  directory @2 :Data;        # the exact bytes of Directory
  key @3 :Data;              # 8: id of the authority's key
  signature @4 :Data;        # 64
}

struct Directory {
  type @0 :UInt16;           # 0xe108
  version @1 :UInt16;        # 1: of this format
  directoryVersion @2 :UInt64;  # of the content: 1, 2, 3 ...
  issuedAt @3 :Int64;
  expiresAt @4 :Int64;
  network @5 :Text;          # "quzhou"
  authority @6 :Data;        # 32: Ed25519
  nodes @7 :List(Node);
  addresses @8 :List(Entry);
  duties @9 :List(Duty);
  links @10 :List(Link);
  categories @11 :List(Category);
  calendar @12 :Calendar;       # null: none

  # States: 0 active, 1 suspended, 2 revoked, 3 dissolved, 4 moving, 5 retired.

  struct Node {
    name @0 :Text;
    transport @1 :Data;      # 32: CURVE; or empty: not enrolled yet
    state @2 :UInt16;
  }

  struct Key {
    id @0 :Data;             # 8
    key @1 :Data;            # 32
    state @2 :UInt16;
    since @3 :Int64;         # when the state began
  }

  struct Entry {
    address @0 :Text;
    nameZh @1 :Text;
    nameEn @2 :Text;
    kind @3 :UInt16;         # 0 party-government, 1 township-office, 2 village-committee,
                             # 3 public-service, 4 institution, 5 social, 6 discipline, 7 review
    state @4 :UInt16;
    node @5 :Text;           # host; empty: not enrolled yet
    signing @6 :List(Key);   # Ed25519
    sealing @7 :List(Key);   # X25519
    successor @8 :Text;      # address or empty: of a dissolved one
    keeper @9 :Text;         # address or empty: the superior
    recovery @10 :Data;      # 32: X25519; or empty: nothing is kept for this address
  }

  struct Duty {
    category @0 :Text;       # prefix of 4 digits; empty: any
    area @1 :Text;           # prefix of a division code
    lead @2 :Text;           # address
    assists @3 :List(Text);  # addresses
    priority @4 :Int32;
    validFrom @5 :Int64;
    validTo @6 :Int64;       # exclusive
    reason @7 :Text;         # lines
  }

  struct Link {
    a @0 :Text;
    b @1 :Text;
  }

  struct Calendar {
    calendarVersion @0 :UInt32;  # of the content; 0: no calendar
    firstYear @1 :UInt16;        # covered, both included
    lastYear @2 :UInt16;
    days @3 :List(CalendarDay);
  }

  struct CalendarDay {
    # A day of Asia/Shanghai that is not what its weekday says.
    day @0 :Int32;               # since 1970-01-01
    isWorkDay @1 :Bool;          # else a holiday
    name @2 :Text;
  }

  struct Category {
    code @0 :Text;
    nameZh @1 :Text;
    nameEn @2 :Text;
    sealed @3 :Bool;
  }
}
