// The verb `void`: a person gives up a number of a stream.
#include "nodes/common/api.h"

namespace minqing::node {
namespace {

Result<Lane> lane_named(const std::string& word) {
  for (const Lane lane : {Lane::kUrgent, Lane::kNormal, Lane::kBulk}) {
    if (word == to_string(lane)) return lane;
  }
  return Error{Errc::kInvalid, "\"lane\" must be urgent, normal or bulk"};
}

Result<Side> side_named(const std::string& word) {
  for (const Side side : {Side::kAsk, Side::kAnswer}) {
    if (word == to_string(side)) return side;
  }
  return Error{Errc::kInvalid, "\"side\" must be ask or answer"};
}

}  // namespace

Result<std::string> Api::give_up(const ApiRequest& request, std::uint32_t uid) {
  ASSIGN_OR_RETURN(Command command, command_of(request, uid));
  VoidOrder order;
  order.id = command.id;
  order.act = std::move(command.act);
  order.act.kind = casework::Kind::kVoidDecided;
  order.act.content.reason = request.reason;
  order.stream.owner = order.act.at;
  ASSIGN_OR_RETURN(order.stream.peer, Address::parse(request.peer));
  ASSIGN_OR_RETURN(order.stream.lane, lane_named(request.lane));
  ASSIGN_OR_RETURN(order.stream.side, side_named(request.side));
  order.seq = {static_cast<std::uint64_t>(request.seq)};
  ASSIGN_OR_RETURN(const auto entries, ports_.brain.on_void(order));
  return entries_json(entries);
}

}  // namespace minqing::node
