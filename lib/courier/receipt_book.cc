#include "courier/receipt_book.h"

#include <algorithm>

#include "courier/retry.h"

namespace minqing::courier {

ReceiptBook::ReceiptBook(Random& random, ResumePolicy policy) : random_{random}, policy_{policy} {
  CHECK(policy_.batch_max > 0);
}

namespace {
/// The stream without a life: it stands for all of a peer's.
InStreamKey greeting_of(const Address& owner, const Address& peer) {
  return {{owner, peer, Lane::kUrgent, Side::kAsk}, {}};
}
}  // namespace

void ReceiptBook::greet(const Address& owner, const Address& peer) {
  const InStreamKey greeting = greeting_of(owner, peer);
  const auto known = cursors_.lower_bound(greeting);
  const bool is_known =
      known != cursors_.end() && known->first.key.owner == owner && known->first.key.peer == peer;
  if (!is_known) cursors_[greeting] = {};
}

void ReceiptBook::end_greeting(const StreamKey& key) {
  const InStreamKey greeting = greeting_of(key.owner, key.peer);
  if (cursors_.erase(greeting) > 0) noted_.erase(greeting);
}

void ReceiptBook::restore(const InStream& stream) {
  end_greeting(stream.key);
  cursors_[{stream.key, stream.life}] = {stream.cursor, stream.leaf};
}

void ReceiptBook::advanced(const StreamKey& key, const LifeId& life, Seq cursor, const Leaf& leaf) {
  end_greeting(key);
  cursors_[{key, life}] = {cursor, leaf};
  note({key, life});
}

void ReceiptBook::repeated(const StreamKey& key, const LifeId& life) {
  note({key, life});
}

void ReceiptBook::repeat_all(const Address& owner, const Address& peer) {
  for (auto it = cursors_.lower_bound(greeting_of(owner, peer)); it != cursors_.end(); ++it) {
    if (it->first.key.owner != owner || it->first.key.peer != peer) return;
    noted_[it->first] = Noted::kOfAll;
  }
}

std::optional<InStream> ReceiptBook::find(const StreamKey& key, const LifeId& life) const {
  const auto found = cursors_.find({key, life});
  if (found == cursors_.end()) return std::nullopt;
  return InStream{key, life, found->second.seq, found->second.leaf};
}

std::uint32_t ReceiptBook::streams_of(const StreamKey& key) const {
  std::uint32_t count = 0;
  auto it = cursors_.lower_bound(greeting_of(key.owner, key.peer));
  for (; it != cursors_.end(); ++it, ++count) {
    const StreamKey& other = it->first.key;
    if (other.owner != key.owner || other.peer != key.peer) break;
  }
  return count;
}

std::vector<ReceiptWord> ReceiptBook::take() {
  std::vector<ReceiptWord> due;
  due.reserve(noted_.size());
  for (const auto& [stream, noted] : noted_) {
    const auto found = cursors_.find(stream);
    const Cursor cursor = found == cursors_.end() ? Cursor{} : found->second;
    due.push_back({{stream.key, stream.life, cursor.seq, cursor.leaf},
                   noted == Noted::kOfAll ? streams_of(stream.key) : 0});
  }
  noted_.clear();
  return due;
}

void ReceiptBook::resume_all(SessionIndex session, Instant now) {
  resumes_[session] = {now + between(Micros{0}, policy_.spread, random_), std::nullopt};
}

void ReceiptBook::session_closed(SessionIndex session) {
  resumes_.erase(session);
}

std::vector<Resume> ReceiptBook::take_resumes(Instant now) {
  std::vector<Resume> due;
  for (auto entry = resumes_.begin(); entry != resumes_.end();) {
    auto& [session, progress] = *entry;
    if (progress.at > now) {
      ++entry;
      continue;
    }
    auto next = progress.after ? cursors_.upper_bound(*progress.after) : cursors_.begin();
    for (std::size_t n = 0; n < policy_.batch_max && next != cursors_.end(); ++n, ++next) {
      const auto& [stream, cursor] = *next;
      due.push_back(
          {session, {{stream.key, stream.life, cursor.seq, cursor.leaf}, streams_of(stream.key)}});
      progress.after = stream;
    }
    if (next == cursors_.end()) {
      entry = resumes_.erase(entry);
    } else {
      progress.at = now + between(policy_.pause, policy_.pause * 2, random_);
      ++entry;
    }
  }
  return due;
}

std::optional<Instant> ReceiptBook::next_deadline() const {
  std::optional<Instant> at;
  for (const auto& [session, progress] : resumes_) {
    if (!at || progress.at < *at) at = progress.at;
  }
  return at;
}

}  // namespace minqing::courier
