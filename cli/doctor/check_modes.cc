// Who else can read the files; keys that are missing.
#include "cli/doctor/checks.h"

namespace minqing::cli {
namespace {

constexpr unsigned kOthers = 0077;  // group and world

std::string octal(unsigned mode) {
  std::string text = "0000";
  for (std::size_t i = 4; i-- > 0; mode >>= 3U) text[i] = static_cast<char>('0' + (mode & 7U));
  return text;
}

void find_missing_key(const Facts& facts, const char* name, const Words& next, Findings& findings) {
  if (facts.file(name) != nullptr) return;
  findings.push_back(
      {"key-missing",
       {std::string{"缺少密钥文件 "} + name, std::string{"the key file "} + name + " is missing"},
       {"守护进程不会启动", "the daemon does not start"},
       next});
}

}  // namespace

void check_modes(const Facts& facts, Findings& findings) {
  for (const FileFact& file : facts.files) {
    if (!file.is_secret || (file.mode & kOthers) == 0) continue;
    const std::string path = (facts.state / file.name).string();
    findings.push_back({"open-file",
                        {path + " 权限为 " + octal(file.mode) + ",他人可读",
                         path + " has mode " + octal(file.mode) + ": others can get at it"},
                        {"密钥或群众的话可能外泄", "keys or people's words may leak"},
                        {"chmod 600 " + path, "chmod 600 " + path}});
  }
  if ((facts.state_mode & kOthers) != 0) {
    const std::string path = facts.state.string();
    findings.push_back({"open-directory",
                        {"状态目录 " + path + " 权限为 " + octal(facts.state_mode),
                         "the state directory " + path + " has mode " + octal(facts.state_mode)},
                        {"他人可看到其中文件名,且只靠各文件权限保护",
                         "others see what lies in it, and only each file's mode protects it"},
                        {"chmod 700 " + path, "chmod 700 " + path}});
  }
  if (facts.role != StateRole::kNode) return;
  if (facts.store) {
    find_missing_key(facts, "keys.txt",
                     {"放回备份;没有备份则 minqing revoke 该节点,再重新 enroll",
                      "put its backup back; without one `minqing revoke` the node and enrol anew"},
                     findings);
  }
  if (facts.vault) {
    find_missing_key(facts, "vault.key",
                     {"放回它的备份;没有它身份库读不出",
                      "put its backup back; without it no "
                      "identity can be read"},
                     findings);
  }
}

}  // namespace minqing::cli
