// What was last said to the petitioner of a case, read from the owner's log: what is asked of them,
// and what an answer rests on and leaves open to them (条例 art. 32: the opinion names its grounds
// and the ways to have it reviewed).
#pragma once

#include <string>

#include "store/reader.h"

namespace minqing::node {

struct PetitionerWords {
  std::string asked;        // MATERIAL_REQUEST, SUPPLEMENT_REQUEST that nothing has answered yet
  std::string legal_basis;  // of the last answer: opinion, refusal, referral
  std::string remedies;
};

/// `at`: the owner. Reads the rows of the case, a page at a time, and at most two bodies; a body
/// that was purged says nothing. Errors: as the reader's.
Result<PetitionerWords> petitioner_words(store::Reader& reader,
                                         const Address& at,
                                         const CaseId& case_id);

}  // namespace minqing::node
