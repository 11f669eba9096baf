// Prepared statements with typed parameters and columns.
//
//   Statement by_id_{db, "SELECT pos, leaf FROM log WHERE owner = ?1 AND id = ?2"};
//   Rows rows = by_id_.rows(owner, id);
//   if (rows.next()) return Known{rows.get<Pos>(0), rows.get<Leaf>(1)};
//
// Parameters are bound without a copy: they must live until the Rows die (run() is done with them
// when it returns). After the database's first failure, run() does nothing and rows are none.
// Column values are checked against the type asked for; a wrong one is the database's failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "core/address.h"
#include "core/ids.h"
#include "core/time.h"
#include "store/database.h"

struct sqlite3_stmt;

namespace minqing::store {

template <class T>
inline constexpr bool kIsFixedBytes = false;
template <class Tag, std::size_t N>
inline constexpr bool kIsFixedBytes<FixedBytes<Tag, N>> = true;
template <class T>
inline constexpr bool kIsNumber = false;
template <class Tag>
inline constexpr bool kIsNumber<Number<Tag>> = true;

class Statement;

/// The answer of one statement; resets it when it dies. At most one at a time per Statement.
class Rows {
 public:
  explicit Rows(Statement& statement) : statement_{&statement} {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  bool next();

  // Columns count from 0. Views live until next().
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  ByteView blob(int column) const;
  /// Number, FixedBytes, Instant, Address, bool or an integer type. NULL reads as none or 0.
  template <class T>
  T get(int column) const;
  /// An enum whose greatest value is `last`.
  template <class E>
  E get_enum(int column, E last) const {
    const std::int64_t value = integer(column);
    if (value >= 0 && value <= static_cast<std::int64_t>(last)) return static_cast<E>(value);
    fail_value(column);
    return E{};
  }

  // For comparing answers without knowing their columns.
  int columns() const;
  const char* name(int column) const;
  bool is_same(int column, const Rows& other) const;
  /// The value for people: blobs in hex, long ones cut.
  std::string words(int column) const;

 private:
  void fail_value(int column) const;
  Statement* statement_;
};

class Statement {
 public:
  Statement(Database& db, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Runs to the end with ?1, ?2 ... Returns the number of rows changed.
  template <class... Args>
  std::int64_t run(const Args&... args) {
    bind_all(args...);
    return run_bound();
  }
  template <class... Args>
  Rows rows(const Args&... args) {
    bind_all(args...);
    return Rows{*this};
  }

 private:
  friend class Rows;

  template <class... Args>
  void bind_all(const Args&... args) {
    int index = 0;
    (bind(++index, args), ...);
  }
  void bind_integer(int index, std::int64_t value);
  void bind_text(int index, std::string_view value);
  void bind_blob(int index, ByteView value);
  void bind_null(int index);

  template <class T>
  void bind(int index, const T& value) {
    if constexpr (kIsNumber<T>) {
      bind_integer(index, static_cast<std::int64_t>(value.value));
    } else if constexpr (kIsFixedBytes<T>) {
      bind_blob(index, value.view());
    } else if constexpr (std::is_same_v<T, Instant>) {
      bind_integer(index, to_micros(value));
    } else if constexpr (std::is_same_v<T, Address>) {
      bind_text(index, value.text());
    } else if constexpr (std::is_same_v<T, std::nullopt_t>) {
      bind_null(index);
    } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      bind_integer(index, static_cast<std::int64_t>(value));
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      bind_text(index, value);
    } else {
      bind_blob(index, ByteView{value});
    }
  }
  /// nullptr when none: bound as NULL.
  template <class Tag, std::size_t N>
  void bind(int index, const FixedBytes<Tag, N>* value) {
    value == nullptr ? bind_null(index) : bind_blob(index, value->view());
  }

  std::int64_t run_bound();
  bool step();
  void reset();

  Database& db_;
  sqlite3_stmt* stmt_ = nullptr;
  bool is_running_ = false;
};

template <class T>
T Rows::get(int column) const {
  if constexpr (kIsNumber<T>) {
    return T{static_cast<std::uint64_t>(integer(column))};
  } else if constexpr (kIsFixedBytes<T>) {
    if (is_null(column)) return T{};
    if (const std::optional<T> value = T::from(blob(column))) return *value;
    fail_value(column);
    return T{};
  } else if constexpr (std::is_same_v<T, Instant>) {
    return from_micros(integer(column));
  } else if constexpr (std::is_same_v<T, Address>) {
    if (text(column).empty()) return {};
    if (Result<Address> value = Address::parse(text(column))) return *std::move(value);
    fail_value(column);
    return {};
  } else {
    static_assert(std::is_integral_v<T>);
    return static_cast<T>(integer(column));
  }
}

}  // namespace minqing::store
