#include "tests/support/live_files.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace minqing::testing {
namespace {

constexpr const char* kNetwork = R"(name = "kaihua"
name_zh = "开化试点"
name_en = "Kaihua trial"
[directory]
validity_days = 30
)";

constexpr const char* kDivisions = R"(code,name,tier,parent
3308,衢州市,city,
330824,开化县,county,3308
330825,龙游县,county,3308
330824115,华埠镇,township,330824
330824115201,环城社区,village,330824115
330824115202,青阳村,village,330824115
)";

constexpr const char* kCategories = R"(category = [
  {code = "01", name_zh = "住房", name_en = "Housing"},
  {code = "0101", name_zh = "物业管理", name_en = "Property management"},
  {code = "12", name_zh = "作风", name_en = "Conduct"},
  {code = "1206", name_zh = "检举控告", name_en = "Accusations", sealed = true},
]
)";

constexpr const char* kAgencies = R"(agency = [
  {address = "housing@330824", kind = "party-government", name_zh = "住建局", name_en = "Housing"},
  {address = "emergency@330824", kind = "party-government", name_zh = "应急局", name_en = "Emergency"},
  {address = "discipline@330824", kind = "discipline", name_zh = "纪委", name_en = "Discipline"},
  {address = "housing@330825", kind = "party-government", name_zh = "龙游住建局", name_en = "Housing L"},
]
)";

constexpr const char* kDuties = R"([[duty]]
category = "01"
area = "330824"
lead = "housing@330824"
assists = ["emergency@330824"]
reason = "主管部门"
)";

}  // namespace

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  out << text;
  out.close();
  if (!out) throw std::runtime_error{"cannot write " + path.string()};
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_network_files(const std::filesystem::path& directory) {
  write_text(directory / "network.toml", kNetwork);
  write_text(directory / "divisions.csv", kDivisions);
  write_text(directory / "categories.toml", kCategories);
  write_text(directory / "agencies.toml", kAgencies);
  write_text(directory / "duties.toml", kDuties);
  write_text(directory / "links.toml", "link = []\n");
}

}  // namespace minqing::testing
