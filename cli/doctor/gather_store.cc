#include "cli/doctor/gather.h"
#include "cli/store_tools.h"
#include "seal/chain_hash.h"
#include "store/verify.h"

namespace minqing::cli {
namespace {

constexpr std::size_t kChainFindingsMax = 20;  // `verify` lists all

Status gather_owner(store::Reader& reader, const Address& owner, Instant now, StoreFacts& facts) {
  const store::LoopFilter overdue{
      .owner = owner, .choice = store::LoopChoice::kOverdue, .now = now};
  ASSIGN_OR_RETURN(auto loops, reader.loops(overdue, limits::kPageRowsMax));
  for (casework::LoopRecord& loop : loops) facts.overdue.push_back({owner, std::move(loop)});
  ASSIGN_OR_RETURN(const auto streams, reader.streams(owner));
  for (const store::StreamTotals& stream : streams) {
    if (stream.waiting > 0) facts.waiting.push_back(stream);
  }
  return ok();
}

Status gather_into(const std::string& path, const GatherOptions& options, StoreFacts& facts) {
  constexpr auto kAccess = store::Access::kReader;
  ASSIGN_OR_RETURN(facts.survey, store::survey_store(path, kAccess));
  ASSIGN_OR_RETURN(facts.is_refilling, store::is_refilling(path));
  ASSIGN_OR_RETURN(const auto reader, store::Reader::open(path));
  for (const store::Head& head : facts.survey.heads) {
    RETURN_IF_ERROR(gather_owner(*reader, head.owner, options.now, facts));
  }
  if (options.depth == Depth::kQuick) return ok();
  ASSIGN_OR_RETURN(facts.damaged_pages, store::check_store_pages(path, kAccess));
  ASSIGN_OR_RETURN(const store::VerifyReport report,
                   store::verify_log(path, {.chain = seal::chain_hash,
                                            .check_row = make_row_check(nullptr),
                                            .read_void = read_void,
                                            .progress = {},
                                            .pages = store::PageCheck::kSkip,
                                            .findings_max = kChainFindingsMax}));
  facts.is_chain_checked = true;
  facts.chain_findings = report.findings;
  return ok();
}

}  // namespace

StoreFacts gather_store(const std::string& path, const GatherOptions& options) {
  StoreFacts facts;
  const Status status = gather_into(path, options, facts);
  // Damaged pages that are known say more than the reading that stopped at them.
  if (!status && facts.damaged_pages.empty()) facts.unreadable = status.error().detail;
  return facts;
}

}  // namespace minqing::cli
