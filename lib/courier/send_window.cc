#include "courier/send_window.h"

#include <algorithm>

#include "core/check.h"
#include "core/mutant.h"

namespace minqing::courier {

SendWindow::SendWindow(Seq committed, Seq receipted)
    : committed_{committed},
      receipted_{std::min(committed, receipted)},
      sent_highest_{receipted_} {}

void SendWindow::commit(Seq seq) {
  CHECK(seq == committed_.next());
  committed_ = seq;
}

void SendWindow::send(std::size_t bytes) {
  CHECK(sent() < committed_);
  sizes_.push_back(static_cast<std::uint32_t>(bytes));
  bytes_ += bytes;
  if (sent() <= sent_highest_) {
    ++resends_;
  } else {
    sent_highest_ = sent();
  }
}

void SendWindow::receipt(Seq seq) {
  CHECK(seq <= committed_);
  const Seq before = base();
  if (seq < receipted_) stored_ = {};
  receipted_ = seq;
  rebase(before);
}

void SendWindow::store(Seq seq) {
  CHECK(seq <= committed_);
  if (mutated(Mutant::kWindowIgnoresStored)) return;
  const Seq before = base();
  stored_ = std::max(stored_, seq);
  rebase(before);
}

void SendWindow::forget_stored() {
  const Seq before = base();
  stored_ = {};
  rebase(before);
}

void SendWindow::rewind(Seq last_kept) {
  CHECK(last_kept >= receipted_);
  if (last_kept < stored_) {
    const Seq before = base();
    stored_ = last_kept;
    rebase(before);
  }
  while (sent() > last_kept && !sizes_.empty()) {
    bytes_ -= sizes_.back();
    sizes_.pop_back();
  }
}

std::size_t SendWindow::unsend() {
  CHECK(!sizes_.empty());
  const std::size_t bytes = sizes_.back();
  bytes_ -= bytes;
  sizes_.pop_back();
  return bytes;
}

void SendWindow::rebase(Seq base_before) {
  if (base() < base_before) {  // gone back: all of it is to be sent again
    sizes_.clear();
    bytes_ = 0;
    return;
  }
  for (std::uint64_t n = base().value - base_before.value; n > 0 && !sizes_.empty(); --n) {
    bytes_ -= sizes_.front();
    sizes_.pop_front();
  }
}

}  // namespace minqing::courier
