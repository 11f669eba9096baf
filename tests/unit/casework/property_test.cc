// Random legal work on one case, with envelopes delivered in any order between streams: what must
// hold, holds.
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "casework/kinds_check.h"
#include "casework/ruling.h"
#include "tests/support/paper_clocks.h"

namespace minqing::testing {
namespace {

using casework::Entry;
using courier::Direction;

const std::vector<Address> kPlaces{kCounty,    kTown,   kVillage1,    kVillage2,    kHousing,
                                   kEmergency, kGarden, kCityHousing, kTownHousing, kCity};

/// Evenly in [low, high), whatever size RapidCheck is at: else early runs would do nothing.
int pick(int low, int high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high));
}

/// Something for every field that some kind needs; the others are taken off again.
Content content_for(Kind kind) {
  Content all = result_of("说明", *rc::gen::element("SOLVED", "NOT"));
  all.reason = "理由";
  all.legal_basis = "信访工作条例第三十一条";
  all.remedies = "六十日内申请行政复议";
  all.nature = "APPEAL";
  all.ground = kind == Kind::kCaseReject ? "IN_PROGRESS" : "ADMINISTRATIVE";
  all.decision = *rc::gen::element("APPROVED", "REFUSED");
  all.days = 10;
  const casework::KindRow& row = casework::row_of(kind);
  Content out;
  for (const casework::FieldRow& field : casework::fields()) {
    const bool needed = std::ranges::any_of(
        row.required, [&](const char* name) { return std::string_view{name} == field.name; });
    if (needed && field.text != nullptr) out.*field.text = all.*field.text;
    if (needed && field.integer != nullptr) out.*field.integer = all.*field.integer;
  }
  if (kind == Kind::kExtensionDecision && out.decision == "APPROVED") out.days = all.days;
  if (kind == Kind::kRegister || row.cls == MessageClass::kRequest) {
    out.title.clear();
    out.category.clear();
    out.area.clear();
  }
  return out;
}

/// What people in a run do more often than chance would have them.
enum class Mood { kPassesOn, kSendsBack };

std::vector<Kind> favoured(Mood mood) {
  if (mood == Mood::kPassesOn) {
    return {Kind::kReferUp, Kind::kRiskCheck, Kind::kResultSubmit, Kind::kRiskResult,
            Kind::kDispatch};
  }
  return {Kind::kObjectionRuling, Kind::kDispatch, Kind::kObjection, Kind::kJurisdictionRequest,
          Kind::kJurisdictionRuling};
}

/// One act that the desk says is allowed; where several loops fit, one of them is named.
void act_somewhere(PaperDesk& desk, Mood mood) {
  const Address at = *rc::gen::elementOf(kPlaces);
  if (!desk.city.book(at).find_case(at, desk.matter)) return;
  const auto allowed = casework::allowed_now(desk.city.book(at), at, desk.matter, desk.city.now());
  if (allowed.empty()) return;
  Kind kind = *rc::gen::elementOf(allowed);
  // Long chains are the interesting ones.
  for (const Kind wanted : favoured(mood)) {
    const bool may = std::ranges::find(allowed, wanted) != allowed.end();
    if (may && pick(0, 4) == 0) kind = wanted;
  }
  // Side notes and early ends would fill most runs.
  const bool dull = kind == Kind::kContactLog || kind == Kind::kCaseReject ||
                    kind == Kind::kHandlingOpinion || kind == Kind::kWithdraw ||
                    kind == Kind::kDivertNotice || kind == Kind::kPetitionWithdraw;
  if (dull && pick(0, 8) != 0) return;
  const casework::KindRow& row = casework::row_of(kind);
  Command what = command(kind, at, desk.matter, content_for(kind));
  if (row.cls == MessageClass::kRequest && kind != Kind::kReferUp && *rc::gen::arbitrary<bool>()) {
    what.content.asked = {*rc::gen::elementOf(kPlaces)};
  }
  const bool is_offered = kind == Kind::kDispatch || kind == Kind::kTransfer;
  if (is_offered && pick(0, 4) == 0) {
    what.content.asked = {*rc::gen::elementOf(kPlaces), *rc::gen::elementOf(kPlaces)};
    what.content.join = "ANY";
  }
  if (kind == Kind::kJurisdictionRuling) what.content.asked = {*rc::gen::elementOf(kPlaces)};
  if (!row.answers.empty()) {
    std::vector<LoopRecord> fitting = desk.loops(at);
    std::erase_if(fitting, [&](const LoopRecord& loop) {
      return loop.end_held != row.side || loop.end != LoopEnd::kOpen ||
             std::ranges::find(row.answers, loop.kind) == row.answers.end();
    });
    RC_ASSERT(!fitting.empty());
    what.loop = (*rc::gen::elementOf(fitting)).loop;
  }
  desk.act(what);  // a refusal is fine here; refusal_test.cc has them by name
}

