#include "tests/sim/checks.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "casework/exclusion.h"
#include "cli/store_tools.h"
#include "seal/chain_hash.h"
#include "store/rebuild.h"
#include "store/verify.h"
#include "tests/sim/logs.h"
#include "tests/unit/ops/temporary_directory.h"
#include "wire/body_codec.h"

namespace minqing::sim {
namespace {

using casework::Kind;
using casework::LoopEnd;
using casework::LoopRecord;
using courier::Direction;
using courier::LogRow;

/// from, to, id
using EnvelopeName = std::tuple<Address, Address, MessageId>;
/// from, to, lane, side, life of the sender
using StreamId = std::tuple<Address, Address, Lane, Side, LifeId>;

class Checker {
 public:
  explicit Checker(const CheckScope& scope) : scope_{scope} {}

  Checked run() {
    for (const auto& node : scope_.nodes) {
      check_store(*node);
      for (const Address& address : node->host().addresses) {
        if (node->has_new_life() || scope_.losses.was_set_back(address)) touched_.insert(address);
      }
    }
    check_commands();
    check_talk();
    check_streams();
    for (const auto& [owner, log] : logs_) {
      check_rows(owner, log);
      check_loops(owner, log);
    }
    check_accusations();
    out_.kinds = written_by_the_machine(logs_);
    for (const auto& broker : scope_.brokers) {
      if (broker->has_leaked()) found(broker->name() + " held readable words of people");
    }
    return std::move(out_);
  }

 private:
  void found(std::string sentence) { out_.findings.push_back(std::move(sentence)); }

  void check_store(SimNode& node) {
    const ops::TemporaryDirectory copy;
    node.disk().copy_to(copy.path());
    const std::string path = copy.file(kStoreFile);
    const auto verified =
        store::verify_log(path, {.chain = seal::chain_hash,
                                 .check_row = cli::make_row_check(&scope_.directory),
                                 .read_void = cli::read_void,
                                 .progress = {}});
    if (!verified) return found(node.name() + " cannot be verified: " + verified.error().detail);
    for (const std::string& finding : verified->findings) found(node.name() + ": " + finding);
    const auto rebuilt = store::check_views(path, copy.file("scratch.db"), cli::make_fold(), {});
    if (!rebuilt) return found(node.name() + " cannot be rebuilt: " + rebuilt.error().detail);
    if (rebuilt->difference) {
      found(node.name() + ": views are not what the log says: " + *rebuilt->difference);
    }
    if (const Status read = read_logs(path, logs_); !read) {
      found(node.name() + " cannot be read: " + read.error().detail);
    }
  }

  /// Were these two ever set back, or did they think so?
  bool are_touched(const Address& owner, const Address& peer) const {
    return touched_.contains(owner) || touched_.contains(peer);
  }

  /// What people were told "ok" for is there, once; what they were refused is not. A set-back store
  /// may lack what no second store had; and what it refused there may be what it had done before.
  void check_commands() {
    std::map<std::pair<Address, MessageId>, int> written;
    for (const auto& [owner, log] : logs_) {
      for (const LogRow& row : log.rows) {
        if (row.direction != Direction::kIn) ++written[{owner, row.id}];
      }
    }
    const auto say = [&](const Accepted& word, const char* what, int times) {
      found(word.at.text() + ": " + casework::row_of(word.kind).code + " " + format_uuid(word.id) +
            " was " + what + " and is in the log " + std::to_string(times) + " times");
    };
    for (const Accepted& word : scope_.history.accepted) {
      const int times = written[{word.at, word.id}];
      const bool may_be_gone = scope_.losses.may_be_gone(word.at, word.id);
      if (times != 1 && !(times == 0 && may_be_gone)) say(word, "accepted", times);
    }
    for (const Accepted& word : scope_.history.refused) {
      const int times = written[{word.at, word.id}];
      const bool may_be_back = word.was_in_doubt && scope_.losses.was_set_back(word.at);
      if (times != 0 && !(times == 1 && may_be_back)) say(word, "refused", times);
    }
  }

