// Is a paper node's store whole: pages, chain, numbers, and views that are its log?
#pragma once

#include <gmock/gmock.h>

#include "casework/fold.h"
#include "node_testing.h"
#include "store/rebuild.h"
#include "store/verify.h"

namespace minqing::testing {

inline void expect_sound(PaperNode& node) {
  const auto verified = store::verify_log(
      node.path(), {.chain = seal::chain_hash,
                    .check_row = [&](const courier::LogRow&) { return ok(); },
                    .read_void = [](const courier::LogRow&) -> Result<store::VoidedEnvelope> {
                      return Error{Errc::kCorrupt, "there is no VOID here"};
                    },
                    .progress = {},
                    .pages = store::PageCheck::kRun});
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_THAT(verified->findings, ::testing::IsEmpty());
  const auto rebuilt =
      store::check_views(node.path(), node.path() + ".scratch",
                         [&](casework::CaseBook& book, const courier::LogRow& row) -> Status {
                           ASSIGN_OR_RETURN(const casework::Entry entry, node.sealer->read(row));
                           casework::fold(book, entry);
                           return ok();
                         },
                         {});
  ASSERT_TRUE(rebuilt) << rebuilt.error().detail;
  EXPECT_EQ(rebuilt->difference.value_or("identical"), "identical");
}

}  // namespace minqing::testing