/// A matter that nobody takes: up to three units have sent it back.
void send_back(PaperDesk& desk) {
  const std::vector<Address> units{kHousing, kEmergency, kGarden};
  const auto returns = static_cast<std::size_t>(pick(0, 4));
  for (std::size_t i = 0; i < returns; ++i) {
    desk.act(Kind::kDispatch, kCounty, asking({units[i]}));
    desk.city.deliver();
    desk.act(Kind::kObjection, units[i], because("不属职权"));
    desk.city.deliver();
  }
}

/// Delivers one envelope, first of its stream.
void deliver_something(PaperDesk& desk) {
  if (desk.city.in_flight() > 0)
    desk.city.deliver_somewhere(static_cast<std::size_t>(pick(0, 1'000)));
}

/// Of every request exactly one final counts at its requester; the rest is open.
void check_balance(PaperDesk& desk) {
  for (const Address& at : desk.city.addresses()) {
    std::set<MessageId> requests;
    std::map<LoopId, int> finals;
    for (const Entry& row : desk.city.log(at)) {
      const casework::KindRow& kind = casework::row_of(row.body.kind);
      if (row.direction == Direction::kOut && kind.cls == MessageClass::kRequest) {
        requests.insert(row.header.id);
      }
      const bool is_final = row.direction == Direction::kIn && kind.cls == MessageClass::kFinal;
      if (row.verdict == "ok" && (is_final || kind.kind == Kind::kExpired)) {
        ++finals[row.body.loop];
      }
      if (row.direction == Direction::kIn) {
        RC_ASSERT(row.verdict == "ok" || row.verdict == "late");
      }
    }
    std::size_t open = 0;
    for (const LoopRecord& loop : desk.city.book(at).all_loops()) {
      if (loop.end_held != Side::kAsk) continue;
      RC_ASSERT(requests.contains(loop.loop));
      if (loop.end == LoopEnd::kOpen) {
        ++open;
        RC_ASSERT(!finals.contains(loop.loop));
      } else {
        RC_ASSERT(finals[loop.loop] == 1);
      }
    }
    RC_ASSERT(requests.size() == finals.size() + open);
    RC_ASSERT(desk.city.is_rebuildable(at));
  }
}

/// One address owns the case's state. Nowhere is a further unit tried when three have sent the
/// matter back, until a superior has ruled; where it has, only the unit that was ruled upon leads.
void check_owner_and_returns(PaperDesk& desk) {
  std::size_t owners = 0;
  for (const Address& at : desk.city.addresses()) {
    const auto record = desk.city.book(at).find_case(at, desk.matter);
    if (!record) continue;
    owners += record->part == casework::Part::kOwner ? 1U : 0U;
    const casework::Dispute dispute = casework::dispute_of(desk.city.book(at), *record);
    RC_ASSERT(dispute.returns.size() <= casework::kReturnsMax);
    for (const LoopRecord& loop : desk.loops(at)) {
      const bool is_ruled = loop.end_held == Side::kAsk && loop.kind == Kind::kObjectionRuling;
      RC_ASSERT(!is_ruled || !dispute.returns.empty());
      RC_ASSERT(!is_ruled || loop.end != LoopEnd::kReturned);
      RC_ASSERT(!is_ruled || loop.end != LoopEnd::kRefused);
    }
  }
  RC_ASSERT(owners == 1U);
}

/// No clock of an open case is unarmed, and none of another's or of an ended case runs: the view is
/// what the log says.
void check_clocks(PaperDesk& desk) {
  for (const Address& at : desk.city.addresses()) {
    const auto record = desk.city.book(at).find_case(at, desk.matter);
    const std::vector<std::string> running = running_by_view(desk, at);
    if (!record || record->part != casework::Part::kOwner) {
      RC_ASSERT(running.empty());
      continue;
    }
    RC_ASSERT(running == running_by_log(desk, at));
    RC_ASSERT(running.empty() || !casework::is_end_state(record->state));
  }
}

/// What has run out comes on the owner's list once for each run, however often one looks.
void tell_run_out_clocks(PaperDesk& desk) {
  for (const Address& at : desk.city.addresses()) {
    desk.city.tell_run_out_clocks(at);
    RC_ASSERT(desk.city.tell_run_out_clocks(at) == 0U);
    const auto events = clock_events(desk, at);
    const auto runs =
        casework::read_clocks(events, desk.city.directory().calendar(), desk.city.now());
    for (const casework::ClockRow& clock : casework::clocks()) {
      const std::string code = std::string{casework::kClockCode} + clock.id;
      const auto told = std::ranges::count(desk.city.book(at).attention(), code,
                                           &casework::AttentionRecord::code);
      const auto begun =
          std::ranges::count(runs, &clock, [](const auto& run) { return run.clock; });
      // Told again when it was extended after its end.
      const bool is_statutory = clock.force == casework::ClockForce::kStatutory;
      RC_ASSERT(told <= (is_statutory ? begun + (clock.is_extendable ? 1 : 0) : 0));
    }
  }
}

/// Nothing in flight: every tier above, and every unit that handles, holds the owner's state.
void check_sharing(PaperDesk& desk) {
  for (const Address& at : desk.city.addresses()) {
    const auto owned = desk.city.book(at).find_case(at, desk.matter);
    if (!owned || owned->part != casework::Part::kOwner) continue;
    std::vector<Address> told;
    for (auto above = at.superior(); above; above = above->superior()) told.push_back(*above);
    for (const LoopRecord& loop : desk.loops(at)) {
      if (loop.end_held == Side::kAsk && casework::makes_lead(loop.kind)) told.push_back(loop.peer);
    }
    for (const Address& to : told) {
      const auto record = desk.city.book(to).find_case(to, desk.matter);
      RC_ASSERT(record.has_value());
      RC_ASSERT(record->told_state == owned->state);
      RC_ASSERT(record->case_owner == at);
      RC_ASSERT(record->told_due == owned->told_due);
    }
  }
}

/// Nothing in flight: both ends of each loop say the same of it.
void check_agreement(PaperDesk& desk) {
  for (const Address& at : desk.city.addresses()) {
    for (const LoopRecord& ours : desk.city.book(at).all_loops()) {
      const auto theirs = desk.city.book(ours.peer).find_loop(ours.peer, ours.loop);
      RC_ASSERT(theirs.has_value());
      RC_ASSERT(theirs->end == ours.end);
      RC_ASSERT(theirs->final_id == ours.final_id);
      RC_ASSERT(theirs->request_leaf == ours.request_leaf);
    }
  }
}

/// What the runs together must have met, or they have tested nothing.
struct Met {
  int late = 0;
  int expired = 0;
  int withdrawn = 0;
  int joined = 0;
  int relayed = 0;
  int told = 0;
  int disputed = 0;
  int ruled = 0;
  int third = 0;
  int offered = 0;
  int run_out = 0;
};

void note(PaperDesk& desk, Met& met) {
  for (const Address& at : desk.city.addresses()) {
    for (const Entry& row : desk.city.log(at)) {
      const bool is_in = row.direction == Direction::kIn;
      const bool by_machine = row.body.author.role == Role::kSystem;
      met.late += is_in && row.verdict == "late" ? 1 : 0;
      met.run_out += row.body.content.code.starts_with(casework::kClockCode) ? 1 : 0;
      met.expired += row.body.kind == Kind::kExpired ? 1 : 0;
      met.withdrawn += is_in && row.body.kind == Kind::kWithdrawn ? 1 : 0;
      met.joined += is_in && by_machine && row.body.kind == Kind::kRiskResult ? 1 : 0;
      met.relayed += is_in && by_machine && row.body.kind == Kind::kResultSubmit ? 1 : 0;
      met.disputed += is_in && row.body.kind == Kind::kJurisdictionRuling ? 1 : 0;
      met.third += is_in && by_machine && row.body.kind == Kind::kJurisdictionRequest ? 1 : 0;
      met.ruled += is_in && row.body.kind == Kind::kObjectionRuling ? 1 : 0;
      met.offered += is_in && row.body.content.join == "ANY" ? 1 : 0;
      met.told += is_in && row.body.kind == Kind::kClosedAs ? 1 : 0;
    }
  }
}

void run_case(Met& met, Mood mood) {
  PaperDesk desk;
  desk.file(mood == Mood::kPassesOn ? kTown : kCounty);
  if (mood == Mood::kSendsBack) send_back(desk);
  const int steps = pick(40, 200);
  for (int step = 0; step < steps; ++step) {
    const int dice = pick(0, 20);
    if (dice < 9) {
      act_somewhere(desk, mood);
    } else if (dice < 18) {
      deliver_something(desk);
    } else {
      desk.city.advance(std::chrono::hours{pick(1, 96)});
      tell_run_out_clocks(desk);
      check_clocks(desk);
    }
  }
  check_balance(desk);
  check_clocks(desk);
  desk.city.deliver();
  check_balance(desk);
  check_clocks(desk);
  check_owner_and_returns(desk);
  check_agreement(desk);
  check_sharing(desk);
  note(desk, met);
}

TEST(CaseworkPropertyTest, OneFinalPerLoopBalancedBooksAndViewsThatCanBeRebuilt) {
  Met met;
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(
        rc::check("random legal work on one case", [&] { run_case(met, Mood::kPassesOn); }));
  }
  EXPECT_GT(met.late, 0);
  EXPECT_GT(met.expired, 0);
  EXPECT_GT(met.withdrawn, 0);
  EXPECT_GT(met.joined, 0);
  EXPECT_GT(met.relayed, 0);
  EXPECT_GT(met.told, 0);
  EXPECT_GT(met.offered, 0);
  EXPECT_GT(met.run_out, 0);
}

TEST(CaseworkPropertyTest, WhatNobodyTakesHasOneOwnerAndIsRuledUponAfterThreeReturns) {
  Met met;
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(rc::check("a matter that is sent back", [&] { run_case(met, Mood::kSendsBack); }));
  }
  EXPECT_GT(met.disputed, 0);
  EXPECT_GT(met.ruled, 0);
  EXPECT_GT(met.third, 0) << "asked for by the machine";
}

}  // namespace
}  // namespace minqing::testing