  /// A sender that did not know of its set-back used numbers again, and both rows were refilled.
  std::set<StreamId> forked_streams() const {
    std::set<StreamId> forked;
    std::map<std::pair<StreamId, Seq>, MessageId> first;
    for (const auto& [owner, log] : logs_) {
      for (const LogRow& row : log.rows) {
        if (row.direction == Direction::kSelf) continue;
        const bool is_in = row.direction == Direction::kIn;
        const StreamId stream{is_in ? row.peer : owner, is_in ? owner : row.peer, row.lane,
                              row.side, row.life};
        const auto [place, is_new] = first.emplace(std::pair{stream, row.seq}, row.id);
        if (!is_new && place->second != row.id) forked.insert(stream);
      }
    }
    return forked;
  }

  /// What was said between two is in both logs or in neither; an addressee has each life of a
  /// stream in order. Numbers of set-back stores are `verify`'s business.
  void check_talk() {
    std::map<EnvelopeName, std::map<Leaf, int>> held;  // 1: as sent, 2: as received
    const std::set<StreamId> forked = forked_streams();
    std::map<MessageId, std::string> named;
    for (const auto& [owner, log] : logs_) {
      std::map<StreamId, Seq> last;
      for (const LogRow& row : log.rows) {
        if (row.direction == Direction::kSelf) continue;
        const bool is_in = row.direction == Direction::kIn;
        const Address& from = is_in ? row.peer : owner;
        const Address& to = is_in ? owner : row.peer;
        held[{from, to, row.id}][row.leaf] |= is_in ? 2 : 1;
        named[row.id] = describe_row(row) + " life " + row.life.hex().substr(0, 8) + " at " +
                        format_instant(row.at);
        if (!is_in) continue;
        const StreamId stream{from, to, row.lane, row.side, row.life};
        if (forked.contains(stream)) continue;
        Seq& before = last[stream];
        if (row.seq <= before) {
          found("out of order, behind number " + std::to_string(before.value) + ": " +
                describe_row(row));
        }
        before = row.seq;
      }
    }
    for (const auto& [name, leaves] : held) {
      const auto& [from, to, id] = name;
      if (other_version(logs_[from], id)) continue;  // the sender knows that there are two
      const std::string words = from.text() + " -> " + to.text() + " " + format_uuid(id);
      if (leaves.size() > 1) found("two envelopes under one id: " + words);
      for (const auto& [leaf, where] : leaves) {
        if (where == 1) found("sent, and not received: " + words + ": " + named[id]);
        if (where == 2) found("received, and not sent: " + words + ": " + named[id]);
        if (where != 3) show_talk(from, to, id);
      }
    }
  }

  /// For a person to read: the stream of this envelope, as either log has it.
  void show_talk(const Address& from, const Address& to, const MessageId& id) {
    const auto stream_of = [](const LogRow& row) {
      return std::tuple{row.lane, row.side, row.life};
    };
    std::set<std::tuple<Lane, Side, LifeId>> streams;
    const auto each_row = [&](auto act) {
      for (const LogRow& row : logs_[from].rows) {
        if (row.direction == Direction::kOut && row.peer == to) act(row);
      }
      for (const LogRow& row : logs_[to].rows) {
        if (row.direction == Direction::kIn && row.peer == from) act(row);
      }
    };
    each_row([&](const LogRow& row) {
      if (row.id == id) streams.insert(stream_of(row));
    });
    each_row([&](const LogRow& row) {
      if (!streams.contains(stream_of(row))) return;
      found("  " + describe_row(row) + " id " + format_uuid(row.id) + " leaf " +
            row.leaf.hex().substr(0, 8) + " life " + row.life.hex().substr(0, 8) + " at " +
            format_instant(row.at));
    });
  }

