@0xac85be08e13b450e;
# The frame: what travels in one ZeroMQ frame between a node and a broker. A batch: all that one
# turn has for one session and one lane. See envelope.capnp for the rules of every schema, and
# lib/courier/frame.h for what each part means.
#
# Reading: a fault in the frame itself or in a session part (hello .. directory) refuses the frame.
# A fault in one item of a list loses that item alone; it is counted and reported. Every list has at
# most 4096 items.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("minqing::schema");

struct Frame {
  type @0 :UInt16;                       # 0xe107
  version @1 :UInt16;                    # 1
  lane @2 :UInt16;                       # 0 urgent, 1 normal, 2 bulk
  reset @3 :Bool;                        # broker -> node: session unknown, say hello
  hello @4 :Hello;                       # absent when null, as all that follow
  welcome @5 :Welcome;
  ping @6 :Probe;
  pong @7 :Probe;
  goodbye @8 :Goodbye;
  sessionRefused @9 :SessionRefused;
  directory @10 :Data;                   # a SignedDirectory message (directory.capnp)
  credits @11 :List(Credit);
  envelopes @12 :List(Data);             # SealedEnvelope messages (envelope.capnp)
  receipts @13 :List(BoxedReceipt);
  resumes @14 :List(BoxedReceipt);
  cannotOpens @15 :List(CannotOpen);
  forks @16 :List(Fork);
  refusals @17 :List(Refused);
  stored @18 :List(Stored);
  refillAsks @19 :List(BoxedRecord);     # RefillAsk (refill.capnp)
  refillPages @20 :List(BoxedRecord);    # RefillPage
  spent @21 :List(Credit);               # totals the sender has sent, as of the last time it said so
}

struct StreamName {
  # Envelopes from one address to another in one lane and side within one life of the sender.

  lane @0 :UInt16;
  side @1 :UInt16;  # 0 ask, 1 answer
  from @2 :Text;    # the sender's address
  to @3 :Text;      # the receiver's address; never the same
  life @4 :Data;    # 16: the sender's; a receipt of seq 0 may leave it out: nothing ever came
}

struct Receipt {
  # "I, stream.to, have committed this stream up to seq, whose leaf is leaf." It always speaks for
  # stream.to and to stream.from, so its direction is part of its content. Boxed as a stand-alone
  # message with purpose 2 (envelope.capnp, step 5).

  type @0 :UInt16;          # 0xe106
  version @1 :UInt16;       # 1
  seq @2 :UInt64;           # 0: nothing of this stream is here
  stream @3 :StreamName;
  receiverLife @4 :Data;    # 16: the life of stream.to
  leaf @5 :Data;            # 32; empty exactly when seq is 0
  streams @6 :UInt32;       # in a resume and what answers one: of how many streams of stream.from
                            # stream.to has something; 0: not said
}

struct BoxedReceipt {
  clear @0 :Receipt;        # for the broker; the sender believes the box, which must say the same
  receiverKey @1 :Data;     # 8: sealing key of stream.to, which made the box
  senderKey @2 :Data;       # 8: sealing key of stream.from, which opens it
  box @3 :Data;             # nonce (24), then crypto_box
}

struct BoxedRecord {
  # A soft record between two addresses. Not stored anywhere on its way; lost: asked again.

  from @0 :Text;            # the address that made the box
  to @1 :Text;              # the address that opens it; never the same
  fromKey @2 :Data;         # 8: sealing keys of both
  toKey @3 :Data;           # 8
  box @4 :Data;             # nonce (24), then crypto_box
}

struct CannotOpen {
  # The addressee could not open or verify. Nobody's word; costs a resend.

  stream @0 :StreamName;
  seq @1 :UInt64;
  myKeys @2 :Data;           # n * 8: sealing key ids the addressee holds now; at most 64
  directoryVersion @3 :UInt64;
}

struct Fork {
  # The addressee holds another envelope at this number.

  stream @0 :StreamName;
  seq @1 :UInt64;
  held @2 :Data;             # 32: the leaf held there
  word @3 :BoxedReceipt;     # the same, as the addressee's own word; absent: believed by nobody
}

struct Refused {
  # The broker will not carry this stream now. Never closes a loop.

  stream @0 :StreamName;
  seq @1 :UInt64;
  code @2 :UInt16;
      # 1 unknown-address  2 not-active    3 dissolved     4 forbidden-pair  5 not-yours
      # 6 too-large        7 bad-envelope  8 quota         9 level-red      10 level-amber
      # 11 over-credit    12 revoked      13 bad-frame    14 session-limit
  retryAfterMs @3 :UInt32;   # at most a day
  detail @4 :Text;           # lines
}

struct Stored {
  # The broker holds the stream up to seq in its mailbox.

  stream @0 :StreamName;
  seq @1 :UInt64;
}

struct Credit {
  # Totals since the session began: granted (credits), or sent (spent).

  lane @0 :UInt16;
  side @1 :UInt16;
  envelopesTotal @2 :UInt64;
  bytesTotal @3 :UInt64;
}

struct Hello {
  # node -> broker, first on a session, again after reset.

  node @0 :Text;             # its name in the directory
  program @1 :Text;          # "minqing-node 0.1.0"
  life @2 :Data;             # 16
  directoryVersion @3 :UInt64;
}

struct Welcome {
  # broker -> node

  broker @0 :Text;
  program @1 :Text;
  session @2 :UInt64;
  directoryVersion @3 :UInt64;
  now @4 :Int64;             # the broker's clock
}

struct Probe {
  number @0 :UInt64;         # a pong repeats the number of its ping
}

struct Goodbye {
  reason @0 :Text;           # lines
}

struct SessionRefused {
  code @0 :UInt16;           # as Refused.code
  detail @1 :Text;           # lines
}
