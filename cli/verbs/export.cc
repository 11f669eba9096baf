// minqing export: the cases one address knows, for the office's other systems.
#include <memory>
#include <ostream>
#include <set>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/case_file.h"
#include "cli/target.h"
#include "cli/verb.h"
#include "core/limits.h"
#include "ops/atomic_file.h"

namespace minqing::cli {
namespace {

using Json = nlohmann::ordered_json;

struct ExportArgs {
  Target target;
  std::string file;
  std::string area;
  std::string category;
  bool is_open_only = false;
};

/// Each case once: what changes while the pages are read comes up again.
class ExportFile {
 public:
  explicit ExportFile(CaseFormat format) : format_{format} {
    text_ = format == CaseFormat::kCsv ? export_header() : "[";
  }
  void add(const Json& item) {
    if (!seen_.insert(item.value("case", "")).second) return;
    if (format_ == CaseFormat::kCsv) {
      text_ += export_line(item.dump());
      return;
    }
    Json out = Json::object();
    for (const std::string_view name : export_columns()) {
      const std::string key{name};
      out[key] = item.value(key, "") == "-" ? "" : item.value(key, "");
    }
    text_ += (seen_.size() == 1 ? "\n " : ",\n ") + out.dump();
  }
  std::size_t count() const { return seen_.size(); }
  std::string finish() {
    if (format_ == CaseFormat::kJson) text_ += seen_.empty() ? "]\n" : "\n]\n";
    return std::move(text_);
  }

 private:
  CaseFormat format_;
  std::set<std::string> seen_;
  std::string text_;
};

/// Adds pages until there is no more, or a case was changed before `until`. Returns when the first
/// case of all was changed.
Result<std::string> add_pages(Json request,
                              const std::string& until,
                              const ExportArgs& args,
                              ExportFile& file,
                              Console& console) {
  std::string newest;
  while (true) {
    ASSIGN_OR_RETURN(const std::string answer, call_node(args.target, console, request.dump()));
    const Json page = Json::parse(answer, nullptr, false);
    for (const Json& item : page.value("cases", Json::array())) {
      const std::string changed = item.value("updated_at", "");
      if (newest.empty()) newest = changed;
      if (changed < until) return newest;  // ISO 8601, one offset: they compare as texts
      file.add(item);
    }
    const std::string next = page.value("next", "");
    if (next.empty()) return newest;
    request["after"] = next;
    console.err << "\r" << file.count() << " 件 cases" << std::flush;
  }
}

Outcome export_cases(const ExportArgs& args, Console& console) {
  ASSIGN_OR_RETURN(const CaseFormat format, case_format_of(args.file));
  ASSIGN_OR_RETURN(const Address at, address_at(args.target));
  Json request{{"verb", "cases"}, {"at", at.text()}, {"limit", limits::kPageRowsMax}};
  if (!args.area.empty()) request["area"] = args.area;
  if (!args.category.empty()) request["category"] = args.category;
  if (args.is_open_only) request["open"] = true;
  ExportFile file{format};
  ASSIGN_OR_RETURN(const std::string newest, add_pages(request, "", args, file, console));
  // The newest change comes first: a case that changed meanwhile has moved ahead of the reading.
  request.erase("after");
  RETURN_IF_ERROR(add_pages(request, newest, args, file, console));
  const std::size_t count = file.count();
  const std::string text = file.finish();
  RETURN_IF_ERROR(ops::write_file_atomically(args.file, text, ops::FilePrivacy::kPrivate));
  console.out << "已导出 exported: " << count << " 件 cases, " << args.file << "\n";
  return done();
}

}  // namespace

void add_export(CLI::App& app, Choice& choice) {
  auto args = std::make_shared<ExportArgs>();
  CLI::App* verb = app.add_subcommand("export", "导出办件 (cases to a CSV or JSON file)");
  verb->footer(
      "不含信访人身份和诉求正文。\n"
      "(Neither who the petitioners are nor what they wrote is in it.)");
  verb->add_option("file", args->file, "文件,以 .csv 或 .json 结尾 (ends in .csv or .json)")
      ->type_name("FILE")
      ->required();
  add_target_options(*verb, args->target, AtOption::kRequired);
  verb->add_option("--area", args->area, "属地及其下级 (area: this division and below)")
      ->type_name("CODE");
  verb->add_option("--category", args->category, "类别,两位或四位 (category, 2 or 4 digits)")
      ->type_name("CODE");
  verb->add_flag("--open", args->is_open_only, "只导出未办结 (only open ones)");
  verb->callback([args, &choice] {
    choice.run = [args](Console& console) { return export_cases(*args, console); };
  });
}

}  // namespace minqing::cli
