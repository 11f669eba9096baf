// Mutants: deliberate bugs, each of which a test must find (`./express mutants`; what each is and
// who must find it: tests/mutants/mutants.toml).
//
// Only a build with -DMINQING_MUTANTS=ON has them. In every other build mutated() is the constant
// false, so that the compiler leaves the branch out, and nothing can choose one.
#pragma once

#include <array>
#include <string_view>

namespace minqing {

// clang-format off
#define MINQING_EACH_MUTANT(X)                                 \
  /* streams: lib/courier, the node's intake */                \
  X(kDedupOff, "dedup-off")                                    \
  X(kForkAccepted, "fork-accepted")                            \
  X(kGapAccepted, "gap-accepted")                              \
  X(kJunkReceipted, "junk-receipted")                          \
  X(kPriorIgnored, "prior-ignored")                            \
  X(kStateIgnored, "state-ignored")                            \
  X(kRoleIgnored, "role-ignored")                              \
  X(kRepeatUnanswered, "repeat-unanswered")                    \
  X(kKnownInNewLifeAgain, "known-in-new-life-again")           \
  X(kOtherLifeBelieved, "other-life-believed")                 \
  X(kStaleReceiptIgnored, "stale-receipt-ignored")             \
  X(kBeyondReceiptBelieved, "beyond-receipt-believed")         \
  X(kForkedReceiptBelieved, "forked-receipt-believed")         \
  X(kWindowIgnoresStored, "window-ignores-stored")             \
  X(kStoredNeverDoubted, "stored-never-doubted")               \
  X(kCreditLeak, "credit-leak")                                \
  X(kLostStaysSpent, "lost-stays-spent")                       \
  X(kResumeLeftOut, "resume-left-out")                         \
  X(kOldDirectoryJudges, "old-directory-judges")               \
  /* a turn and its store */                                   \
  X(kSentBeforeCommit, "sent-before-commit")                   \
  X(kAnsweredBeforeCommit, "answered-before-commit")           \
  X(kFsyncSkipped, "fsync-skipped")                            \
  X(kChainNotLinked, "chain-not-linked")                       \
  X(kViewNotFromLog, "view-not-from-log")                      \
  X(kLogTimeGoesBack, "log-time-goes-back")                    \
  X(kTimersBeforeResume, "timers-before-resume")               \
  X(kTimersNotArmed, "timers-not-armed")                       \
  X(kRefillingReacts, "refilling-reacts")                      \
  /* casework */                                               \
  X(kFinalTwice, "final-twice")                                \
  X(kOtherQuestionAnswered, "other-question-answered")         \
  X(kStatutoryExpires, "statutory-expires")                    \
  X(kVoidEndsLoopAlone, "void-ends-loop-alone")                \
  X(kReportsReported, "reports-reported")                      \
  X(kReturnsUncounted, "returns-uncounted")                    \
  X(kExtendedTwice, "extended-twice")                          \
  X(kOthersKeepTheOffer, "others-keep-the-offer")              \
  X(kStrangersTell, "strangers-tell")                          \
  X(kAccusedServed, "accused-served")                          \
  /* who may, and whose word it is */                          \
  X(kSiblingsMaySend, "siblings-may-send")                     \
  X(kSignatureNotVerified, "signature-not-verified")           \
  X(kBoxPurposeIgnored, "box-purpose-ignored")                 \
  X(kTransportCopyIgnored, "transport-copy-ignored")           \
  X(kRevokedKeyAccepted, "revoked-key-accepted")               \
  /* broker */                                                 \
  X(kRouterHandover, "router-handover")                        \
  X(kNotYoursOff, "not-yours-off")                             \
  X(kRevocationAtHelloOnly, "revocation-at-hello-only")        \
  X(kMailPassedOver, "mail-passed-over")                       \
  X(kMailboxDropsOnQuota, "mailbox-drops-on-quota")            \
  X(kRedRefusesAnswers, "red-refuses-answers")
// clang-format on

#define MINQING_MUTANT_ENUMERATOR(enumerator, name) enumerator,
enum class Mutant { kNone, MINQING_EACH_MUTANT(MINQING_MUTANT_ENUMERATOR) };
#undef MINQING_MUTANT_ENUMERATOR

struct MutantName {
  Mutant mutant;
  std::string_view name;
};
#define MINQING_MUTANT_NAME(enumerator, name) MutantName{Mutant::enumerator, name},
inline constexpr std::array kMutantNames{MINQING_EACH_MUTANT(MINQING_MUTANT_NAME)};
#undef MINQING_MUTANT_NAME
#undef MINQING_EACH_MUTANT

#ifdef MINQING_MUTANTS

inline constexpr bool kHasMutants = true;

/// The one bug that this process has. Set before main() only (tests/mutants/choose.cc).
inline Mutant chosen_mutant = Mutant::kNone;

inline bool mutated(Mutant mutant) {
  return mutant == chosen_mutant;
}

#else

inline constexpr bool kHasMutants = false;

constexpr bool mutated(Mutant /*mutant*/) {
  return false;
}

#endif

}  // namespace minqing
