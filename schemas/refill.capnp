@0xb1d0a7c35e2f4916;
# Refilling: how a store that was set back gets its talk with a peer back. Soft records, asked again
# until answered; they travel boxed in Frame.refillAsks and Frame.refillPages, and cause nothing at
# the answerer. See envelope.capnp for the rules of every schema, docs/adr/0010 for the reasons.
#
# Directions are the asker's: 0 in (the answerer's words to it), 1 out (its own words).

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("minqing::schema");

struct RefillAsk {
  # "I, `from`, in my new life, ask what you, `to`, hold of our talk behind your position `after`,
  # except what is known." Box of purpose 3, made by `from`.

  type @0 :UInt16;          # 0xe10a
  version @1 :UInt16;       # 1
  from @2 :Text;            # address
  to @3 :Text;              # address; never the same
  life @4 :Data;            # 16: the asker's
  after @5 :UInt64;         # place in the answerer's log; 0: from its beginning
  known @6 :List(Known);    # at most 4096
  held @7 :List(Held);      # at most 8; not empty: the ask is a balance (see Held), not a refilling

  struct Known {
    # The asker holds this stream up to `seq`, whose leaf is `leaf`. Believed when the answerer's
    # own row there has that leaf.
    direction @0 :UInt16;
    lane @1 :UInt16;
    side @2 :UInt16;
    life @3 :Data;          # 16: the stream's (its sender's)
    seq @4 :UInt64;
    leaf @5 :Data;          # 32
  }

  struct Held {
    # "This is what I hold of numbers first .. last of this stream; give me all that you hold there
    # if it differs." `after` is then the ask's own number, and comes back in the page.
    direction @0 :UInt16;
    lane @1 :UInt16;
    side @2 :UInt16;
    life @3 :Data;          # 16: the stream's
    first @4 :UInt64;       # 1, 257, 513 ...
    last @5 :UInt64;        # first .. first + 255
    digest @6 :Data;        # 32: BLAKE2b-256 over (seq as 8 bytes little-endian, leaf) of each row,
                            # in order, leaves made anew of the bytes held; of none: of no bytes
  }
}

struct RefillPage {
  # The answer. Box of purpose 4, made by `from`, the answerer.

  type @0 :UInt16;          # 0xe10b
  version @1 :UInt16;       # 1
  from @2 :Text;
  to @3 :Text;
  life @4 :Data;            # 16: the asker's, as it was asked
  after @5 :UInt64;         # as it was asked
  through @6 :UInt64;       # the next page begins behind this place
  more @7 :Bool;            # false: that was all
  rows @8 :List(Row);       # at most 4096

  struct Row {
    # One envelope as the answerer's log has it. Proves itself: leaf and signature are checked.
    direction @0 :UInt16;
    seq @1 :UInt64;
    life @2 :Data;          # 16
    header @3 :Data;        # exact bytes of Header
    salt @4 :Data;          # 16
    body @5 :Data;          # exact bytes of Body
    signature @6 :Data;     # a Signature message
  }
}
