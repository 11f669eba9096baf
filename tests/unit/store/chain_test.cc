#include "store/chain.h"

#include "store_fixture.h"

namespace minqing::store {
namespace {

// A durable format: when this fails, every chain ever written fails too.
TEST(ChainTest, ChainedBytesOfARowAreTheseForEver) {
  courier::LogRow row;
  row.owner = Address::of("3308");
  row.direction = courier::Direction::kOut;
  row.peer = Address::of("330824");
  row.lane = Lane::kBulk;
  row.side = Side::kAnswer;
  row.life = numbered<LifeId>(1, 0xa1);
  row.seq = {0x0102};
  row.id = numbered<MessageId>(2, 0xa2);
  row.leaf = numbered<Leaf>(3, 0xa3);
  row.kind = 20;
  row.cls = MessageClass::kFinal;
  row.case_id = "Q";
  row.stamp = {7};
  row.at = from_micros(8);
  row.versions = {{9}, 10, 11};
  row.header = {0xee};
  row.salt = numbered<Salt>(4, 0xa4);
  row.body = {1, 2, 3};  // not chained
  row.pos = {77};        // not read
  Bytes bytes{9, 9, 9};  // replaced
  chained_bytes(row, {5}, bytes);

  const std::string u0 = "0000000000000000";
  EXPECT_EQ(to_hex(bytes), to_hex(as_bytes("minqing log row 1\n")) + "0400000000000000" +
                               "33333038" +                               // owner
                               "0500000000000000" + "0100000000000000" +  // pos, direction
                               "0600000000000000" + "333330383234" +      // peer
                               "0200000000000000" + "0100000000000000" +  // lane, side
                               row.life.hex() + "0201000000000000" +      // life, seq
                               row.id.hex() + row.leaf.hex() +            //
                               "1400000000000000" + "0200000000000000" +  // kind, class
                               LoopId{}.hex() +                           // loop
                               "0100000000000000" + "51" +                // case_id
                               "0700000000000000" + "0800000000000000" +  // stamp, at
                               "0200000000000000" + "6f6b" +              // verdict
                               "0900000000000000" + "0a00000000000000" + "0b00000000000000" +
                               "0100000000000000" + "ee" + u0 + row.salt.hex());
}

}  // namespace
}  // namespace minqing::store
