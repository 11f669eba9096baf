// MailboxStore: the broker's mailboxes in one SQLite file: courier::Mailbox.
//
// Guarantee: after commit() returned ok, what was put is on disk (one fsync) and `stored` may be
// said. Quotas are the broker brain's; this only counts. Depths are kept in memory, read from the
// file when it is opened.
// The file is disposable (senders hold all that is un-receipted): a damaged one, or one of a newer
// schema, is moved aside as `<path>.damaged-<n>` and a fresh one is begun; alarm() says so.
// Trusts nothing in the file: mail that no longer decodes is dropped and counted. One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "courier/mailbox.h"
#include "store/database.h"

namespace minqing::store {

extern const Schema kMailboxSchema;

/// Reads the clear part of a sealed envelope again (wire/envelope_codec.h).
using EnvelopeDecoder = std::function<Result<courier::SealedEnvelope>(ByteView sealed)>;

class MailboxStore final : public courier::Mailbox {
 public:
  struct Options {
    EnvelopeDecoder decode;
    std::uint64_t pages_max = 0;  // of 4 KiB; above: "disk full". 0 = no limit
    std::string vfs{};            // tests; empty = the default
  };
  /// Errors: kInvalid - the file belongs to another program; kIo.
  static Result<std::unique_ptr<MailboxStore>> open(const std::string& path,
                                                    const Options& options);
  ~MailboxStore() override;

  void begin();
  /// Ends the turn; one fsync when it is dirty. Errors: database.h. Nothing of the turn is kept
  /// then.
  Status commit();
  void rollback();
  bool is_dirty() const;

  bool put(const courier::SealedEnvelope& envelope, Instant now) override;
  std::vector<courier::Mail> next(const courier::MailboxKey& key,
                                  std::uint64_t after,
                                  std::size_t envelopes_max,
                                  std::size_t bytes_max) override;
  std::size_t drop(const courier::StreamName& stream, Seq up_to) override;
  /// Numbers rise over all mailboxes and are never used again. After a restart 0 also means: empty.
  std::uint64_t last_number(const courier::MailboxKey& key) override;
  courier::MailboxDepth depth_of_addressee(const Address& addressee) override;
  courier::MailboxDepth depth_of_pair(const Address& from, const Address& to) override;
  courier::MailboxDepth depth() override { return total_; }
  std::vector<Listing> list() override;

  /// Why the file was begun afresh, for the log and the status page; nullopt: it was not.
  const std::optional<std::string>& alarm() const { return alarm_; }
  /// Mail dropped because it did not decode.
  std::uint64_t damaged_mail() const { return damaged_mail_; }
  void tidy();
  const DatabaseStats& stats() const;

 private:
  struct Statements;
  /// One change of the counters, taken back at a rollback.
  struct Change {
    courier::MailboxKey key;
    Address from;
    courier::MailboxDepth depth;
    bool is_added = false;
  };

  MailboxStore(std::unique_ptr<Database> db, EnvelopeDecoder decode);
  void load_depths();
  void apply(const Change& change);
  void count(Change change);
  void take_back();
  void read_mail(const courier::MailboxKey& key,
                 std::uint64_t after,
                 std::size_t envelopes_max,
                 std::size_t bytes_max,
                 std::vector<courier::Mail>& found,
                 std::vector<std::uint64_t>& damaged);
  void drop_damaged(std::uint64_t number);

  std::unique_ptr<Database> db_;
  std::unique_ptr<Statements> statements_;
  EnvelopeDecoder decode_;
  std::optional<std::string> alarm_;
  std::uint64_t damaged_mail_ = 0;
  std::map<courier::MailboxKey, courier::MailboxDepth> by_mailbox_;
  std::map<courier::MailboxKey, std::uint64_t> last_numbers_;
  std::map<Address, courier::MailboxDepth> by_addressee_;
  std::map<std::pair<Address, Address>, courier::MailboxDepth> by_pair_;  // from, to
  courier::MailboxDepth total_;
  std::vector<Change> turn_;
};

}  // namespace minqing::store
