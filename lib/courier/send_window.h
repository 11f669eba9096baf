// SendWindow: the numbers of one outgoing stream.
//
//   1 ......... receipted ......... stored ......... sent ......... committed
//               the peer has it     a broker has it  on its way     only here yet
//
// The window is what lies between max(receipted, stored) and sent; only its sizes are kept, so the
// memory of a stream does not grow with what its peer has not receipted. Resending is going back:
// `sent` falls, and everything after it is sent again in order. Trusts nobody: the Outbox checks
// words from outside before they come here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "core/ids.h"

namespace minqing::courier {

class SendWindow {
 public:
  SendWindow() = default;
  /// As found in the log; receipted is soft state and is cut down to committed.
  SendWindow(Seq committed, Seq receipted);

  Seq committed() const { return committed_; }
  Seq receipted() const { return receipted_; }
  Seq stored() const { return stored_; }
  /// max(receipted, stored): where the window begins.
  Seq base() const { return receipted_ < stored_ ? stored_ : receipted_; }
  Seq sent() const { return {base().value + sizes_.size()}; }
  std::uint64_t unreceipted() const { return committed_.value - receipted_.value; }
  std::uint64_t unsent() const { return committed_.value - sent().value; }
  bool is_stored_unreceipted() const { return stored_ > receipted_; }
  std::size_t envelopes() const { return sizes_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t resends() const { return resends_; }

  /// CHECKs that seq is the next number.
  void commit(Seq seq);
  /// The next unsent one went out. CHECKs that there is one.
  void send(std::size_t bytes);
  /// The peer's latest word, forward or back; at most committed. Going back forgets `stored` too:
  /// a broker drops its mail as the higher receipt passes by.
  void receipt(Seq seq);
  /// A broker's word; at most committed; a lower one changes nothing.
  void store(Seq seq);
  void forget_stored();
  /// Everything after `last_kept` is to be sent again. CHECKs last_kept >= receipted.
  void rewind(Seq last_kept);
  /// Undoes the last send(); returns its bytes. (Sending it after all counts as a resend.)
  std::size_t unsend();

 private:
  void rebase(Seq base_before);

  Seq committed_, receipted_, stored_;
  Seq sent_highest_;
  std::deque<std::uint32_t> sizes_;  // of base+1 .. sent
  std::size_t bytes_ = 0;
  std::uint64_t resends_ = 0;
};

}  // namespace minqing::courier
