// A directory in words: what `network show` and `network check` print.
#pragma once

#include <string>
#include <vector>

#include "core/directory.h"

namespace minqing::cli {

std::string state_words(EntryState state);  // "有效 active"
std::string tier_words(const Address& address);

/// Version, times, and how many there are of what.
std::string summary_text(const Directory& directory, Instant now);
std::string nodes_text(const Directory& directory);
/// One address with its keys.
std::string address_text(const Directory& directory, const AddressEntry& entry);
std::string addresses_text(const Directory& directory);
std::string directory_json(const Directory& directory, Instant now);

struct NetworkFinding {
  enum class Weight { kWarning, kFault };
  Weight weight = Weight::kWarning;
  std::string text;
};
/// What an administrator should look at; consistency itself was checked when it was loaded.
std::vector<NetworkFinding> findings_of(const Directory& directory, Instant now);
std::string findings_text(const std::vector<NetworkFinding>& findings);
std::string findings_json(const Directory& directory, const std::vector<NetworkFinding>& findings);

}  // namespace minqing::cli
