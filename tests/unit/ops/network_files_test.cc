#include "ops/network_files.h"

#include <fstream>

#include <gmock/gmock.h>

#include "ops/atomic_file.h"
#include "tests/unit/ops/temporary_directory.h"

namespace minqing::ops {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class NetworkFilesTest : public testing::Test {
 protected:
  NetworkFilesTest() {
    write("network.toml",
          "name = \"kaihua\"\nname_zh = \"开化\"\nname_en = \"Kaihua\"\n"
          "[directory]\nvalidity_days = 30\n");
    write("divisions.csv",
          "# source: a test\n"
          "code,name,tier,parent\n"
          "3308,衢州市,city,\n"
          "330824,开化县,county,3308\n"
          "330825,龙游县,county,3308\n"
          "330824115,华埠镇,township,330824\n");
    write("categories.toml",
          "category = [\n"
          "  {code = \"01\", name_zh = \"住房\", name_en = \"Housing\"},\n"
          "  {code = \"0101\", name_zh = \"物业\", name_en = \"Estates\"},\n"
          "  {code = \"12\", name_zh = \"作风\", name_en = \"Service\"},\n"
          "  {code = \"1206\", name_zh = \"举报\", name_en = \"Reports\", sealed = true},\n"
          "]\n");
    write("agencies.toml",
          "agency = [\n"
          "  {address = \"housing@330824\", kind = \"party-government\", name_zh = \"住建局\", "
          "name_en = \"H\"},\n"
          "  {address = \"discipline@3308\", kind = \"discipline\", name_zh = \"纪委\", "
          "name_en = \"D\"},\n"
          "]\n");
    write("duties.toml",
          "[[duty]]\ncategory = \"01\"\narea = \"330824\"\nlead = \"housing@330824\"\n");
    write("links.toml", "link = [{a = \"330824\", b = \"330825\", reason = \"x\"}]\n");
  }

  void write(const std::string& name, std::string_view text) {
    CHECK(write_file_atomically(directory_.file(name), text, FilePrivacy::kPublic));
  }
  void append(const std::string& name, std::string_view text) {
    std::ofstream{directory_.file(name), std::ios::app} << text;
  }
  void use_calendar(std::string_view text) {
    append("network.toml", "[files]\ncalendar = \"calendar.toml\"\n");
    write("calendar.toml", text);
  }
  Result<NetworkFiles> load() const { return load_network_files(directory_.path()); }
  /// The faults without "<directory>/"; fails the test when the files load.
  std::string faults() const {
    const auto loaded = load();
    if (loaded) {
      ADD_FAILURE() << "the files load";
      return "";
    }
    std::string text = loaded.error().detail;
    const std::string prefix = directory_.path() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }
  /// The faults after one more duty, which begins at line 5 of duties.toml.
  std::string duty_faults(const std::string& duty) {
    append("duties.toml", "[[duty]]\n" + duty);
    return faults();
  }

