#include "tests/sim/losses.h"

#include "tests/unit/ops/temporary_directory.h"

namespace minqing::sim {

Losses::Holdings Losses::holdings_of(SimNode& node) {
  Holdings out;
  const ops::TemporaryDirectory copy;
  node.disk().copy_to(copy.path());
  Logs logs;
  if (!read_logs(copy.file(kStoreFile), logs)) return out;  // not even its tables are there yet
  for (const auto& [owner, log] : logs) {
    for (const courier::LogRow& row : log.rows) {
      const bool is_in = row.direction == courier::Direction::kIn;
      out[owner].insert({is_in ? row.peer : owner, is_in ? owner : row.peer, row.id});
    }
  }
  return out;
}

void Losses::put_back(SimNode& node, const CrashDisk::Snapshot& snapshot) {
  const Holdings before = holdings_of(node);
  node.put_back(snapshot);
  Holdings now;
  for (const auto& each : nodes_) now.merge(holdings_of(*each));
  for (const Address& address : node.host().addresses) set_back_.insert(address);
  for (const auto& [owner, envelopes] : before) {
    for (const EnvelopeName& envelope : envelopes) {
      if (now[owner].contains(envelope)) continue;
      ++lost_;
      const auto& [from, to, id] = envelope;
      if (!now[from].contains(envelope) && !now[to].contains(envelope)) gone_.insert({from, id});
    }
  }
}

}  // namespace minqing::sim
