// Every limit of the product, in one place, related to each other by static_asserts.
// Units are the last part of the name. What happens at a limit stands beside it.
#pragma once

#include <chrono>
#include <cstddef>

namespace minqing::limits {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// --- names and texts -----------------------------------------------------------------------------
inline constexpr std::size_t kAgencySlugBytesMax = 32;   // longer: address invalid
inline constexpr std::size_t kNodeNameBytesMax = 64;     // longer: config error
inline constexpr std::size_t kStaffIdBytesMax = 64;      // longer: command refused
inline constexpr std::size_t kTitleBytesMax = 600;       // about 200 Chinese characters
inline constexpr std::size_t kTextBytesMax = 64 * 1024;  // longer: command refused
inline constexpr std::size_t kListItemsMax = 2'000;      // lists in a content (villages asked, ...)
inline constexpr std::size_t kIdentityBytesMax = 16 * 1024;  // one vault entry
inline constexpr std::size_t kAttachmentsMax = 64;

// --- wire ----------------------------------------------------------------------------------------
inline constexpr std::size_t kMessageBytesMax = 4 * 1024 * 1024;  // a frame; above: disconnect
inline constexpr std::size_t kBodyBytesMax = 1 * 1024 * 1024;     // checked before commit
inline constexpr std::size_t kSealOverheadBytesMax =
    4 * 1024;  // box, header, signature, path, frame
inline constexpr std::size_t kEnvelopeBytesMax = kBodyBytesMax + kSealOverheadBytesMax;
inline constexpr std::size_t kFrameBytesTarget = 256 * 1024;  // a batch is cut when it reaches this
inline constexpr std::size_t kFrameItemsMax = 4'096;
inline constexpr std::size_t kDirectoryBytesMax = 3 * 1024 * 1024;
inline constexpr int kNestingMax = 16;                     // Cap'n Proto
inline constexpr std::size_t kLeavesPerRootMax = 65'536;   // above: more than one tree; path <= 16
inline constexpr std::size_t kDirectoryItemsMax = 65'536;  // per list of a directory
inline constexpr std::size_t kKeysPerAddressMax = 64;      // of one use, old ones included
inline constexpr std::size_t kWireDetailBytesMax = 4'096;  // a frame's texts for people: cut
static_assert(kEnvelopeBytesMax + kFrameBytesTarget < kMessageBytesMax,
              "the largest envelope must fit in a frame, beside what is already in it");
static_assert(kDirectoryBytesMax + 4'096 < kMessageBytesMax, "a directory travels in one frame");

// --- turns ---------------------------------------------------------------------------------------
inline constexpr std::size_t kFramesPerTurnMax = 256;  // the rest waits in the socket
inline constexpr std::size_t kCommandsPerTurnMax = 256;
inline constexpr std::size_t kTimersPerTurnMax = 256;

// --- streams -------------------------------------------------------------------------------------
inline constexpr std::size_t kWindowEnvelopesMax = 1'024;  // sent, neither receipted nor stored
inline constexpr std::size_t kWindowBytesMax = 4 * kEnvelopeBytesMax;
inline constexpr std::size_t kHeldBackBytesMax =
    2 * kEnvelopeBytesMax;  // per stream; drops the highest
inline constexpr std::size_t kHeldBackEnvelopesMax = 1'024;
inline constexpr milliseconds kResendDelayMin{1'000};
inline constexpr milliseconds kResendDelayMax{60'000};
inline constexpr milliseconds kRefusedRetryDelay{30'000};
inline constexpr milliseconds kStoredResendDelayMax{60'000};  // x number of brokers

inline constexpr std::size_t kForkWordsPerTurnMax = 1'024;  // looked at; the rest is said again
inline constexpr std::size_t kDoubledToldMax = 1'024;       // per address; the rest is not told

// --- credit (per lane and side) ------------------------------------------------------------------
inline constexpr std::size_t kCreditEnvelopes = 2'048;
inline constexpr std::size_t kCreditBytes = 8 * kEnvelopeBytesMax;
static_assert(kCreditBytes >= kEnvelopeBytesMax, "byte credit holds one largest envelope");
inline constexpr int kSocketHwmMessages = 2 * static_cast<int>(kCreditEnvelopes);

// --- refilling (docs/adr/0010) ---------------------------------------------------------------
inline constexpr std::size_t kRefillItemsMax = 4'096;         // rows of a page, known of an ask
inline constexpr std::size_t kRefillPageBytes = 512 * 1024;   // then the page ends
inline constexpr std::size_t kRefillLookMax = 20'000;         // log rows looked at for a page
inline constexpr std::size_t kRefillAsksMax = 32;             // unanswered at a time
inline constexpr std::size_t kBalanceRangesMax = 8;           // of 256 numbers, of one ask
inline constexpr std::size_t kRefillApplyPerTurnMax = 1'000;  // staged rows
inline constexpr int kLivesPerHourMax = 3;                    // begun by a peer's word
static_assert(kRefillPageBytes + kEnvelopeBytesMax + 64 * 1024 < kMessageBytesMax,
              "a page with the largest envelope last travels in one frame");

// --- keeping (docs/adr/0011) ---------------------------------------------------------------------
inline constexpr std::size_t kKeepRowsMax = 1'000;           // of one KEEP
inline constexpr std::size_t kKeepBytesMax = 256 * 1024;     // of its rows; then the next begins
inline constexpr std::size_t kKeepRowBytesMax = 480 * 1024;  // a larger row cannot be kept
inline constexpr std::size_t kKeepLookMax = 20'000;          // log rows looked at in a turn
inline constexpr std::size_t kKeepsPerTurnMax = 4;           // of one address
inline constexpr std::size_t kKeepsOpenedPerTurnMax = 16;    // at a recovery
static_assert(kKeepRowBytesMax + kKeepRowsMax * 16 + 8 * 1024 < kBodyBytesMax / 2,
              "what is kept travels as one KEEP");

// --- sessions ------------------------------------------------------------------------------------
inline constexpr milliseconds kPingInterval{5'000};
inline constexpr milliseconds kSilenceMax{15'000};  // then the session is gone; the node redials
inline constexpr milliseconds kHelloRetry{500};
inline constexpr std::size_t kSessionsMax = 16'384;  // a further hello is refused

// --- broker's mailboxes --------------------------------------------------------------------------
inline constexpr std::size_t kMailboxEnvelopesMax = 1'000'000;    // per addressee: busy
inline constexpr std::size_t kMailboxBytesMax = 4ULL << 30U;      // per addressee: busy
inline constexpr std::size_t kMailboxPairEnvelopesMax = 200'000;  // per (sender, addressee): busy
inline constexpr milliseconds kBusyRetry{5'000};

// --- store ---------------------------------------------------------------------------------------
inline constexpr std::size_t kWalBytesMax = 64 * 1024 * 1024;  // then the writer truncates it
inline constexpr seconds kReadStatementMax{2};
inline constexpr int kPageRowsMax = 500;  // a listing's page

// --- stopping ------------------------------------------------------------------------------------
inline constexpr seconds kStopGoal{2};

}  // namespace minqing::limits
