// The county dispatches a case to its housing agency: two nodes, and the post between them.
#pragma once

#include <optional>

#include <gtest/gtest.h>

#include "node_testing.h"

namespace minqing::testing {

/// The county dispatches a case to its housing agency.
class CountyAndHousing : public ::testing::Test {
 protected:
  casework::Command dispatch() {
    return command(Kind::kDispatch, kCounty, matter_, asking({kHousing}));
  }
  void file() {
    auto filed = post_.act(county_, command(Kind::kPetitionSubmit, kCounty, matter_, petition()));
    ASSERT_TRUE(filed) << filed.error().detail;
    ASSERT_TRUE(post_.act(county_, command(Kind::kRegister, kCounty, matter_)));
  }
  void file_and_dispatch() {
    file();
    const auto done = post_.act(county_, dispatch());
    ASSERT_TRUE(done) << done.error().detail;
    loop_ = done->front().body.loop;
  }
  Status say(Kind kind, Content content = {}) {
    const casework::Command command =
        ::minqing::testing::command(kind, kHousing, matter_, std::move(content));
    const auto said = post_.act(housing_, command);
    if (!said) return said.error();
    return ok();
  }
  std::optional<LoopRecord> loop_at(PaperNode& node) {
    node.store->begin();
    auto loop = node.book().find_loop(node.address, loop_);
    node.store->rollback();
    return loop;
  }
  /// Keeps every envelope to the agency instead of carrying it.
  void keep_mail_of_housing() {
    post_.carries = [](courier::SealedEnvelope& envelope) {
      return envelope.header.to != kHousing;
    };
  }
  void carry_everything() {
    post_.carries = [](courier::SealedEnvelope&) { return true; };
  }

  KeyedCity city_;
  PaperPost post_;
  PaperNode& county_ = post_.add(city_, kCounty);
  PaperNode& housing_ = post_.add(city_, kHousing);
  CaseId matter_ = CaseId::make("330824", kStart, county_.random);
  LoopId loop_;
};

}  // namespace minqing::testing
