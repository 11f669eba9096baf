// A log row -> what casework reads of it.
#pragma once

#include "casework/case_book.h"
#include "core/result.h"

namespace minqing::wire {

/// Reads the row's header and body. Of a row that was not judged "ok" the body may be of no kind
/// known here, and a purged body is gone: then what the row's columns still tell. Errors: kCorrupt
/// or kInvalid naming the field.
Result<casework::Entry> read_entry(const courier::LogRow& row);

}  // namespace minqing::wire
