// Scene: what a story sees and does: people's acts through the nodes' local sockets, and every row
// of the watched logs printed as it appears.
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/express/live_network.h"
#include "core/directory.h"

namespace minqing::express {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A loop as `loops` tells it.
struct LoopView {
  std::string loop;
  std::string case_id;
  std::string kind;
  std::string end_held;  // "ask", "answer"
  std::string peer;
  std::string progress;
  std::string end;       // "open", "resolved", ...
  std::string reply_by;  // empty: none
  bool is_overdue = false;
};

struct Totals {
  std::uint64_t open_loops = 0;
  std::uint64_t closed_loops = 0;  // counted once, not at both ends
  std::uint64_t envelopes = 0;     // committed by an addressee since the daemons started
  std::uint64_t unreceipted = 0;
  std::uint64_t forwarded = 0;  // by the broker since it started
};

class Scene {
 public:
  Scene(LiveNetwork& network, const Directory& directory, std::ostream& out, bool has_colour);

  /// Introduces `address`, hosted by `node`; its rows are printed from now on, what is there
  /// already is not.
  Status watch(const std::string& node, const Address& address);
  /// Prints what is new. Errors: a node does not answer.
  Status follow();
  void say(const std::string& text);
  /// Acts print nothing of their own until the next follow(): for many alike.
  void hold_back(bool is_held_back) { is_held_back_ = is_held_back; }

  /// The case's id.
  Result<std::string> submit(const Address& at,
                             const std::string& staff,
                             const Fields& fields,
                             const std::string& identity);
  Status act(const Address& at,
             const std::string& staff,
             const std::string& kind,
             const std::string& case_id,
             const Fields& fields = {},
             Millis reply_within = {});

  /// Follows until `is_true`. Errors: kTimeout naming `what`; kUnavailable - Ctrl-C; those of
  /// `is_true`.
  Status wait(const std::string& what,
              Millis patience,
              const std::function<Result<bool>()>& is_true);

  /// Until a loop of the case at `at` is as `is_it` says.
  Status wait_for_loop(const std::string& what,
                       Millis patience,
                       const Address& at,
                       const std::string& case_id,
                       const std::function<bool(const LoopView&)>& is_it);

  Result<std::string> case_state(const Address& at, const std::string& case_id);
  Result<std::vector<LoopView>> loops_of_case(const Address& at, const std::string& case_id);
  /// The whole answer of `case`, as JSON text.
  Result<std::string> case_text(const Address& at, const std::string& case_id);
  Result<bool> is_linked(const std::string& node);
  Result<Totals> totals();
  LiveNetwork& network() { return network_; }

 private:
  struct Watched {
    std::string node;
    Address address;
    std::uint64_t last_pos = 0;
  };
  struct Row {
    std::string at;
    std::string alike;  // kind and address
    std::string text;
  };
  /// Many alike come together, where the first of them is.
  static void gather_alike(std::vector<Row>& rows);
  Result<std::string> ask(const Address& at, const std::string& request);
  Status read_new(Watched& watched, std::vector<Row>& rows, bool is_quiet);
  std::string name(const std::string& address) const;

  LiveNetwork& network_;
  const Directory& directory_;
  std::ostream& out_;
  bool has_colour_;
  bool is_held_back_ = false;
  std::vector<Watched> watched_;
  std::map<Address, std::string> hosts_;
};

}  // namespace minqing::express
