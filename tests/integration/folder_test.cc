// The folder adapter at a live agency: cases come as files, answers go back as files.
#include <gmock/gmock.h>

#include "tests/support/live_city.h"
#include "tests/support/live_files.h"

namespace minqing::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FolderTest : public ::testing::Test {
 protected:
  FolderTest() : folder_{city_.root() / "exchange"}, housing_{agency("housing", {kHousing})} {
    housing_.handlers = {
        {.address = kHousing.text(), .kind = "folder", .stage = {}, .directory = folder_.string()}};
    city_.start_all({office("kaihua", {kCounty}), housing_});
  }

  static std::vector<fs::path> files(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code ignored;
    for (const auto& item : fs::directory_iterator{folder, ignored}) {
      if (item.path().extension() == ".json") out.push_back(item.path());
    }
    return out;
  }
  /// Waits for the one file in a folder.
  fs::path wait_file(const char* folder) {
    EXPECT_TRUE(eventually([&] { return !files(folder_ / folder).empty(); }))
        << folder << "\n"
        << city_.network().log_tail("housing");
    const auto found = files(folder_ / folder);
    return found.empty() ? fs::path{} : found.front();
  }
  /// Written elsewhere, then renamed, as the adapter asks for.
  void drop(const std::string& name, const std::string& text) {
    write_text(folder_ / name, text);
    fs::rename(folder_ / name, folder_ / "outbox" / name);
  }
  static std::string answer(const std::string& case_id) {
    return Json{{"case", case_id},
                {"kind", "RESULT_SUBMIT"},
                {"staff", "wang"},
                {"set", {{"text", "已修复"}, {"outcome", "SUPPORTED"}, {"solved", "SOLVED"}}}}
        .dump();
  }
  std::string reason(const std::string& name) {
    const fs::path note = folder_ / "rejected" / (name + ".reason.txt");
    EXPECT_TRUE(eventually([&] {
      return fs::exists(note) && fs::exists(folder_ / "rejected" / name);
    })) << name
        << "\n"
        << city_.network().log_tail("housing");
    return read_text(note);
  }

  LiveCity city_;
  fs::path folder_;
  NodePlan housing_;
};

TEST_F(FolderTest, ACaseComesAsAFileAndTheAnswerDroppedGoesBack) {
  const std::string case_id = city_.dispatch(kCounty, kHousing, "雨棚漏水");
  const Json asked = Json::parse(read_text(wait_file("inbox")));
  EXPECT_EQ(asked.at("case"), case_id);
  EXPECT_EQ(asked.at("kind"), "DISPATCH");
  EXPECT_EQ(asked.at("from"), kCounty.text());
  EXPECT_EQ(asked.at("title"), "雨棚漏水");

  drop("a1.json", answer(case_id));
  EXPECT_THAT(city_.wait_ended(kCounty, case_id), ElementsAre("resolved"));
  EXPECT_EQ(wait_file("done").filename(), "a1.json");
  const Json closed = Json::parse(read_text(wait_file("closed")));
  EXPECT_EQ(closed.at("case"), case_id);
  EXPECT_EQ(closed.at("end"), "resolved");
  EXPECT_TRUE(eventually([&] { return files(folder_ / "inbox").empty(); }));
}

TEST_F(FolderTest, ABadFileGoesToRejectedWithAReasonAndHarmsNothing) {
  const std::string case_id = city_.dispatch(kCounty, kHousing);
  wait_file("inbox");
  drop("broken.json", "{\"case\": ");
  EXPECT_THAT(reason("broken.json"), HasSubstr("JSON"));
  drop("unknown.json", R"({"case":"Q1","kind":"SING","staff":"wang"})");
  EXPECT_THAT(reason("unknown.json"), HasSubstr("SING"));
  drop("extra.json", R"({"case":"Q1","kind":"SIGN","staff":"wang","colour":"red"})");
  EXPECT_THAT(reason("extra.json"), HasSubstr("colour"));
  Json incomplete = Json::parse(answer(case_id));
  incomplete["set"].erase("text");
  drop("incomplete.json", incomplete.dump());
  EXPECT_THAT(reason("incomplete.json"), HasSubstr("text"));

  drop("good.json", answer(case_id));
  EXPECT_THAT(city_.wait_ended(kCounty, case_id), ElementsAre("resolved"));
}

TEST_F(FolderTest, AnAnswerDroppedTwiceIsCommittedOnce) {
  const std::string case_id = city_.dispatch(kCounty, kHousing);
  wait_file("inbox");
  drop("a1.json", answer(case_id));
  EXPECT_THAT(city_.wait_ended(kCounty, case_id), ElementsAre("resolved"));
  ASSERT_EQ(wait_file("done").filename(), "a1.json");
  // A crash between the commit and the move of the file leaves it in the outbox: the same again.
  drop("a1.json", answer(case_id));
  EXPECT_TRUE(eventually([&] { return files(folder_ / "outbox").empty(); }));
  std::size_t results = 0;
  for (const Json& row : city_.log(kHousing, case_id)) {
    if (row.at("kind") == "RESULT_SUBMIT") ++results;
  }
  EXPECT_EQ(results, 1U);
}

TEST_F(FolderTest, FilesOfOpenLoopsAreThereAgainAfterARestart) {
  const std::string case_id = city_.dispatch(kCounty, kHousing);
  fs::remove(wait_file("inbox"));
  city_.stop("housing");
  city_.start(housing_);
  EXPECT_EQ(Json::parse(read_text(wait_file("inbox"))).at("case"), case_id);
}

}  // namespace
}  // namespace minqing::testing
