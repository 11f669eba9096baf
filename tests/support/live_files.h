// The files of the network that LiveCity lives in (formats: config/quzhou/README.md).
#pragma once

#include <filesystem>

namespace minqing::testing {

void write_network_files(const std::filesystem::path& directory);
void write_text(const std::filesystem::path& path, const std::string& text);
std::string read_text(const std::filesystem::path& path);

}  // namespace minqing::testing
