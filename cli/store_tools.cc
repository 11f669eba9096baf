#include "cli/store_tools.h"

#include <memory>

#include "casework/fold.h"
#include "seal/hash.h"
#include "seal/leaf.h"
#include "seal/verifier.h"
#include "wire/body_codec.h"
#include "wire/entry_codec.h"
#include "wire/envelope_codec.h"
#include "wire/header_codec.h"

namespace minqing::cli {
namespace {

using casework::Body;
using courier::Direction;
using courier::LogRow;

Error mismatch(const char* what) {
  return {Errc::kCorrupt, std::string{"its "} + what + " is not the one in its column"};
}

Status check_header(const LogRow& row, const Header& header) {
  const Address& from = row.direction == Direction::kIn ? row.peer : row.owner;
  const Address& to = row.direction == Direction::kIn ? row.owner : row.peer;
  if (header.id != row.id) return mismatch("id");
  if (header.from != from || header.to != to) return mismatch("sender or addressee");
  if (header.lane != row.lane || header.side != row.side) return mismatch("lane or side");
  if (header.cls != row.cls) return mismatch("class");
  if (header.stamp != row.stamp) return mismatch("stamp");
  return ok();
}

Status check_body(const LogRow& row, const Header& header) {
  if (header.body_bytes != row.body.size()) return mismatch("body's size");
  auto body = wire::decode_body(row.body);
  if (!body) {
    if (row.verdict != "ok") return ok();  // quarantined for it
    return Error{Errc::kCorrupt, "its body cannot be read: " + body.error().detail};
  }
  if (static_cast<std::uint16_t>(body->kind) != row.kind) return mismatch("kind");
  if (body->case_id.text() != row.case_id) return mismatch("case");
  // A request's own id is its loop; it is not repeated in the body of every writer.
  const LoopId loop = row.cls == MessageClass::kRequest ? row.id : body->loop;
  if (loop != row.loop) return mismatch("loop");
  return ok();
}

Status check_signature(const LogRow& row,
                       const Header& header,
                       const Directory& directory,
                       seal::Verifier& verifier) {
  ASSIGN_OR_RETURN(const Signature signature, wire::decode_signature(row.signature));
  const AddressEntry* signer = directory.find(header.from);
  if (signer == nullptr) {
    return Error{Errc::kCorrupt, "its signer " + header.from.text() + " is not in the directory"};
  }
  const KeyEntry* key = find_key(signer->signing, signature.key);
  if (key == nullptr) {
    return Error{Errc::kCorrupt, "its signing key " + signature.key.hex() + " was never one of " +
                                     header.from.text()};
  }
  if (key->state == EntryState::kRevoked && row.at >= key->since) {
    return Error{Errc::kCorrupt,
                 "it was committed after its signing key " + key->id.hex() + " was revoked"};
  }
  return verifier.verify(row.leaf, signature, header.from, key->key);
}

Status check_row(const LogRow& row, const Directory* directory, seal::Verifier& verifier) {
  auto header = wire::decode_header(row.header);
  if (!header) return Error{Errc::kCorrupt, "its header cannot be read: " + header.error().detail};
  if (seal::leaf_of(row.header, row.salt, row.body) != row.leaf) {
    return Error{Errc::kCorrupt, "header, salt and body do not give its leaf: one was changed"};
  }
  RETURN_IF_ERROR(check_header(row, *header));
  RETURN_IF_ERROR(check_body(row, *header));
  if (row.direction == Direction::kSelf) return ok();
  if (row.signature.empty()) return Error{Errc::kCorrupt, "it has no signature"};
  if (directory == nullptr) return ok();
  return check_signature(row, *header, *directory, verifier);
}

}  // namespace

store::Fold make_fold() {
  return [](casework::CaseBook& book, const LogRow& row) -> Status {
    // A held row comes on the person's list. Rows with another verdict change no view, and their
    // bodies may be of no kind known here.
    if (row.verdict != "ok" && !row.verdict.starts_with("held:")) return ok();
    ASSIGN_OR_RETURN(const casework::Entry entry, wire::read_entry(row));
    casework::fold(book, entry);
    return ok();
  };
}

store::RowCheck make_row_check(const Directory* directory) {
  return [directory, verifier = std::make_shared<seal::Verifier>()](const LogRow& row) {
    return check_row(row, directory, *verifier);
  };
}

Result<store::VoidedEnvelope> read_void(const LogRow& row) {
  ASSIGN_OR_RETURN(const casework::Body body, wire::decode_body(row.body));
  return store::VoidedEnvelope{body.content.about, body.request_leaf};
}

}  // namespace minqing::cli
