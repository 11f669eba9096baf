// MemoryMailbox: the broker's mailboxes in a list, for tests of its brain.
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <vector>

#include "courier/mailbox.h"

namespace minqing::testing {

class MemoryMailbox final : public courier::Mailbox {
 public:
  bool put(const courier::SealedEnvelope& envelope, Instant now) override {
    const courier::StreamName stream = stream_of(envelope);
    const bool is_here = std::ranges::any_of(mails_, [&](const Held& held) {
      return stream_of(held.mail.envelope) == stream &&
             held.mail.envelope.transport.seq == envelope.transport.seq;
    });
    if (is_here) return false;
    mails_.push_back({{++last_number_, envelope}, now});
    last_numbers_[key_of(envelope)] = last_number_;
    return true;
  }

  std::vector<courier::Mail> next(const courier::MailboxKey& key,
                                  std::uint64_t after,
                                  std::size_t envelopes_max,
                                  std::size_t bytes_max) override {
    std::vector<courier::Mail> out;
    std::size_t bytes = 0;
    for (const Held& held : mails_) {
      if (key_of(held.mail.envelope) != key || held.mail.number <= after) continue;
      bytes += held.mail.envelope.sealed.size();
      if (!out.empty() && (out.size() >= envelopes_max || bytes > bytes_max)) break;
      out.push_back(held.mail);
    }
    return out;
  }

  std::size_t drop(const courier::StreamName& stream, Seq up_to) override {
    return std::erase_if(mails_, [&](const Held& held) {
      const courier::SealedEnvelope& envelope = held.mail.envelope;
      return stream_of(envelope) == stream && envelope.transport.seq <= up_to;
    });
  }

  std::uint64_t last_number(const courier::MailboxKey& key) override {
    const auto found = last_numbers_.find(key);
    return found == last_numbers_.end() ? 0 : found->second;
  }
  courier::MailboxDepth depth_of_addressee(const Address& addressee) override {
    return depth_if([&](const Header& header) { return header.to == addressee; });
  }
  courier::MailboxDepth depth_of_pair(const Address& from, const Address& to) override {
    return depth_if([&](const Header& header) { return header.from == from && header.to == to; });
  }
  courier::MailboxDepth depth() override {
    return depth_if([](const Header&) { return true; });
  }
  std::vector<Listing> list() override {
    std::map<courier::MailboxKey, Listing> out;
    for (const Held& held : mails_) {
      const courier::MailboxKey key = key_of(held.mail.envelope);
      const auto [found, is_new] = out.try_emplace(key, Listing{key, {}, held.at});
      ++found->second.depth.envelopes;
      found->second.depth.bytes += held.mail.envelope.sealed.size();
    }
    std::vector<Listing> listings;
    for (const auto& [key, listing] : out) listings.push_back(listing);
    return listings;
  }

 private:
  struct Held {
    courier::Mail mail;
    Instant at;
  };
  static courier::StreamName stream_of(const courier::SealedEnvelope& envelope) {
    const Header& header = envelope.header;
    return {header.from, header.to, header.lane, header.side, envelope.transport.life};
  }
  static courier::MailboxKey key_of(const courier::SealedEnvelope& envelope) {
    return {envelope.header.to, envelope.header.lane, envelope.header.side};
  }
  template <class Predicate>
  courier::MailboxDepth depth_if(Predicate wanted) const {
    courier::MailboxDepth out;
    for (const Held& held : mails_) {
      if (!wanted(held.mail.envelope.header)) continue;
      ++out.envelopes;
      out.bytes += held.mail.envelope.sealed.size();
    }
    return out;
  }

  std::list<Held> mails_;
  std::map<courier::MailboxKey, std::uint64_t> last_numbers_;
  std::uint64_t last_number_ = 0;
};

}  // namespace minqing::testing
