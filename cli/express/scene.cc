#include "cli/express/scene.h"

#include <algorithm>
#include <ostream>
#include <set>
#include <thread>

#include <nlohmann/json.hpp>

#include "casework/kinds.h"
#include "cli/express/interrupt.h"
#include "cli/table.h"

namespace minqing::express {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr Millis kScenePoll{10};
constexpr std::size_t kNameColumns = 26;
constexpr std::size_t kAddressColumns = 18;
constexpr std::size_t kKindColumns = 34;
// Rows of one kind at one address that came together: more than so many are told by a few.
constexpr std::ptrdiff_t kAlikeMax = 5;
constexpr std::ptrdiff_t kAlikeShown = 3;

Result<json> parsed(const Result<std::string>& answer) {
  if (!answer) return answer.error();
  json out = json::parse(*answer, nullptr, /*allow_exceptions=*/false);
  if (!out.is_object())
    return Error{Errc::kCorrupt, "an answer of the local API is no JSON object"};
  return out;
}

std::string padded(const std::string& text, std::size_t columns) {
  const std::size_t width = cli::display_width(text);
  return width >= columns ? text : text + std::string(columns - width, ' ');
}

json object_of(const Fields& fields) {
  json out = json::object();
  for (const auto& [name, value] : fields) out[name] = value;
  return out;
}

}  // namespace

Scene::Scene(LiveNetwork& network, const Directory& directory, std::ostream& out, bool has_colour)
    : network_{network}, directory_{directory}, out_{out}, has_colour_{has_colour} {
  for (const AddressEntry& entry : directory.content().addresses) {
    if (!entry.node.empty()) hosts_[entry.address] = entry.node;
  }
}

void Scene::say(const std::string& text) {
  out_ << (has_colour_ ? "\n\033[1m" : "\n") << text << (has_colour_ ? "\033[0m\n" : "\n")
       << std::flush;
}

std::string Scene::name(const std::string& address) const {
  const auto parsed_address = Address::parse(address);
  const AddressEntry* entry = parsed_address ? directory_.find(*parsed_address) : nullptr;
  return entry == nullptr || entry->name_zh.empty() ? address : entry->name_zh;
}

Result<std::string> Scene::ask(const Address& at, const std::string& request) {
  const auto host = hosts_.find(at);
  if (host == hosts_.end()) return Error{Errc::kNotFound, at.text() + " is hosted by no node"};
  return network_.call_node(host->second, request);
}

Status Scene::watch(const std::string& node, const Address& address) {
  if (const AddressEntry* entry = directory_.find(address)) {
    out_ << "  " << padded(entry->name_zh, kNameColumns) << "  "
         << padded(address.text(), kAddressColumns) << "  " << entry->name_en << "\n";
  }
  std::vector<Row> ignored;
  watched_.push_back({node, address, 0});
  return read_new(watched_.back(), ignored, true);
}

Status Scene::read_new(Watched& watched, std::vector<Row>& rows, bool is_quiet) {
  while (true) {
    const json request{{"verb", "log"},
                       {"at", watched.address.text()},
                       {"after", watched.last_pos},
                       {"limit", 500}};
    ASSIGN_OR_RETURN(const json answer, parsed(network_.call_node(watched.node, request.dump())));
    for (const json& row : answer.at("rows")) {
      watched.last_pos = row.at("pos").get<std::uint64_t>();
      const std::string direction = row.at("direction").get<std::string>();
      if (is_quiet || direction == "out") continue;
      const std::string code = row.at("kind").get<std::string>();
      const casework::KindRow* kind = casework::find_kind(code);
      if (kind == nullptr) continue;
      const std::string here = name(watched.address.text());
      const bool came = direction == "in";
      const std::string from = came ? name(row.at("peer").get<std::string>()) : here;
      std::string text = padded(from, kNameColumns) + (came ? " → " : "   ") +
                         padded(came ? here : "", kNameColumns) + " ";
      const std::string kind_name = std::string{kind->name_zh} + " " + kind->name_en;
      text += came ? padded(kind_name, kKindColumns) : kind_name;
      const std::string at = row.at("at").get<std::string>();
      if (came) {
        const auto sent = parse_instant(row.at("sent_at").get<std::string>());
        const auto arrived = parse_instant(at);
        if (sent && arrived) text += " " + format_duration(*arrived - *sent);
        const std::string verdict = row.at("verdict").get<std::string>();
        if (verdict != "ok") text += "  [" + verdict + "]";
      }
      rows.push_back({at, code + " " + watched.address.text(), std::move(text)});
    }
    if (!answer.contains("next")) return ok();
  }
}

void Scene::gather_alike(std::vector<Row>& rows) {
  std::map<std::string, std::pair<std::ptrdiff_t, std::string>> groups;  // how many, first at
  for (const Row& row : rows) {
    auto& [count, first] = groups.try_emplace(row.alike, 0, row.at).first->second;
    ++count;
  }
  std::ranges::stable_sort(rows, {}, [&](const Row& row) {
    const auto& [count, first] = groups.at(row.alike);
    return count > kAlikeMax ? std::pair{first, row.alike} : std::pair{row.at, std::string{}};
  });
}

