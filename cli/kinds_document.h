// docs/KINDS.md, made of the kinds table: `minqing kinds --markdown`.
#pragma once

#include <string>

namespace minqing::cli {

/// The whole document: the case's states as a picture, and every kind with who may write it, from
/// and to which state, by what law, and its fields.
std::string kinds_document();

}  // namespace minqing::cli
