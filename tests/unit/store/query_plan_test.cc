// Each prepared statement of the stores is held against the planner: none may read a table that
// grows with the cases from end to end, or all that one address has in it. A missing index is not
// a wrong answer, only a slow one, and so no other test would find it.
#include <algorithm>
#include <regex>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "store/mailbox_store.h"
#include "store/reader.h"
#include "store_fixture.h"

namespace minqing::store {
namespace {

/// What SQLite opens while a test listens. SQLite gives an auto-extension no argument.
std::vector<sqlite3*>& opened() {
  static std::vector<sqlite3*> handles;
  return handles;
}

int on_open(sqlite3* db, const char**, const sqlite3_api_routines*) {
  opened().push_back(db);
  return SQLITE_OK;
}

struct Plan {
  std::string sql;
  std::vector<std::string> steps;
};

std::vector<std::string> steps_of(sqlite3* db, const std::string& sql) {
  std::vector<std::string> steps;
  sqlite3_stmt* explain = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(db, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &explain, nullptr),
            SQLITE_OK)
      << sql;
  while (sqlite3_step(explain) == SQLITE_ROW) {
    steps.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(explain, 3)));
  }
  sqlite3_finalize(explain);
  return steps;
}

std::vector<Plan> plans_of(sqlite3* db) {
  std::vector<std::string> all;
  for (sqlite3_stmt* s = sqlite3_next_stmt(db, nullptr); s; s = sqlite3_next_stmt(db, s)) {
    all.emplace_back(sqlite3_sql(s));
  }
  std::vector<Plan> plans;
  for (const std::string& sql : all) plans.push_back({sql, steps_of(db, sql)});
  return plans;
}

/// Tables with a row for each envelope, loop or case.
bool is_big(const std::string& table) {
  static const std::vector<std::string> kBig{"log", "bodies", "loops", "cases", "attention",
                                             "carried", "keeps", "case_clocks", "mail",
                                             // as the statements call them
                                             "l", "b", "v", "k", "c", "m", "s", "w"};
  return std::ranges::find(kBig, table) != kBig.end();
}

/// "SCAN log", "SEARCH l USING PRIMARY KEY (owner=?)": rows without end are looked at.
bool reads_too_much(const std::string& step) {
  static const std::regex kScan{"SCAN (\\w+).*"};
  static const std::regex kOwnerOnly{"SEARCH (\\w+) .*\\(owner=\\?\\)( LEFT-JOIN)?"};
  // Over the partial indexes of what is open.
  static const std::regex kOpen{".* USING (COVERING )?INDEX \\w+_open\\b.*"};
  if (std::regex_match(step, kOpen)) return false;
  std::smatch match;
  return (std::regex_match(step, match, kScan) || std::regex_match(step, match, kOwnerOnly)) &&
         is_big(match[1]);
}

/// One number is asked for, and the whole stream is read: the planner took `seq > 0`, which the
/// partial index log_stream needs, for the better term. unlikely(seq = ?) tells it otherwise.
bool reads_stream(const std::string& step, const std::string& sql) {
  static const std::regex kFrom{"SEARCH (\\w+) .*life=\\? AND seq>\\?\\).*"};
  std::smatch match;
  if (!std::regex_match(step, match, kFrom)) return false;
  const std::string column = match[1] == "log" ? "seq" : match[1].str() + ".seq";
  return std::regex_search(sql, std::regex{"[ (]" + column + " = "});
}

/// A statement that may, by words in it, and why.
struct Allowed {
  const char* words;
  const char* reason;
};

/// Each allowance is used, each finding allowed.
void judge(const std::vector<Plan>& plans, const std::vector<Allowed>& allowances) {
  std::vector<bool> used(allowances.size());
  for (const Plan& plan : plans) {
    for (const std::string& step : plan.steps) {
      if (!reads_too_much(step) && !reads_stream(step, plan.sql)) continue;
      const auto found = std::ranges::find_if(allowances, [&](const Allowed& allowed) {
        return plan.sql.find(allowed.words) != std::string::npos;
      });
      if (found == allowances.end()) {
        ADD_FAILURE() << step << "\n  in " << plan.sql;
      } else {
        used[static_cast<std::size_t>(found - allowances.begin())] = true;
      }
    }
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    EXPECT_TRUE(used[i]) << "not needed any more: " << allowances[i].words;
  }
}

class QueryPlanTest : public ::testing::Test {
 protected:
  QueryPlanTest() {
    opened().clear();
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(on_open));
  }
  ~QueryPlanTest() override {
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(on_open));
  }
  QueryPlanTest(const QueryPlanTest&) = delete;
  QueryPlanTest& operator=(const QueryPlanTest&) = delete;

  static std::vector<Plan> plans() {
    std::vector<Plan> out;
    for (sqlite3* db : opened()) {
      for (Plan& plan : plans_of(db)) out.push_back(std::move(plan));
    }
    return out;
  }

  TempDir dir_;
};

TEST_F(QueryPlanTest, NoStatementOfANodesStoreReadsAllThatAnAddressHas) {
  const auto store = open_node(dir_.file("node.db"));
  const std::vector<Plan> all = plans();
  ASSERT_GT(all.size(), 80U) << "the statements are not prepared when the store opens";
  judge(all, {
                 {"FROM log WHERE owner = ?1 ORDER BY pos DESC LIMIT 1", "reads the last row"},
                 {"FROM log ORDER BY stamp DESC LIMIT 1", "reads the last row"},
                 {"AND leaf = ?4 LIMIT 1", "only for a word on a former life"},
                 {"max(l.pos) FROM keeps", "once, at the start"},
                 {"FROM refill_named", "once, when recovering begins; the person's list"},
                 {"code LIKE 'held:%'", "once, at the end of a refilling"},
                 {"code = 'refilled:other-version'", "of a refilling: the person's list"},
             });
}

// A page of a list is read up to its end, in the order of an index.
TEST_F(QueryPlanTest, NoStatementOfAReaderReadsAllThatAnAddressHas) {
  const std::string path = dir_.file("node.db");
  open_node(path).reset();
  opened().clear();
  const auto reader = Reader::open(path);
  ASSERT_TRUE(reader) << reader.error().detail;
  const std::vector<Plan> all = plans();
  ASSERT_GT(all.size(), 20U);
  judge(all, {
                 {"SELECT count(*) FROM ", "a count, over an index"},
                 {"ifnull(max(pos), 0) FROM log", "reads the last row"},
                 {"LIMIT", "pages"},
             });
}

TEST_F(QueryPlanTest, NoStatementOfAMailboxReadsAllMail) {
  const auto store = MailboxStore::open(dir_.file("mail.db"),
                                        {.decode = [](ByteView) -> Result<courier::SealedEnvelope> {
                                          return Error{Errc::kInvalid, "no mail here"};
                                        }});
  ASSERT_TRUE(store) << store.error().detail;
  const std::vector<Plan> all = plans();
  ASSERT_GT(all.size(), 5U);
  judge(all, {{"SELECT addressee, lane, side, number, sender, bytes", "once, at the start"}});
}

}  // namespace
}  // namespace minqing::store
