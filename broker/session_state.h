// The states of a session and every way between them (design: "The broker").
//
//   unknown --any frame--> hello --good hello--> live --goodbye, silence, lost, cut--> gone
//
// A DEALER does not see its own reconnects, so a frame from an unknown session is answered `reset`
// and the node says hello. A session that is gone is forgotten: its next frame is an unknown one's.
#pragma once

#include <cstdint>

namespace minqing::broker {

// The words appear in logs, status pages and docs: "unknown", "hello", "live", "gone".
// Unscoped, because they index the table.
enum SessionState : std::uint8_t { kUnknown, kHello, kLive, kGone, kSessionStates };
enum SessionInput : std::uint8_t {
  kFrameCame,     // any frame without a hello
  kHelloGood,     // a hello we accept
  kHelloRefused,  // wrong name, revoked, no room
  kGoodbyeCame,
  kSilenceFell,  // nothing heard for limits::kSilenceMax
  kSendLost,     // the socket could not take a frame for it
  kNodeCut,      // its node was revoked or left the directory
  kSessionInputs
};

constexpr SessionState kNextState[kSessionStates][kSessionInputs] = {
    //           kFrameCame  kHelloGood kHelloRefused kGoodbyeCame kSilenceFell kSendLost kNodeCut
    /*kUnknown*/ {kHello, kLive, kGone, kGone, kGone, kGone, kGone},
    /*kHello*/ {kHello, kLive, kGone, kGone, kGone, kGone, kGone},
    /*kLive*/ {kLive, kLive, kGone, kGone, kGone, kGone, kGone},
    /*kGone*/ {kHello, kLive, kGone, kGone, kGone, kGone, kGone},  // forgotten: as kUnknown
};
static_assert(kNextState[kUnknown][kFrameCame] != kLive, "only a hello makes a session live");

constexpr SessionState next_state(SessionState state, SessionInput input) {
  return kNextState[state][input];
}

constexpr const char* to_string(SessionState state) {
  switch (state) {
    case kUnknown: return "unknown";
    case kHello: return "hello";
    case kLive: return "live";
    case kGone: return "gone";
    case kSessionStates: break;
  }
  return "?";
}

}  // namespace minqing::broker
