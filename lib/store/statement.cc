#include "store/statement.h"

#include <sqlite3.h>

namespace minqing::store {
namespace {

constexpr std::size_t kWordsBytesMax = 80;

}  // namespace

Statement::Statement(Database& db, std::string_view sql) : db_{db} {
  const int code = sqlite3_prepare_v3(db.handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &stmt_, nullptr);
  if (code != SQLITE_OK) db_.fail(code);
}

Statement::~Statement() {
  sqlite3_finalize(stmt_);
}

void Statement::bind_integer(int index, std::int64_t value) {
  if (stmt_ != nullptr) CHECK(sqlite3_bind_int64(stmt_, index, value) == SQLITE_OK);
}

void Statement::bind_text(int index, std::string_view value) {
  if (stmt_ == nullptr) return;
  const int code = sqlite3_bind_text64(stmt_, index, value.empty() ? "" : value.data(),
                                       value.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) db_.fail(code);
}

void Statement::bind_blob(int index, ByteView value) {
  if (stmt_ == nullptr) return;
  // A null pointer would bind NULL, not an empty blob.
  const int code =
      value.empty() ? sqlite3_bind_zeroblob(stmt_, index, 0)
                    : sqlite3_bind_blob64(stmt_, index, value.data(), value.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) db_.fail(code);
}

void Statement::bind_null(int index) {
  if (stmt_ != nullptr) CHECK(sqlite3_bind_null(stmt_, index) == SQLITE_OK);
}

std::int64_t Statement::run_bound() {
  while (step()) {
  }
  reset();
  return db_.has_failed() ? 0 : sqlite3_changes64(db_.handle_);
}

bool Statement::step() {
  if (db_.has_failed() || stmt_ == nullptr) return false;
  if (!is_running_) {
    is_running_ = true;
    db_.start_statement_clock();
  }
  const int code = sqlite3_step(stmt_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) db_.fail(code);
  return false;
}

void Statement::reset() {
  is_running_ = false;
  sqlite3_reset(stmt_);  // repeats the code that step() gave: already noted
}

Rows::~Rows() {
  statement_->reset();
}

bool Rows::next() {
  return statement_->step();
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_->stmt_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const {
  return sqlite3_column_int64(statement_->stmt_, column);
}

std::string_view Rows::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_->stmt_, column);
  if (text == nullptr) return {};
  const int bytes = sqlite3_column_bytes(statement_->stmt_, column);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(bytes)};
}

ByteView Rows::blob(int column) const {
  const void* blob = sqlite3_column_blob(statement_->stmt_, column);
  if (blob == nullptr) return {};
  const int bytes = sqlite3_column_bytes(statement_->stmt_, column);
  return {static_cast<const std::uint8_t*>(blob), static_cast<std::size_t>(bytes)};
}

int Rows::columns() const {
  return sqlite3_column_count(statement_->stmt_);
}

const char* Rows::name(int column) const {
  return sqlite3_column_name(statement_->stmt_, column);
}

bool Rows::is_same(int column, const Rows& other) const {
  const int type = sqlite3_column_type(statement_->stmt_, column);
  if (type != sqlite3_column_type(other.statement_->stmt_, column)) return false;
  if (type == SQLITE_INTEGER) return integer(column) == other.integer(column);
  return as_text(blob(column)) == as_text(other.blob(column));
}

std::string Rows::words(int column) const {
  const int type = sqlite3_column_type(statement_->stmt_, column);
  if (type == SQLITE_NULL) return "nothing";
  if (type == SQLITE_INTEGER) return std::to_string(integer(column));
  std::string words = type == SQLITE_BLOB ? to_hex(blob(column)) : std::string{text(column)};
  if (words.size() > kWordsBytesMax) words = words.substr(0, kWordsBytesMax) + "...";
  return type == SQLITE_BLOB ? words : '"' + words + '"';
}

void Rows::fail_value(int column) const {
  const char* table = sqlite3_column_table_name(statement_->stmt_, column);
  std::string what = table == nullptr ? "" : std::string{table} + ".";
  statement_->db_.fail_value(what + name(column) + " holds " + words(column));
}

}  // namespace minqing::store
