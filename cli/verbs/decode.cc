// minqing decode: any stand-alone message of ours as JSON text. Boxes stay closed.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/verb.h"
#include "ops/atomic_file.h"
#include "wire/carry_codec.h"
#include "wire/describe.h"

namespace minqing::cli {
namespace {

Outcome decode(const std::string& path, Console& console) {
  ASSIGN_OR_RETURN(const Bytes bytes, ops::read_file(path, wire::kCarryFileBytesMax));
  auto text = wire::describe(bytes);
  if (!text) return Error{text.error().code, path + ": " + text.error().detail};
  console.out << *text;
  return done();
}

}  // namespace

void add_decode(CLI::App& app, Choice& choice) {
  auto path = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand(
      "decode", "解读消息文件 (show a message file, e.g. directory.bin, as JSON)");
  verb->add_option("file", *path, "消息文件 (the file)")->type_name("FILE")->required();
  verb->callback([path, &choice] {
    choice.run = [path](Console& console) { return decode(*path, console); };
  });
}

}  // namespace minqing::cli
