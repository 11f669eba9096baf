// Outbox: regroups what one turn has to say into frames, one per session and lane.
//
// A frame is cut when the next item would take it above limits::kFrameBytesTarget (an item larger
// than that travels alone) or kFrameItemsMax. Urgent frames leave first; what concerns the session
// itself (welcome, ping, ...) leads the first of them, so a welcome comes before everything. A
// directory travels in a frame of its own, last.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "broker/effects.h"

namespace minqing::broker {

class Outbox {
 public:
  void add(const SessionKey& to, courier::SealedEnvelope envelope);
  void add_receipt(const SessionKey& to, courier::BoxedReceipt receipt);
  void add_resume(const SessionKey& to, courier::BoxedReceipt resume);
  void add_refill_ask(const SessionKey& to, courier::BoxedRecord ask);
  void add_refill_page(const SessionKey& to, courier::BoxedRecord page);
  void add(const SessionKey& to, courier::CannotOpen cannot_open);
  void add(const SessionKey& to, courier::Fork fork);
  void add(const SessionKey& to, courier::Refused refused);
  void add(const SessionKey& to, courier::Stored stored);
  void add(const SessionKey& to, courier::Credit credit);

  /// The frame that leads: for welcome, ping, pong, reset, goodbye, session_refused.
  courier::Frame& session_part(const SessionKey& to);
  /// With a ping, whose pong says that the directory has arrived.
  void offer(const SessionKey& to, const Bytes& signed_directory, courier::Ping ping);

  /// Everything for a session that came to its end; its last words may follow.
  void forget(const SessionKey& to) { by_session_.erase(to); }

  std::vector<Outgoing> take();

 private:
  struct LaneFrames {
    std::vector<courier::Frame> frames;
    std::size_t bytes = 0;  // about, of the last one
    std::size_t items = 0;
  };
  struct SessionFrames {
    std::optional<courier::Frame> session_part;
    std::array<LaneFrames, kLanes> lanes;
    std::optional<courier::Frame> offer;
  };
  courier::Frame& room_for(const SessionKey& to, Lane lane, std::size_t bytes);

  std::map<SessionKey, SessionFrames> by_session_;
};

}  // namespace minqing::broker
