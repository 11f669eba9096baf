// A verb that prints one of the broker's lists: its whole command is what the list is called.
#pragma once

#include <span>

#include "cli/show.h"
#include "cli/verb.h"

namespace minqing::cli {

struct BrokerList {
  const char* name;  // the verb, the broker's verb, and the answer's key: "sessions"
  const char* help;
  std::span<const Field> fields;
  const char* when_empty;
};

/// `list`'s texts and fields must live as long as the program.
void add_broker_list(CLI::App& app, Choice& choice, const BrokerList& list);

}  // namespace minqing::cli
