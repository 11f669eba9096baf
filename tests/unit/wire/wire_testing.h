// Fixed samples of all that travels, and the whole way of an envelope: encode, hash, sign, seal and
// back. Golden encodings are made of these values: they never change.
#pragma once

#include <capnp/message.h>
#include <capnp/serialize.h>

#include "casework/body.h"
#include "core/directory.h"
#include "courier/frame.h"
#include "courier/keep.h"
#include "courier/refill.h"
#include "seal/box.h"
#include "seal/verifier.h"
#include "tests/unit/seal/seal_testing.h"
#include "wire/carry_codec.h"
#include "wire/directory_codec.h"
#include "wire/envelope_codec.h"

namespace minqing::wire {

using seal::bytes_of;
using seal::test_id;

casework::Body sample_request();      // ASSIST_REQUEST, with attachments and a relay
casework::Body sample_final();        // ASSIST_REPLY
casework::Body sample_notice();       // UNDELIVERABLE
casework::Body sample_risk_result();  // joined answers
Header sample_header(std::size_t body_bytes);
Transport sample_transport();
courier::Receipt sample_receipt();
courier::RefillAsk sample_refill_ask();
courier::RefillPage sample_refill_page();
courier::KeepRecord sample_keep_record();
Directory::Content sample_directory();
SignedDirectory sample_signed_directory();

/// Two addresses' ends: 330824 (sender) and housing@330824 (receiver).
struct Ends {
  seal::SigningKeys signing = seal::signing_keys(11);
  seal::SealingKeys sender = seal::sealing_keys(12);
  seal::SealingKeys receiver = seal::sealing_keys(13);
};

/// sample_header and `body`, hashed, signed as third of five leaves, and sealed.
Bytes seal_sample(const Ends& ends, const casework::Body& body, Random& nonces);

struct Opened {
  Header header;
  Transport transport;
  Leaf leaf;
  BoxContent content;
};
/// What a receiver does with a sealed envelope, in that order. Errors: it is nobody's word.
Result<Opened> open_sample(const Ends& ends, ByteView sealed, seal::Verifier& verifier);

/// A frame with one of everything that a turn can say (`Welcome` and `Hello` included).
courier::Frame sample_frame(const Ends& ends, Random& nonces);

/// A part of a carry file, around the golden frame: by a node that signed it, or by a broker.
CarryPart sample_carry_part(bool is_signed);

/// The message `good` with `change` made to its root: bytes that no codec of ours writes.
template <class Root, class Change>
Bytes changed(ByteView good, Change change) {
  auto words = kj::heapArray<capnp::word>(good.size() / sizeof(capnp::word));
  std::copy(good.begin(), good.end(), words.asBytes().begin());
  capnp::FlatArrayMessageReader reader{words};
  capnp::MallocMessageBuilder builder;
  builder.setRoot(reader.getRoot<Root>());
  change(builder.getRoot<Root>());
  const auto out = capnp::messageToFlatArray(builder);
  return {out.asBytes().begin(), out.asBytes().end()};
}

}  // namespace minqing::wire
