// A small writer of JSON text for people (describe.h): two spaces of indentation, keys in the order
// they are written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace minqing::wire {

/// An empty key means "no key": an item of a list, or the root.
class JsonText {
 public:
  void open_object(std::string_view key = {}) { open(key, '{'); }
  void close_object() { close('}'); }
  void open_list(std::string_view key) { open(key, '['); }
  void close_list() { close(']'); }

  void add(std::string_view key, std::string_view text);
  void add(std::string_view key, const char* text) { add(key, std::string_view{text}); }
  void add_number(std::string_view key, std::int64_t number);
  void add_count(std::string_view key, std::uint64_t number);
  void add_flag(std::string_view key, bool flag);
  /// Leaves empty texts out.
  void add_if(std::string_view key, std::string_view text) {
    if (!text.empty()) add(key, text);
  }

  /// All that was written, with a line end.
  std::string take();

 private:
  void open(std::string_view key, char bracket);
  void close(char bracket);
  void begin(std::string_view key);
  void quote(std::string_view text);

  std::string out_;
  std::size_t depth_ = 0;
  bool is_first_ = true;
};

}  // namespace minqing::wire