  /// Each stream between stores that were never set back: sent without a gap, received the same, in
  /// the same order.
  void check_streams() {
    std::map<StreamId, std::vector<const LogRow*>> sent;
    std::map<StreamId, std::vector<const LogRow*>> received;
    for (const auto& [owner, log] : logs_) {
      for (const LogRow& row : log.rows) {
        if (are_touched(owner, row.peer)) continue;
        if (row.direction == Direction::kOut) {
          sent[{owner, row.peer, row.lane, row.side, row.life}].push_back(&row);
        } else if (row.direction == Direction::kIn) {
          received[{row.peer, owner, row.lane, row.side, row.life}].push_back(&row);
        }
      }
    }
    for (const auto& [stream, rows] : received) {
      if (!sent.contains(stream)) found("nobody sent " + describe_row(*rows.front()));
    }
    for (const auto& [stream, rows] : sent) {
      const auto& there = received[stream];
      if (there.size() != rows.size()) {
        found("sent " + std::to_string(rows.size()) + ", received " + std::to_string(there.size()) +
              " of the stream of " + describe_row(*rows.front()));
      }
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i]->seq.value != i + 1) found("a gap before " + describe_row(*rows[i]));
        if (i >= there.size()) continue;
        const bool is_same = there[i]->seq == rows[i]->seq && there[i]->id == rows[i]->id &&
                             there[i]->leaf == rows[i]->leaf;
        if (!is_same) {
          found(describe_row(*there[i]) + " is not what was sent: " + describe_row(*rows[i]));
        }
      }
    }
  }

  void check_rows(const Address& owner, const OwnerLog& log) {
    std::set<std::tuple<Direction, Address, MessageId>> ids;
    const std::set<MessageId> attended = looked_at(log, Kind::kAttended);
    const std::set<MessageId> judged = looked_at(log, Kind::kJudgedAgain);
    for (const LogRow& row : log.rows) {
      ++out_.rows;
      for (const std::uint8_t byte : row.leaf.bytes)
        out_.digest = (out_.digest ^ byte) * 1099511628211ULL;
      if (!ids.emplace(row.direction, row.peer, row.id).second) {
        found("twice in the log: " + describe_row(row));
      }
      // Everybody here is honest and of one directory; but a set-back store may not know any more
      // what it is spoken to about.
      const bool may_be_held =
          are_touched(owner, row.peer) && row.verdict.starts_with("held:") &&
          (!log.loops.contains(row.loop) || attended.contains(row.id) || judged.contains(row.id));
      // Nor that it was asked in a case of another: the owner's next word tells it (adr/0019).
      const bool may_be_strange = are_touched(owner, row.peer) &&
                                  Kind{row.kind} == Kind::kCaseState &&
                                  row.verdict == "quarantined:not-the-owner";
      if (row.verdict != "ok" && row.verdict != "late" && !may_be_held && !may_be_strange) {
        found("an honest word was not taken: " + describe_row(row));
      }
      const bool is_late_final = row.cls == MessageClass::kFinal && row.verdict == "late";
      if (is_late_final) out_.races.met(Fault::kLateFinal);
      if (row.owner != owner) found("of another owner: " + describe_row(row));
    }
  }

  /// The requester's loops: one counted final each, that answers its request, agreed at both ends.
  void check_loops(const Address& owner, const OwnerLog& log) {
    std::map<LoopId, std::vector<const LogRow*>> finals;
    std::map<LoopId, const LogRow*> requests;
    std::set<LoopId> withdrawn;
    const std::set<MessageId> judged = looked_at(log, Kind::kJudgedAgain);
    for (const LogRow& row : log.rows) {
      const bool ends = (row.cls == MessageClass::kFinal && row.direction == Direction::kIn) ||
                        Kind{row.kind} == Kind::kExpired;
      const bool counts = row.verdict == "ok" || judged.contains(row.id);
      if (ends && counts) finals[row.loop].push_back(&row);
      if (row.direction != Direction::kOut) continue;
      if (row.cls == MessageClass::kRequest) requests[row.id] = &row;
      if (Kind{row.kind} == Kind::kWithdraw) withdrawn.insert(row.loop);
    }
    for (const auto& [id, request] : requests) {
      ++out_.loops;
      const auto loop = log.loops.find(id);
      if (loop == log.loops.end()) {
        found("no loop of " + describe_row(*request));
        continue;
      }
      const std::vector<const LogRow*>& ends = finals[id];
      if (is_told(log, loop->second)) {
        check_agreement(loop->second);
        continue;
      }
      if (ends.empty() && waits_for_its_clock(loop->second)) {
        check_agreement(loop->second);
        continue;
      }
      if (ends.size() != 1) {
        found(std::to_string(ends.size()) + " finals counted of " + describe_row(*request));
        continue;
      }
      check_final(loop->second, *request, *ends.front());
      check_agreement(loop->second);
      const bool crossed = withdrawn.contains(id) && loop->second.end != LoopEnd::kWithdrawn;
      if (crossed) out_.races.met(Fault::kFinalCrossesWithdraw);
    }
    for (const auto& [id, loop] : log.loops) {
      if (loop.end == LoopEnd::kOpen && !waits_for_its_clock(loop)) {
        found(owner.text() + ": loop still open " + format_uuid(id) + rows_of(owner, id) +
              rows_of(loop.peer, id));
      }
      if (loop.end_held == Side::kAsk && !requests.contains(id)) {
        found(owner.text() + ": a loop without its request " + format_uuid(id));
      }
    }
  }

  /// The requester's own end was lost with its disk, but not what it had told the answerer of it.
  bool is_told(const OwnerLog& log, const LoopRecord& loop) const {
    if (!scope_.losses.may_be_gone(loop.owner, loop.final_id)) return false;
    return std::ranges::any_of(log.rows, [&](const LogRow& row) {
      return row.direction == Direction::kOut && Kind{row.kind} == Kind::kClosedAs &&
             row.loop == loop.loop;
    });
  }

  /// What a refilled log should have caused the machine never says by itself (adr/0010), and no
  /// person answers a probe.
  bool waits_for_its_clock(const LoopRecord& loop) const {
    return loop.kind == Kind::kProbe && loop.end == LoopEnd::kOpen &&
           are_touched(loop.owner, loop.peer);
  }

  void check_final(const LoopRecord& loop, const LogRow& request, const LogRow& final_row) {
    if (loop.final_id != final_row.id) {
      found(describe_row(final_row) + " does not count in its loop");
    }
    if (final_row.direction != Direction::kIn) return;
    const auto body = wire::decode_body(final_row.body);
    if (!body) return found("unreadable: " + describe_row(final_row));
    const Leaf asked = other_version(logs_[loop.owner], request.id).value_or(request.leaf);
    if (body->request_leaf != asked) {
      found(describe_row(final_row) + " answers other bytes than " + describe_row(request));
    }
  }

  void check_agreement(const LoopRecord& loop) {
    const auto peer = logs_.find(loop.peer);
    const std::string name = loop.owner.text() + " and " + loop.peer.text();
    if (peer == logs_.end() || !peer->second.loops.contains(loop.loop)) {
      return found(name + ": the answerer knows no loop " + format_uuid(loop.loop));
    }
    const LoopRecord& other = peer->second.loops.at(loop.loop);
    if (other.end != loop.end || other.final_id != loop.final_id) {
      found(name + " disagree how loop " + format_uuid(loop.loop) +
            " ended: " + to_string(loop.end) + " by " + format_uuid(loop.final_id) + ", " +
            to_string(other.end) + " by " + format_uuid(other.final_id) +
            rows_of(loop.owner, loop.loop) + rows_of(loop.peer, loop.loop));
    }
  }

  /// For the reader of a finding: what a log holds of a loop, a line each.
  std::string rows_of(const Address& owner, const LoopId& loop) const {
    std::string out;
    const auto log = logs_.find(owner);
    if (log == logs_.end()) return out;
    for (const LogRow& row : log->second.rows) {
      if (row.loop != loop && row.id != loop) continue;
      out += "\n    " + describe_row(row) + " life " + row.life.hex().substr(0, 8) + " at " +
             format_instant(row.at) + " " + format_uuid(row.id);
    }
    return out;
  }

  void check_accusations() {
    for (const Accusation& accusation : scope_.history.accusations) {
      for (const auto& [owner, log] : logs_) {
        if (!casework::is_excluded(accusation.respondents, owner)) continue;
        for (const LogRow& row : log.rows) {
          if (row.case_id == accusation.case_id.text()) {
            found("an accusation came to whom it is about: " + describe_row(row));
          }
        }
      }
    }
  }

  const CheckScope& scope_;
  Logs logs_;
  std::set<Address> touched_;
  Checked out_;
};

}  // namespace

Checked check(const CheckScope& scope) {
  return Checker{scope}.run();
}

}  // namespace minqing::sim
