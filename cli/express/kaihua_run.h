// `./express run --scope kaihua`: broker and seven nodes on this machine, three stories.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "cli/express/line.h"
#include "cli/express/options.h"
#include "cli/express/report.h"
#include "cli/express/scene.h"

namespace minqing::express {

/// A run whose network stays up until stop() of the LiveNetwork it was given.
class KaihuaRun {
 public:
  KaihuaRun(LiveNetwork& network, std::ostream& out, bool has_colour);
  ~KaihuaRun();
  KaihuaRun(const KaihuaRun&) = delete;
  KaihuaRun& operator=(const KaihuaRun&) = delete;

  /// Starts all, plays the stories, or the scenarios that are asked for, checks that every loop
  /// they opened has closed and that the views of each store are what its log says. What went wrong
  /// is in the report.
  RunReport play(const RunOptions& options);
  /// Prints what happens in the network until Ctrl-C. Errors: a daemon that ended by itself.
  Status stay();

 private:
  Status start(const RunOptions& options);
  Status play_all(const RunOptions& options, RunReport& report);
  Status play_stories(const Patience& patience, RunReport& report);
  Status play_scenarios(const std::string& name, const Patience& patience, RunReport& report);
  using Play = std::function<Result<std::vector<std::string>>()>;
  Status tell(const char* name, const Play& play, RunReport& report);
  Status close_all(const Totals& before, const Patience& patience, RunReport& report);
  /// `rebuild --check` of every store.
  Status check_views();

  LiveNetwork& network_;
  std::ostream& out_;
  bool has_colour_;
  Directory directory_;
  std::unique_ptr<Line> line_;
  std::unique_ptr<Scene> scene_;
  std::vector<std::string> nodes_;
};

}  // namespace minqing::express
