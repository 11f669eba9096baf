// minqing import: petitions that another system has taken in.
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/case_file.h"
#include "cli/target.h"
#include "cli/verb.h"
#include "core/uuid7.h"
#include "ops/atomic_file.h"
#include "ops/sync.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kFileBytesMax = 256ULL * 1024 * 1024;
constexpr std::size_t kProgressRows = 100;

struct ImportArgs {
  Target target;
  std::string file;
  std::string as;
  std::string result_file;
  bool is_check_only = false;
};

/// The receipt codes are shown once: each line is on disk before the next case is entered.
class ResultFile {
 public:
  static Result<ResultFile> create(const std::string& path) {
    if (std::filesystem::exists(path)) {
      return Error{Errc::kConflict, path +
                                        " is there already, and may hold receipt codes, which "
                                        "are shown once: name a new file"};
    }
    RETURN_IF_ERROR(ops::write_file_atomically(path, "external_id,case,receipt_code,error\r\n",
                                               ops::FilePrivacy::kPrivate));
    return ResultFile{path};
  }
  Status write(const std::string& line) {
    file_ << line << std::flush;
    if (!file_) return Error{Errc::kIo, path_ + " cannot be written: the disk may be full"};
    return ops::sync_file(path_);
  }

 private:
  explicit ResultFile(const std::string& path) : path_{path}, file_{path, std::ios::app} {}
  std::string path_;
  std::ofstream file_;
};

Json request_of(const ImportedCase& one, const Address& at, const std::string& as) {
  Json set = Json::object();
  for (const casework::FieldRow& field : casework::fields()) {
    if (field.text != nullptr && !(one.content.*field.text).empty()) {
      set[field.name] = one.content.*field.text;
    }
  }
  std::string respondents;
  for (const Address& unit : one.content.respondents) {
    respondents += (respondents.empty() ? "" : ",") + unit.text();
  }
  if (!respondents.empty()) set["respondents"] = respondents;
  Json request{{"verb", "submit"},
               {"at", at.text()},
               {"id", format_uuid(import_id(at.text(), one.external_id))},
               {"set", std::move(set)}};
  if (!as.empty()) request["as"] = as;
  if (!one.identity.empty()) request["identity"] = one.identity;
  return request;
}

/// The node cannot take anything now; the next row would fare no better.
bool is_of_the_node(Errc code) {
  return code == Errc::kUnavailable || code == Errc::kBusy || code == Errc::kTimeout ||
         code == Errc::kIo;
}

struct Counts {
  std::size_t entered = 0;
  std::size_t known = 0;
  std::size_t refused = 0;
};

Status enter(const ImportedCase& one,
             const Address& at,
             const ImportArgs& args,
             ResultFile& result,
             Counts& counts,
             Console& console) {
  const auto answer = call_node(args.target, console, request_of(one, at, args.as).dump());
  std::string line = csv_cell(one.external_id) + ",";
  if (!answer) {
    const Error& error = answer.error();
    if (is_of_the_node(error.code)) {
      return Error{error.code, to_string(one.place) + ": " + error.detail +
                                   "; run the import again with another --result: what is in is "
                                   "not entered twice"};
    }
    ++counts.refused;
    return result.write(line + ",," + csv_cell(error.detail) + "\r\n");
  }
  const Json json = Json::parse(*answer, nullptr, false);
  const std::string code = json.value("receipt_code", "");
  ++(code.empty() ? counts.known : counts.entered);
  return result.write(line + json.value("case", "") + "," + code + ",\r\n");
}

Outcome import_cases(const ImportArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const CaseFormat format, case_format_of(args.file));
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  ASSIGN_OR_RETURN(const std::string text, ops::read_text_file(args.file, kFileBytesMax));
  ASSIGN_OR_RETURN(const auto all, read_cases(text, args.file, format));
  if (args.is_check_only) {
    console.out << "可以导入 fit to be entered: " << all.size() << " 件 cases\n";
    return done();
  }
  if (args.result_file.empty()) {
    return Error{Errc::kInvalid,
                 "--result FILE is needed: the receipt codes are shown once, and go there"};
  }
  ASSIGN_OR_RETURN(ResultFile result, ResultFile::create(args.result_file));
  Counts counts;
  std::size_t rows = 0;
  for (const ImportedCase& one : all) {
    RETURN_IF_ERROR(enter(one, at, args, result, counts, console));
    if (++rows % kProgressRows == 0) console.err << "\r" << rows << "/" << all.size() << std::flush;
  }
  console.out << "已导入 entered: " << counts.entered
              << ", 早已导入 entered before: " << counts.known
              << ", 未收 refused: " << counts.refused << "; " << args.result_file << "\n";
  return counts.refused == 0 ? ops::ExitCode::kOk : ops::ExitCode::kDataErr;
}

}  // namespace

void add_import(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<ImportArgs>();
  CLI::App* verb = app.add_subcommand("import", "导入其他系统的诉求 (petitions from a file)");
  std::string columns;
  for (const std::string_view name : import_columns()) {
    columns += (columns.empty() ? "" : ",") + std::string{name};
  }
  verb->footer("CSV 首行(或 JSON 对象的键) header, or keys of JSON objects: " + columns +
               "\n同一 external_id 再次导入不会重复登记。(The same external_id is never entered "
               "twice.)");
  verb->add_option("file", args->file, "文件,以 .csv 或 .json 结尾 (ends in .csv or .json)")
      ->type_name("FILE")
      ->required();
  add_target_options(*verb, args->target, AtOption::kRequired);
  verb->add_option("--as", args->as, "经办人工号 (staff id who registers them)")
      ->type_name("STAFF");
  verb->add_option("--result", args->result_file,
                   "结果文件:编号与查询码,只写一次 (new file: case ids and receipt codes)")
      ->type_name("FILE");
  verb->add_flag("--check", args->is_check_only, "只检查文件 (only check the file)");
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return import_cases(*args, console); };
  });
}

}  // namespace minqing::cli
