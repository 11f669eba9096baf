// Content as JSON text, for the views: {"title": "...", "answers": [...], ...}.
//
// Guarantee: content_from_json(content_to_json(c)) == c, for any bytes: a text that is not UTF-8 is
// kept as {"hex": "..."}. Field names are casework::fields(); absent fields are left out; a content
// without any field is the empty text.
#pragma once

#include <string>
#include <string_view>

#include "casework/content.h"

namespace minqing::store {

std::string content_to_json(const casework::Content& content);
/// Errors: kCorrupt, naming the field.
Result<casework::Content> content_from_json(std::string_view text);

}  // namespace minqing::store
