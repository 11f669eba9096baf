#include "cli/express/scenarios/scenario.h"

namespace minqing::express {

Result<std::vector<std::string>> play_canopy_whole(Stage& stage) {
  ASSIGN_OR_RETURN(const std::string case_id, play_canopy(stage.scene, stage.patience));
  RETURN_IF_ERROR(play_siblings(stage.scene, case_id, stage.patience));
  return std::vector{case_id};
}

}  // namespace minqing::express
