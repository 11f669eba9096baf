#include "store/chain.h"

namespace minqing::store {
namespace {

constexpr std::string_view kTag = "minqing log row 1\n";

class Writer {
 public:
  explicit Writer(Bytes& out) : out_{out} {}
  void integer(std::uint64_t value) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
      out_.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }
  void fixed(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void variable(ByteView bytes) {
    integer(bytes.size());
    fixed(bytes);
  }
  void text(std::string_view text) { variable(as_bytes(text)); }

 private:
  Bytes& out_;
};

}  // namespace

void chained_bytes(const courier::LogRow& row, Pos pos, Bytes& out) {
  out.clear();
  Writer write{out};
  write.fixed(as_bytes(kTag));
  write.text(row.owner.text());
  write.integer(pos.value);
  write.integer(static_cast<std::uint64_t>(row.direction));
  write.text(row.peer.text());
  write.integer(static_cast<std::uint64_t>(row.lane));
  write.integer(static_cast<std::uint64_t>(row.side));
  write.fixed(row.life.view());
  write.integer(row.seq.value);
  write.fixed(row.id.view());
  write.fixed(row.leaf.view());
  write.integer(row.kind);
  write.integer(static_cast<std::uint64_t>(row.cls));
  write.fixed(row.loop.view());
  write.text(row.case_id);
  write.integer(row.stamp.value);
  write.integer(static_cast<std::uint64_t>(to_micros(row.at)));
  write.text(row.verdict);
  write.integer(row.versions.directory.value);
  write.integer(row.versions.rules);
  write.integer(row.versions.calendar);
  write.variable(row.header);
  write.variable(row.signature);
  write.fixed(row.salt.view());
}

}  // namespace minqing::store
