// The words by which cases are found: every two neighbouring characters of a text, so that Chinese
// words of any length are found without a dictionary. Internal to lib/store.
//
// A gram is 6 hexadecimal digits a character. Blanks divide; A-Z are a-z; the last character before
// a blank is a gram of its own, so that each character begins one. Bytes that are no UTF-8 count as
// characters of their own.
#pragma once

#include <string>
#include <string_view>

struct sqlite3;

namespace minqing::store {

/// The distinct grams of `text`, in order, with spaces between: what is indexed.
std::string grams_of(std::string_view text);

/// The FTS5 query for texts that have all grams of `text`, and so perhaps `text` itself: the caller
/// compares. Empty: `text` is blank.
std::string grams_query(std::string_view text);

/// Makes grams(TEXT) known to SQL on this connection. Returns SQLite's code.
int add_grams_function(sqlite3* handle);

}  // namespace minqing::store
