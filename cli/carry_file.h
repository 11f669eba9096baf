// Carry files on disk, and the calls that fill and empty them, part by part.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "wire/carry_codec.h"

namespace minqing::cli {

/// The parts of the file, each with the hash it was made with. Errors name the file and the part:
/// read_file's; kCorrupt - damaged, or another file; kInvalid - of another version.
Result<std::vector<wire::CarryPart>> load_carry_file(const std::string& path);
/// Whole or not at all. Errors: write_file_atomically's; kBusy - no space left.
Status save_carry_file(const std::string& path, const std::vector<wire::CarryPart>& parts);

/// One call to a daemon: the request's keys beside "verb"; the answer, a JSON object.
using CarryCall = std::function<Result<std::string>(const std::map<std::string, std::string>&)>;

struct CarryExport {
  std::vector<wire::CarryPart> parts;
  std::uint64_t envelopes = 0;
  std::uint64_t receipts = 0;
  std::uint64_t left = 0;      // envelopes for a next file, where the daemon tells
  std::uint64_t unsealed = 0;  // envelopes that cannot travel yet
  std::string why_unsealed;
  std::string next;  // where a next file begins; empty: nothing is left
};
/// Parts from `after` on until all are there, or about `bytes_max` are. Errors: the daemon's.
Result<CarryExport> gather_parts(const CarryCall& call, std::string after, std::size_t bytes_max);

/// Hands in every part; the sums of all numbers in the answers, and their first texts.
struct CarryImport {
  std::map<std::string, std::uint64_t> sums;
  std::map<std::string, std::string> texts;
};
/// Errors: the daemon's, naming the part; those before it are taken in.
Result<CarryImport> hand_in_parts(const CarryCall& call, const std::vector<wire::CarryPart>& parts);

}  // namespace minqing::cli
