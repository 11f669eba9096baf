// The values that describe() shows, one function each. For describe*.cc only.
#pragma once

#include "casework/body.h"
#include "core/directory.h"
#include "core/envelope.h"
#include "courier/keep.h"
#include "courier/refill.h"
#include "wire/frame_codec.h"
#include "wire/json_text.h"

namespace minqing::wire {

void show(JsonText& json, const Header& header);
void show(JsonText& json, const Transport& transport);
void show(JsonText& json, const Signature& signature);
void show(JsonText& json, const casework::Body& body);
void show(JsonText& json, const courier::Receipt& receipt);
void show(JsonText& json, const DecodedFrame& decoded);
void show(JsonText& json, const Directory& directory);
void show(JsonText& json, const courier::RefillAsk& ask);
void show(JsonText& json, const courier::RefillPage& page);
void show(JsonText& json, const courier::KeepRecord& record);

}  // namespace minqing::wire