  TemporaryDirectory directory_;
};

TEST_F(NetworkFilesTest, ASmallNetworkLoadsWhole) {
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_THAT(loaded->content.addresses, SizeIs(6));
  EXPECT_THAT(loaded->content.duties, SizeIs(1));
  EXPECT_THAT(loaded->content.links, SizeIs(1));
  EXPECT_EQ(loaded->directory_validity, std::chrono::days{30});
}

TEST_F(NetworkFilesTest, ADutyCarriesAllThatItsLineSays) {
  append("duties.toml",
         "[[duty]]\narea = \"330824115\"\nlead = \"330824\"\nassists = [\"housing@330824\"]\n"
         "priority = 7\nvalid_from = \"2026-01-01T00:00:00+08:00\"\nreason = \"换届\"\n");
  append("duties.toml",
         "[[duty]]\ncategory = \"1206\"\narea = \"3308\"\n"
         "lead = \"discipline@3308\"\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().detail;
  const Duty& duty = loaded->content.duties[1];
  EXPECT_EQ(duty.category, "");
  EXPECT_EQ(duty.area, "330824115");
  EXPECT_EQ(duty.lead.text(), "330824");
  EXPECT_THAT(duty.assists, ElementsAre(Address::of("housing@330824")));
  EXPECT_EQ(duty.priority, 7);
  EXPECT_EQ(duty.valid_from, *parse_instant("2026-01-01T00:00:00+08:00"));
  EXPECT_EQ(duty.valid_to, Instant{});
  EXPECT_EQ(duty.reason, "换届");
}

TEST_F(NetworkFilesTest, ACalendarIsReadWhereTheNetworkNamesOne) {
  EXPECT_EQ(load()->content.calendar, WorkCalendar::Content{});
  use_calendar(
      "version = 2\nfirst_year = 2026\nlast_year = 2026\n"
      "[[holiday]]\nname = \"春节\"\nfrom = \"2026-02-15\"\nto = \"2026-02-16\"\n"
      "work = [\"2026-02-14\"]\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().detail;
  const WorkCalendar::Content& calendar = loaded->content.calendar;
  EXPECT_EQ(calendar.version, 2U);
  ASSERT_THAT(calendar.days, SizeIs(3));
  EXPECT_EQ(calendar.days[0], (CalendarDay{*parse_day("2026-02-14"), true, "春节"}));
  EXPECT_EQ(calendar.days[2], (CalendarDay{*parse_day("2026-02-16"), false, "春节"}));
}

TEST_F(NetworkFilesTest, ABadCalendarIsNamedWithItsPlaces) {
  use_calendar(
      "version = 2\nfirst_year = 2026\nlast_year = 2027\n"
      "[[holiday]]\nname = \"春节\"\nfrom = \"2026-02-15\"\nto = \"2026-02-14\"\n"
      "[[holiday]]\nname = \"元旦\"\nfrom = \"2026-01-01\"\nto = \"2026-1-2\"\n"
      "work = [\"2026-01-07\", \"2028-01-01\"]\n");
  EXPECT_EQ(faults(),
            "calendar.toml:7:6: holiday.to must be from's day or one of the 31 after it\n"
            "calendar.toml:11:6: holiday.to must be a date like 2026-02-17\n"
            "calendar.toml:12:8: holiday.work 2026-01-07 is no weekend: it is worked on anyway\n"
            "calendar.toml:12:8: holiday.work 2028-01-01 is of a year that is not covered");
}

TEST_F(NetworkFilesTest, ACoveredYearWithoutHolidaysIsRefused) {
  use_calendar(
      "version = 2\nfirst_year = 2026\nlast_year = 2027\n"
      "[[holiday]]\nname = \"元旦\"\nfrom = \"2026-01-01\"\nto = \"2026-01-01\"\n");
  EXPECT_EQ(
      faults(),
      "calendar.toml:3:13: last_year year 2027 has no holiday: cover it when it is published");
}

TEST_F(NetworkFilesTest, BadDivisionsAreNamedWithTheirPlace) {
  append("divisions.csv",
         "33082,五位,county,3308\n"
         "330826,无级,town,3308\n"
         "330827,错级,village,3308\n"
         "330828,错亲,county,3309\n"
         "330824,又是开化,county,3308\n"
         "330829,,county,3308\n"
         "330830,\xC3(,county,3308\n"
         "330831,少列,county\n"
         "331099101,孤儿,township,331099\n"
         "3309,某市,city,33\n");
  EXPECT_EQ(faults(),
            "divisions.csv:7:1: code must be 4, 6, 9 or 12 digits (city, county, township, "
            "village), not \"33082\"\n"
            "divisions.csv:8:11: tier of a code with 6 digits must be county, not \"town\"\n"
            "divisions.csv:9:11: tier of a code with 6 digits must be county, not \"village\"\n"
            "divisions.csv:10:18: parent must be 3308, the code's prefix, not \"3309\"\n"
            "divisions.csv:11:1: code 330824 is there already, at divisions.csv:4:1\n"
            "divisions.csv:12:8: name must not be empty\n"
            "divisions.csv:13:8: must be UTF-8 without control characters, not \"\\xc3(\"\n"
            "divisions.csv:14:1: has 3 cells, needs 4: code,name,tier,parent\n"
            "divisions.csv:15:1: parent 331099 of 331099101 is missing: add its line\n"
            "divisions.csv:16:14: parent of a city must be empty, not \"33\"");
}

TEST_F(NetworkFilesTest, BadCategoriesAreNamedWithTheirPlace) {
  write("categories.toml",
        "category = [\n"
        "{code = \"01\", name_zh = \"住房\", name_en = \"Housing\"},\n"
        "{code = \"01\", name_zh = \"又\", name_en = \"Again\"},\n"
        "{code = \"013\", name_zh = \"三位\", name_en = \"Three\"},\n"
        "{code = \"0201\", name_zh = \"无组\", name_en = \"No group\"},\n"
        "{code = \"03\", name_zh = \"\", name_en = \"No name\"},\n"
        "{code = \"04\", name_zh = \"x\", name_en = \"x\", sealed = true},\n"
        "{code = \"05\", name_zh = \"x\", name_en = \"x\", seal = true},\n"
        "]\n");
  EXPECT_EQ(faults(),
            "categories.toml:3:9: category.code 01 is there already, at categories.toml:2:9\n"
            "categories.toml:4:9: category.code must be 2 digits (a group) or 4 digits, not "
            "\"013\"\n"
            "categories.toml:5:9: category.code 0201 needs its group 02: add it\n"
            "categories.toml:6:25: category.name_zh must not be empty\n"
            "categories.toml:7:54: category.sealed is only for 4 digits\n"
            "categories.toml:8:45: unknown key \"category.seal\"; known: code, name_zh, name_en, "
            "sealed");
}

TEST_F(NetworkFilesTest, BadAgenciesAreNamedWithTheirPlace) {
  write("agencies.toml",
        "agency = [\n"
        "{address = \"housing@330824\", kind = \"social\", name_zh = \"x\", name_en = \"x\"},\n"
        "{address = \"housing@330824\", kind = \"social\", name_zh = \"x\", name_en = \"x\"},\n"
        "{address = \"Housing@330824\", kind = \"social\", name_zh = \"x\", name_en = \"x\"},\n"
        "{address = \"330825\", kind = \"social\", name_zh = \"x\", name_en = \"x\"},\n"
        "{address = \"water@330899\", kind = \"social\", name_zh = \"x\", name_en = \"x\"},\n"
        "{address = \"gas@330824\", kind = \"company\", name_zh = \"x\", name_en = \"x\"},\n"
        "{address = \"bus@330824\", kind = \"social\", name_zh = \"x\"},\n"
        "]\n");
  EXPECT_EQ(faults(),
            "agencies.toml:3:12: agency.address housing@330824 is there already, at "
            "agencies.toml:2:12\n"
            "agencies.toml:4:12: agency.address is no address: address \"Housing@330824\": the "
            "agency before '@' must be lower-case ASCII letters, digits and '-'\n"
            "agencies.toml:5:12: agency.address must be an agency at a division, like "
            "housing@330824\n"
            "agencies.toml:6:12: agency.address sits at 330899, which is not in divisions.csv\n"
            "agencies.toml:7:33: agency.kind must be one of party-government, public-service, "
            "institution, social, discipline, review; it is \"company\"\n"
            "agencies.toml:8:1: [agency] needs name_en");
}

TEST_F(NetworkFilesTest, BadLinksAreNamedWithTheirPlace) {
  write("links.toml",
        "link = [\n"
        "{a = \"330824\", b = \"330825\", reason = \"x\"},\n"
        "{a = \"330825\", b = \"330824\", reason = \"x\"},\n"
        "{a = \"330825\", b = \"330825\", reason = \"x\"},\n"
        "{a = \"330825\", b = \"gas@330825\", reason = \"x\"},\n"
        "]\n");
  EXPECT_EQ(faults(),
            "links.toml:3:6: link.a and b are linked already\n"
            "links.toml:4:20: link.b is a itself: a link needs two addresses\n"
            "links.toml:5:20: link.b names gas@330825, which is not in agencies.toml");
}

TEST_F(NetworkFilesTest, ADutyNamesOnlyWhatExists) {
  EXPECT_EQ(duty_faults("category = \"02\"\narea = \"330899\"\nlead = \"gas@330824\"\n"
                        "assists = [\"housing@330824\", \"water@330824\", \"x\"]\n"),
            "duties.toml:6:12: duty.category \"02\" begins no category of categories.toml\n"
            "duties.toml:7:8: duty.area names \"330899\", which is not in divisions.csv\n"
            "duties.toml:8:8: duty.lead names gas@330824, which is not in agencies.toml\n"
            "duties.toml:9:30: duty.assists names water@330824, which is not in agencies.toml\n"
            "duties.toml:9:46: duty.assists is no address: address \"x\": the division must be 4, "
            "6, 9 or 12 digits (city, county, township, village)");
}

TEST_F(NetworkFilesTest, ADutySaysEverythingOnceAndInOrder) {
  EXPECT_EQ(duty_faults("category = \"01\"\narea = \"330824\"\nlead = \"housing@330824\"\n"
                        "assists = [\"housing@330824\", \"330824\", \"330824\"]\n"
                        "priority = 1001\nprio = 1\n"
                        "valid_from = \"2026-01-02T00:00:00Z\"\nvalid_to = \"2026-01-01T00:00:00Z\""
                        "\n[[duty]]\ncategory = \"01\"\narea = \"330824\"\nlead = \"330824\"\n"),
            "duties.toml:9:12: duty.assists names the lead housing@330824 again\n"
            "duties.toml:9:40: duty.assists names 330824 twice\n"
            "duties.toml:10:12: duty.priority must be -1000..1000\n"
            "duties.toml:11:1: unknown key \"duty.prio\"; known: category, area, lead, assists, "
            "priority, valid_from, valid_to, reason\n"
            "duties.toml:13:12: duty.valid_to must be later than valid_from\n"
            "duties.toml:16:8: duty.area and category, priority and dates are those of the duty at "
            "duties.toml:1:1: give one a higher priority");
}

TEST_F(NetworkFilesTest, ALeadServesTheWholeAreaOrIsLinkedWithIt) {
  const std::string duty = "category = \"01\"\narea = \"330825\"\nlead = \"housing@330824\"\n";
  EXPECT_EQ(duty_faults(duty),
            "duties.toml:8:8: duty.lead housing@330824 does not serve the whole of 330825: choose "
            "another, or link the two");
  write("links.toml", "link = [{a = \"housing@330824\", b = \"330825\", reason = \"x\"}]\n");
  EXPECT_TRUE(load());
}

TEST_F(NetworkFilesTest, ASealedCategoryReachesOnlyTheDisciplineChannel) {
  EXPECT_EQ(duty_faults("category = \"1206\"\narea = \"330824\"\nlead = \"housing@330824\"\n"
                        "assists = [\"330824\"]\nvalid_from = \"2026-01-01T00:00:00Z\"\n"),
            "duties.toml:6:12: duty.category is sealed: its duty may have no dates\n"
            "duties.toml:8:8: duty.lead of the sealed category 1206 must be an agency of kind "
            "discipline\n"
            "duties.toml:9:11: duty.assists of the sealed category 1206 must be agencies of kind "
            "discipline");
}

TEST_F(NetworkFilesTest, ABroaderDutyMayNotCatchASealedCategory) {
  EXPECT_EQ(duty_faults("category = \"12\"\narea = \"330824\"\nlead = \"housing@330824\"\n"),
            "duties.toml:6:12: duty.category would catch the sealed category 1206 in 330824: add a "
            "duty for 1206 there, led by the discipline channel");
  append("duties.toml",
         "[[duty]]\ncategory = \"1206\"\narea = \"3308\"\n"
         "lead = \"discipline@3308\"\n");
  EXPECT_TRUE(load());
}

TEST_F(NetworkFilesTest, BadNetworkKeysAreNamedWithTheirPlace) {
  write("network.toml",
        "name = \"Kaihua\"\nname_zh = \"开化\"\n[directory]\nvalidity_days = 0\n[file]\n"
        "[[english_name]]\ndivision = \"330824\"\nname = \"K\"\n"
        "[[english_name]]\ndivision = \"330824\"\nname = \"K\"\n"
        "[[english_name]]\ndivision = \"330899\"\nname = \"K\"\n"
        "[[english_name]]\ndivision = \"housing@330824\"\nname = \"K\"\n");
  EXPECT_EQ(faults(),
            "network.toml:1:1: needs name_en\n"
            "network.toml:1:8: name must be lower-case ASCII letters, digits and '-'\n"
            "network.toml:4:17: directory.validity_days must be 1..3650 (days)\n"
            "network.toml:5:2: unknown table \"file\", did you mean files?; known: name, name_zh, "
            "name_en, directory, files, english_name\n"
            "network.toml:10:12: english_name.division is named in English twice\n"
            "network.toml:13:12: english_name.division names 330899, which is not in "
            "divisions.csv\n"
            "network.toml:16:12: english_name.division must be a division's code: agencies have "
            "name_en in their file");
}

TEST_F(NetworkFilesTest, FaultsOfAllFilesComeTogether) {
  append("divisions.csv", "330826,错级,village,3308\n");
  append("categories.toml", "typo = 1\n");
  append("agencies.toml", "typo = 1\n");
  append("links.toml", "typo = 1\n");
  append("duties.toml", "typo = 1\n");
  const std::string all = faults();
  for (const char* place : {"divisions.csv:7:11: ", "categories.toml:7:1: ", "agencies.toml:5:1: ",
                            "links.toml:2:1: ", "duties.toml:5:1: "}) {
    EXPECT_THAT(all, HasSubstr(place));
  }
}

TEST_F(NetworkFilesTest, AFileThatCannotBeReadIsReportedWithoutFalseFollowers) {
  std::filesystem::remove(directory_.file("divisions.csv"));
  write("agencies.toml", "agency = [\n");
  write("categories.toml", "category = 3\n");
  const std::string all = faults();
  EXPECT_THAT(all, HasSubstr("divisions.csv"));
  EXPECT_THAT(all, HasSubstr("agencies.toml:1:12: "));
  EXPECT_THAT(all, HasSubstr("categories.toml:1:12: category must be a list of tables"));
  EXPECT_THAT(all, Not(HasSubstr("duties.toml")));
  EXPECT_THAT(all, Not(HasSubstr("links.toml")));
}

TEST_F(NetworkFilesTest, ALeadThatALinkMayAllowIsNotBlamedWhenTheLinksCannotBeRead) {
  write("links.toml", "link = [\n");
  EXPECT_EQ(duty_faults("category = \"01\"\narea = \"330825\"\nlead = \"housing@330824\"\n"),
            "links.toml:1:10: Error while parsing array: encountered end-of-file");
}

TEST_F(NetworkFilesTest, ANameHasALimit) {
  const std::string long_name(601, 'x');
  append("divisions.csv", "330826," + long_name + ",county,3308\n");
  write("network.toml", "name = \"k\"\nname_zh = \"" + long_name +
                            "\"\nname_en = \"K\"\n[directory]\nvalidity_days = 30\n");
  EXPECT_EQ(faults(),
            "divisions.csv:7:8: name must have at most 600 bytes\n"
            "network.toml:2:11: name_zh must have at most 600 bytes");
}

TEST_F(NetworkFilesTest, AMissingDirectoryIsNotFound) {
  const auto loaded = load_network_files(directory_.file("none"));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Errc::kNotFound);
  EXPECT_THAT(loaded.error().detail, HasSubstr("network.toml"));
}

}  // namespace
}  // namespace minqing::ops
