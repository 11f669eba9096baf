#include "cli/kinds_document.h"

#include <gmock/gmock.h>

#include "cli_testing.h"
#include "ops/atomic_file.h"

namespace minqing::cli {
namespace {

TEST(KindsDocumentTest, DocsKindsIsWhatTheTableSays) {
  const auto file =
      ops::read_text_file(std::string{MINQING_SOURCE_DIR} + "/docs/KINDS.md", 1'000'000);
  ASSERT_TRUE(file) << file.error().detail;
  EXPECT_EQ(*file, kinds_document()) << "make it anew: minqing kinds --markdown > docs/KINDS.md";
}

}  // namespace
}  // namespace minqing::cli
