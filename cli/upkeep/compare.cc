#include "cli/upkeep/compare.h"

#include <algorithm>
#include <set>

#include "seal/hash.h"
#include "seal/leaf.h"

namespace minqing::cli {
namespace {

using courier::BalanceStream;
using courier::Direction;
using courier::kBalanceRange;
using courier::NumberedLeaf;
using courier::RowDifference;
using store::BalanceReader;
using store::HeldRow;

courier::RangeDigest digest(ByteView bytes) {
  return {seal::hash(bytes)};
}

std::vector<NumberedLeaf> leaves_of(const std::vector<HeldRow>& rows) {
  std::vector<NumberedLeaf> leaves;
  for (const HeldRow& row : rows) leaves.push_back({row.seq, row.leaf});
  return leaves;
}

const HeldRow* find(const std::vector<HeldRow>& rows, Seq seq) {
  const auto found = std::ranges::find(rows, seq, &HeldRow::seq);
  return found == rows.end() ? nullptr : &*found;
}

class StreamComparison {
 public:
  StreamComparison(BalanceReader& sender, BalanceReader& receiver, CompareReport& report)
      : sender_{sender}, receiver_{receiver}, report_{report} {}

  Status run(const BalanceStream& stream) {
    ++report_.streams;
    ASSIGN_OR_RETURN(const Seq up_to, receiver_.cursor(stream));
    // A range at a time: a stream of any length takes the memory of one range.
    for (Seq first{1}; first <= up_to; first.value += kBalanceRange) {
      ASSIGN_OR_RETURN(const auto at_sender, rows(sender_, stream, Direction::kOut, first, up_to));
      ASSIGN_OR_RETURN(const auto at_receiver,
                       rows(receiver_, stream, Direction::kIn, first, up_to));
      report_.rows += at_receiver.size();
      ++report_.ranges;
      const auto differing = differing_ranges(range_hashes(leaves_of(at_sender), up_to, digest),
                                              range_hashes(leaves_of(at_receiver), up_to, digest));
      if (differing.empty()) continue;
      ++report_.ranges_differing;
      RETURN_IF_ERROR(narrow(stream, at_sender, at_receiver));
    }
    return ok();
  }

 private:
  static Result<std::vector<HeldRow>> rows(BalanceReader& reader,
                                           const BalanceStream& stream,
                                           Direction direction,
                                           Seq first,
                                           Seq up_to) {
    const Seq last{std::min(first.value + kBalanceRange - 1, up_to.value)};
    return reader.rows(stream, direction, first, last);
  }

  Status narrow(const BalanceStream& stream,
                const std::vector<HeldRow>& at_sender,
                const std::vector<HeldRow>& at_receiver) {
    for (const courier::DifferingRow& row :
         differing_rows(leaves_of(at_sender), leaves_of(at_receiver))) {
      const HeldRow* sent = find(at_sender, row.seq);
      const HeldRow* received = find(at_receiver, row.seq);
      if (row.difference == RowDifference::kOther) {
        const char* what = sent->is_damaged       ? "damaged-at-sender"
                           : received->is_damaged ? "damaged-at-receiver"
                                                  : "other";
        report_.findings.push_back({stream, row.seq, what});
        continue;
      }
      const bool lacks_sender = sent == nullptr;
      ASSIGN_OR_RETURN(const bool is_held,
                       lacks_sender ? sender_.holds(stream, Direction::kOut, received->id)
                                    : receiver_.holds(stream, Direction::kIn, sent->id));
      if (is_held) {
        ++report_.renumbered;
      } else {
        report_.findings.push_back(
            {stream, row.seq, lacks_sender ? "missing-at-sender" : "missing-at-receiver"});
      }
    }
    return ok();
  }

  BalanceReader& sender_;
  BalanceReader& receiver_;
  CompareReport& report_;
};

/// Every stream from an owner of `sender` to an owner of `receiver` that either of them knows.
Status compare_one_way(BalanceReader& sender, BalanceReader& receiver, CompareReport& report) {
  ASSIGN_OR_RETURN(const auto from_list, sender.owners());
  ASSIGN_OR_RETURN(const auto to_list, receiver.owners());
  const std::set<Address> from{from_list.begin(), from_list.end()};
  const std::set<Address> to{to_list.begin(), to_list.end()};
  ASSIGN_OR_RETURN(auto streams, sender.streams_out());
  ASSIGN_OR_RETURN(const auto incoming, receiver.streams_in());
  streams.insert(streams.end(), incoming.begin(), incoming.end());
  std::ranges::sort(streams);
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  StreamComparison comparison{sender, receiver, report};
  for (const BalanceStream& stream : streams) {
    if (!from.contains(stream.from) || !to.contains(stream.to)) continue;
    RETURN_IF_ERROR(comparison.run(stream));
  }
  return ok();
}

}  // namespace

Result<CompareReport> compare_stores(const std::filesystem::path& a,
                                     const std::filesystem::path& b) {
  ASSIGN_OR_RETURN(const auto one, BalanceReader::open(a / "store.db", seal::leaf_of));
  ASSIGN_OR_RETURN(const auto other, BalanceReader::open(b / "store.db", seal::leaf_of));
  CompareReport report;
  RETURN_IF_ERROR(compare_one_way(*one, *other, report));
  RETURN_IF_ERROR(compare_one_way(*other, *one, report));
  if (report.streams > 0) return report;
  return Error{Errc::kInvalid, "no address of " + a.string() + " has written to one of " +
                                   b.string() +
                                   ", nor the other way round: name two nodes that "
                                   "talk with each other"};
}

}  // namespace minqing::cli
