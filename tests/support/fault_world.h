// FaultWorld: a county whose demonstration staff work every case to its end, two agencies that
// answer, a broker; and a test that kills them. In the end the world is healed, and must be as if
// nobody had died: what was accepted is closed, nothing was done twice, both ends agree
// (cli/express/history.h).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/express/line.h"
#include "tests/support/live_city.h"

namespace minqing::testing {

inline const std::string kBrokerName = "broker";
inline const std::string kSenderName = "kaihua";      // the county: asks
inline const std::string kReceiverName = "agencies";  // housing and emergency: answer

class FaultWorld {
 public:
  enum class Lines {
    kGood,  // nodes dial the broker
    kBad,   // each node dials by a line of its own that can be made bad
  };
  /// All three run.
  explicit FaultWorld(Lines lines = Lines::kGood);

  /// Kills `name` and starts it anew, to die at `point` the `nth` time it comes there.
  void start_doomed(const std::string& name, const std::string& point, int nth);
  /// Starts what does not run. A daemon that is about to die may not get as far as to answer.
  void start(const std::string& name);
  int pid(const std::string& name) { return city_.network().process(name).pid(); }
  bool is_running(const std::string& name);
  /// Of one that has ended: -9 when it was killed. Then it may be started again.
  int reap(const std::string& name);

  /// A petition. False: no answer came, and it is not known whether it was taken.
  bool submit(const std::string& text = "三楼雨棚被拆");
  std::size_t accepted() const { return accepted_.size(); }
  /// Cases that are closed by now.
  std::size_t closed();
  /// Loops that the sender has open now.
  std::size_t open_loops();

  /// Starts what does not run, and waits until all is closed and receipted. What is wrong then.
  std::vector<std::string> heal_and_check();

  LiveCity& city() { return city_; }
  /// Of a world with bad lines: the line of a node.
  express::Line& line(const std::string& node) { return lines_.at(node); }

  /// No case and no loop is open, nothing waits for a receipt; false while a daemon is down.
  bool is_all_closed();

 private:
  /// True also while the county does not answer.
  bool has_open_cases();
  /// No loop is open, and nothing waits for a receipt.
  bool is_at_rest();
  void check_streams(std::vector<std::string>& faults);
  void check_history(std::vector<std::string>& faults);

  const NodePlan& plan_of(const std::string& name) const;

  LiveCity city_;
  NodePlan sender_;
  NodePlan receiver_;
  std::map<std::string, express::Line> lines_;
  std::set<std::string> accepted_;  // case ids that were answered
  std::size_t submitted_ = 0;
};

}  // namespace minqing::testing