Status Scene::follow() {
  std::vector<Row> rows;
  for (Watched& watched : watched_) RETURN_IF_ERROR(read_new(watched, rows, false));
  std::ranges::stable_sort(rows, {}, &Row::at);
  gather_alike(rows);
  for (auto row = rows.begin(); row != rows.end();) {
    const auto end =
        std::find_if(row, rows.end(), [&](const Row& other) { return other.alike != row->alike; });
    const auto alike = std::distance(row, end);
    const auto shown = alike > kAlikeMax ? kAlikeShown : alike;
    for (auto one = row; one != row + shown; ++one) {
      out_ << one->at.substr(11, 12) << "  " << one->text << "\n";
    }
    if (shown < alike) {
      out_ << std::string(12, ' ') << "  … 另有 " << alike - shown << " 条同类 " << alike - shown
           << " more alike\n";
    }
    row = end;
  }
  if (!rows.empty()) out_ << std::flush;
  return ok();
}

Result<std::string> Scene::submit(const Address& at,
                                  const std::string& staff,
                                  const Fields& fields,
                                  const std::string& identity) {
  json request{{"verb", "submit"}, {"at", at.text()}, {"as", staff}, {"set", object_of(fields)}};
  if (!identity.empty()) request["identity"] = identity;
  ASSIGN_OR_RETURN(const json answer, parsed(ask(at, request.dump())));
  if (!is_held_back_) RETURN_IF_ERROR(follow());
  return answer.at("case").get<std::string>();
}

Status Scene::act(const Address& at,
                  const std::string& staff,
                  const std::string& kind,
                  const std::string& case_id,
                  const Fields& fields,
                  Millis reply_within) {
  json request{{"verb", "act"}, {"at", at.text()}, {"as", staff},
               {"kind", kind},  {"case", case_id}, {"set", object_of(fields)}};
  if (reply_within > Millis{0}) request["reply_within_ms"] = reply_within.count();
  const auto answer = ask(at, request.dump());
  if (!answer) {
    return Error{answer.error().code,
                 kind + " at " + at.text() + " was refused: " + answer.error().detail};
  }
  return is_held_back_ ? ok() : follow();
}

Status Scene::wait(const std::string& what,
                   Millis patience,
                   const std::function<Result<bool>()>& is_true) {
  const auto deadline = steady_clock::now() + patience;
  while (true) {
    RETURN_IF_ERROR(follow());
    ASSIGN_OR_RETURN(const bool done, is_true());
    if (done) return follow();  // also what came since
    if (is_interrupted()) return Error{Errc::kUnavailable, "stopped while waiting for " + what};
    if (steady_clock::now() >= deadline) {
      return Error{Errc::kTimeout,
                   what + " did not happen within " + format_duration(Micros{patience})};
    }
    std::this_thread::sleep_for(kScenePoll);
  }
}

Status Scene::wait_for_loop(const std::string& what,
                            Millis patience,
                            const Address& at,
                            const std::string& case_id,
                            const std::function<bool(const LoopView&)>& is_it) {
  return wait(what, patience, [&]() -> Result<bool> {
    ASSIGN_OR_RETURN(const auto loops, loops_of_case(at, case_id));
    return std::ranges::any_of(loops, is_it);
  });
}

Result<std::string> Scene::case_text(const Address& at, const std::string& case_id) {
  return ask(at, json{{"verb", "case"}, {"at", at.text()}, {"case", case_id}}.dump());
}

Result<std::string> Scene::case_state(const Address& at, const std::string& case_id) {
  const auto answer = parsed(case_text(at, case_id));
  if (!answer && answer.error().code == Errc::kNotFound) return std::string{};
  if (!answer) return answer.error();
  return answer->at("record").at("state").get<std::string>();
}

Result<std::vector<LoopView>> Scene::loops_of_case(const Address& at, const std::string& case_id) {
  const auto answer = parsed(case_text(at, case_id));
  if (!answer && answer.error().code == Errc::kNotFound) return std::vector<LoopView>{};
  if (!answer) return answer.error();
  std::vector<LoopView> out;
  for (const json& loop : answer->at("loops")) {
    out.push_back({.loop = loop.at("loop"),
                   .case_id = loop.at("case"),
                   .kind = loop.at("kind"),
                   .end_held = loop.at("end_held"),
                   .peer = loop.at("peer"),
                   .progress = loop.at("progress"),
                   .end = loop.at("end"),
                   .reply_by = loop.value("reply_by", ""),
                   .is_overdue = loop.value("overdue", false)});
  }
  return out;
}

Result<bool> Scene::is_linked(const std::string& node) {
  ASSIGN_OR_RETURN(const json answer, parsed(network_.call_node(node, R"({"verb":"status"})")));
  return std::ranges::any_of(answer.at("links"),
                             [](const json& link) { return link.at("state") == "live"; });
}

Result<Totals> Scene::totals() {
  Totals out;
  std::set<std::string> nodes;
  for (const auto& [address, node] : hosts_) {
    if (network_.has_process(node)) nodes.insert(node);
  }
  std::uint64_t closed_ends = 0;
  for (const std::string& node : nodes) {
    ASSIGN_OR_RETURN(const json answer, parsed(network_.call_node(node, R"({"verb":"status"})")));
    out.open_loops += answer.at("open_loops").get<std::uint64_t>();
    closed_ends += answer.at("closed_loops").get<std::uint64_t>();
    out.unreceipted += answer.at("unreceipted").get<std::uint64_t>();
    out.envelopes += answer.at("counters").at("envelopes_accepted").get<std::uint64_t>();
  }
  out.closed_loops = closed_ends / 2;  // every loop has two ends, each in a store of this network
  if (!network_.has_process("broker")) return out;
  ASSIGN_OR_RETURN(const json broker, parsed(network_.call_broker(R"({"verb":"status"})")));
  out.forwarded = broker.at("counters").at("forwarded").get<std::uint64_t>();
  return out;
}

}  // namespace minqing::express
