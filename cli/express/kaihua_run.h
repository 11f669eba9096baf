// `./express run --scope kaihua`: broker and seven nodes on this machine, three stories.
#pragma once

#include <iosfwd>
#include <memory>

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

  /// Starts all, plays the stories, checks that every loop they opened has closed. What went wrong
  /// is in the report.
  RunReport play(Fault fault);
  /// Prints what happens in the network until Ctrl-C. Errors: a daemon that ended by itself.
  Status stay();

 private:
  Status start(Fault fault);
  Status play_all(Fault fault, RunReport& report);

  LiveNetwork& network_;
  std::ostream& out_;
  bool has_colour_;
  Directory directory_;
  std::unique_ptr<Line> line_;
  std::unique_ptr<Scene> scene_;
};

}  // namespace minqing::express
