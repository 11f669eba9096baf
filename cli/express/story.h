// The three stories that `./express run` plays on real daemons. People's acts go through the nodes'
// local sockets as a clerk's would; what agencies and other villages answer comes from handlers
// marked as demonstrations. Every story checks its own end.
#pragma once

#include <string>
#include <vector>

#include "cli/express/line.h"
#include "cli/express/scene.h"

namespace minqing::express {

struct Story {
  const char* name;
  const char* title;  // Chinese, then English
};
inline constexpr Story kCanopy{"canopy", "故事一 · 雨棚 Story 1: the canopy"};
inline constexpr Story kSiblings{"siblings", "故事二 · 举一反三 Story 2: look for siblings"};
inline constexpr Story kByHand{"by-hand", "故事三 · 村里代办 Story 3: by hand of the village"};

/// How long a story waits for others before it fails.
struct Patience {
  Millis answer{20'000};
};

/// A resident files online; lead, assistant and the unit complained of answer; a written answer, an
/// evaluation, closed. The resident's identity must be at the county only. The case's id.
Result<std::string> play_canopy(Scene& scene, const Patience& patience);

/// The county asks the township, which asks its villages, whether there are places like those of
/// `case_id`; the village whose people do not answer must be named. Errors: kNotFound when it is
/// not.
Status play_siblings(Scene& scene, const std::string& case_id, const Patience& patience);

/// That search, about `question`, with the same errors.
Status search_villages(Scene& scene,
                       const std::string& case_id,
                       const std::string& question,
                       const Patience& patience);

/// A village official files for an old resident while the line is cut; on mending it climbs to the
/// agency, and the result comes back down. The case's id.
Result<std::string> play_by_hand(Scene& scene, Line& line, const Patience& patience);

}  // namespace minqing::express
