// Content: what a kind says, as named fields. One closed list of fields serves the wire
// (schemas/body.capnp), the CLI's --set, the adapters' JSON, checks and documents; the kinds
// table says which of them a kind needs and may carry.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.h"
#include "core/ids.h"
#include "core/result.h"

namespace minqing::casework {

/// One joined answer of a fan-out (RISK_CHECK down a subtree).
struct Answer {
  Address from;
  std::int64_t found = 0;
  std::string text;
  friend bool operator==(const Answer&, const Answer&) = default;
};

/// Empty text, zero and empty list mean "absent". Nothing here names the petitioner: identity lives
/// in the vault (store/vault.h) and `petitioner_ref` only points to it and never leaves its node.
struct Content {
  std::string title;
  std::string text;             // statement, note, answer: what the author says
  std::string category;         // 4 digits of the directory's categories
  std::string area;             // division code where the matter is
  std::string channel;          // LETTER VISIT WEB PHONE APP AGENT OPEN311 TRANSFER_IN PATROL
  std::string nature;           // SUGGESTION ACCUSATION APPEAL CONSULT HELP
  std::string urgency;          // NORMAL URGENT MAJOR
  std::string confidentiality;  // PUBLIC INTERNAL PROTECTED SEALED
  std::string duty;             // LEAD ASSIST: the addressee's part
  std::string join;     // ANY: offered to several, who accepts first leads; empty: one leads
  std::string reason;   // why: a refusal, return, give-up
  std::string outcome;  // SUPPORTED EXPLAINED NOT_SUPPORTED MEDIATED ADOPTED PARTLY_ADOPTED
                        // NOT_ADOPTED ANSWERED
  std::string solved;   // SOLVED PARTLY NOT
  std::string legal_basis;
  std::string remedies;              // what the petitioner may do next, and until when
  std::string petitioner_ref;        // self rows only
  std::string receipt_hash;          // self rows only: hash of the citizen's receipt code
  std::string case_state;            // CASE_STATE notices, and what a loop end did
  std::string ground;                // CASE_REJECT, DIVERT_NOTICE: which case of the law
  std::string decision;              // APPROVED REFUSED
  std::string target;                // LINK, MERGE: the other case's id
  std::string relation;              // LINK: SAME_MATTER SIMILAR CAUSED_BY
  std::string case_owner;            // CASE_STATE: the address that owns the case
  std::string case_lead;             // CASE_STATE: the unit that leads; empty: the owner itself
  std::string code;                  // machine word: timer step, quarantine code, closed-as
  std::int64_t attitude = 0;         // EVALUATION of the service: 1..5
  std::int64_t result = 0;           // EVALUATION of the result: 1..5
  std::int64_t version = 0;          // CASE_STATE: rises with each, of one case
  std::int64_t days = 0;             // EXTENSION: calendar days, 1..30
  std::int64_t found = 0;            // RISK_RESULT: similar places found
  std::vector<Address> respondents;  // whom the matter is about (units)
  std::vector<Address> asked;        // whom a broadcast asked
  std::vector<Address> silent;       // who did not answer in time
  std::vector<Answer> answers;       // joined answers, in address order
  MessageId about;                   // the envelope a notice speaks of; ATTENDED: the entry
  Bytes padding;                     // PROBE: payload of a measurement; KEEP: keep.h
  friend bool operator==(const Content&, const Content&) = default;
};

enum class FieldType { kText, kWord, kInteger, kAddresses, kAnswers, kMessageId, kBytes };

/// Where a field may be set from: by a person (CLI, adapter), or only by the machine.
enum class FieldOrigin { kPerson, kMachine };

/// One row per field of Content; the order is the documents' order.
struct FieldRow {
  const char* name;  // "category": --set category=0101, JSON key, schema field
  const char* name_zh;
  const char* meaning_en;
  FieldType type;
  FieldOrigin origin;
  std::size_t bytes_max;                     // texts; for kInteger: the greatest value
  const char* words;                         // kWord: the closed list, space separated
  std::string Content::*text;                // kText, kWord
  std::int64_t Content::*integer;            // kInteger
  std::vector<Address> Content::*addresses;  // kAddresses
};
std::span<const FieldRow> fields();
const FieldRow* find_field(std::string_view name);

/// Is `word` one of `words`, a closed list like FieldRow::words?
bool is_listed(std::string_view words, std::string_view word);

/// True when the field carries something in `content`.
bool is_set(const Content& content, const FieldRow& field);

/// `value` into a text that is still empty.
inline void fill_empty(std::string& field, const std::string& value) {
  if (field.empty()) field = value;
}

/// Sets a field from a person's text (addresses: comma separated). Errors: kInvalid naming the
/// field, the limit or the closed list; kNotAllowed for a machine's field.
Status set_field(Content& content, std::string_view name, std::string_view value);

/// Checks every field against its row (length, closed list, range). Errors: kInvalid, naming the
/// field.
Status check_content(const Content& content);

}  // namespace minqing::casework
