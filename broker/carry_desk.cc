#include "broker/carry_desk.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "daemon/carry_part.h"

namespace minqing::broker {
namespace {

using courier::MailboxKey;
using nlohmann::ordered_json;

constexpr std::size_t kReceiptsPerPart = 400;
/// In hexadecimal digits it must fit in an answer of the local API, beside the receipts.
constexpr std::size_t kDirectoryBytesMax = 1'500'000;
constexpr std::size_t kCarryReadEnvelopesMax = 256;

/// Where a part of an export ended: behind so many receipts, or behind a mail of a mailbox.
struct Place {
  bool is_mail = false;
  std::size_t receipts = 0;
  std::size_t precedence = 0;  // of lane and side
  Address addressee{};
  std::uint64_t number = 0;
};

std::string to_text(const Place& place) {
  if (!place.is_mail) return "receipts/" + std::to_string(place.receipts);
  return "mail/" + std::to_string(place.precedence) + "/" + place.addressee.text() + "/" +
         std::to_string(place.number);
}

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

Result<Place> place_of(std::string_view text) {
  Place out;
  if (text.empty()) return out;
  const Error wrong{Errc::kInvalid,
                    "\"" + std::string{text} +
                        "\" is no place in an export: hand back the `next` of the former one"};
  constexpr std::string_view kReceipts = "receipts/";
  constexpr std::string_view kMail = "mail/";
  std::uint64_t number = 0;
  if (text.starts_with(kReceipts)) {
    if (!read_number(text.substr(kReceipts.size()), number)) return wrong;
    out.receipts = number;
    return out;
  }
  const std::size_t first = text.find('/', kMail.size());
  const std::size_t last = text.rfind('/');
  if (!text.starts_with(kMail) || first == std::string_view::npos || first == last) return wrong;
  out.is_mail = true;
  const std::string_view whose = text.substr(first + 1, last - first - 1);
  const auto addressee = whose.empty() ? Result<Address>{Address{}}  // before the first mail
                                       : Address::parse(whose);
  if (!read_number(text.substr(kMail.size(), first - kMail.size()), number) || !addressee ||
      number >= courier::kTrafficClasses || !read_number(text.substr(last + 1), out.number)) {
    return wrong;
  }
  out.precedence = number;
  out.addressee = *addressee;
  return out;
}

struct Load {
  courier::Frame frame;
  std::optional<Place> next;
};

/// The first parts: our directory, and what was receipted.
Load load_receipts(const Brain& brain, const std::string& node, const Place& after) {
  Load load;
  if (after.receipts == 0 && brain.signed_directory().size() <= kDirectoryBytesMax) {
    load.frame.directory = courier::DirectoryOffer{brain.signed_directory()};
  }
  load.frame.receipts = brain.carried().read(node, after.receipts, kReceiptsPerPart);
  const std::size_t receipts = after.receipts + load.frame.receipts.size();
  const bool is_done = receipts >= brain.carried().size_of(node);
  load.next = is_done ? Place{.is_mail = true} : Place{.receipts = receipts};
  return load;
}

/// As much mail behind `after` as one frame holds, in the order of draining.
Load load_mail(const Directory& directory,
               courier::Mailbox& mailbox,
               const std::string& node,
               const Place& after) {
  Load load;
  std::size_t bytes = 0;
  for (std::size_t i = after.precedence; i < courier::kTrafficClasses; ++i) {
    for (const AddressEntry* entry : directory.hosted_by(node)) {
      if (entry->state != EntryState::kActive) continue;  // its mail waits
      const bool is_first_class = i == after.precedence;
      if (is_first_class && entry->address < after.addressee) continue;
      const bool is_first_box = is_first_class && entry->address == after.addressee;
      Place place{.is_mail = true,
                  .precedence = i,
                  .addressee = entry->address,
                  .number = is_first_box ? after.number : 0};
      const MailboxKey key{entry->address, courier::lane_at(i), courier::side_at(i)};
      while (true) {
        auto mails =
            mailbox.next(key, place.number, kCarryReadEnvelopesMax, limits::kFrameBytesTarget);
        if (mails.empty()) break;
        for (courier::Mail& mail : mails) {
          bytes += mail.envelope.sealed.size();
          if (bytes > limits::kFrameBytesTarget && !load.frame.envelopes.empty()) {
            load.next = place;
            return load;
          }
          load.frame.envelopes.push_back(std::move(mail.envelope));
          place.number = mail.number;
        }
      }
    }
  }
  return load;
}

/// How much mail waits for the addresses of `node`.
std::uint64_t waiting_for(const Directory& directory,
                          courier::Mailbox& mailbox,
                          const std::string& node) {
  std::uint64_t envelopes = 0;
  for (const AddressEntry* entry : directory.hosted_by(node)) {
    envelopes += mailbox.depth_of_addressee(entry->address).envelopes;
  }
  return envelopes;
}

}  // namespace

Result<std::string> CarryDesk::export_part(const std::string& node,
                                           const std::string& after,
                                           Instant now) {
  const Directory& directory = brain_.directory();
  ASSIGN_OR_RETURN(const Place place, place_of(after));
  if (directory.find_node(node) == nullptr) {
    return Error{Errc::kNotFound, "there is no node \"" + node +
                                      "\" in the directory: `minqing network show` lists them"};
  }
  if (const auto refusal = admit_node(directory, node)) {
    return Error{Errc::kNotAllowed, refusal->detail + "; nothing is given out for it"};
  }
  brain_.carried().note(node);
  const Load load = place.is_mail ? load_mail(directory, mailbox_, node, place)
                                  : load_receipts(brain_, node, place);
  ordered_json out{{"ok", true},
                   {"envelopes", load.frame.envelopes.size()},
                   {"receipts", load.frame.receipts.size()},
                   {"waiting", waiting_for(directory, mailbox_, node)}};
  if (load.next) out["next"] = to_text(*load.next);
  if (!load.frame.is_empty()) {
    const wire::CarryPart part = daemon::make_part(directory, name_, {}, load.frame, now);
    ASSIGN_OR_RETURN(out["part"], daemon::part_to_hex(part));
  }
  return out.dump();
}

Result<std::string> CarryDesk::import_part(const std::string& hex, Instant now) {
  const Directory& directory = brain_.directory();
  ASSIGN_OR_RETURN(const wire::CarryPart part, daemon::part_from_hex(hex));
  ASSIGN_OR_RETURN(wire::DecodedFrame opened, daemon::open_part(part, directory));
  ASSIGN_OR_RETURN(const std::string node, daemon::node_of(part, directory));
  if (const auto refusal = admit_node(directory, node)) {
    return Error{Errc::kNotAllowed, refusal->detail + "; nothing of it is taken"};
  }
  const CarryTaken taken = brain_.carry_in(node, std::move(opened.frame), now);
  ordered_json out{{"ok", true},
                   {"node", node},
                   {"taken", taken.stored + taken.passed},
                   {"passed", taken.passed},
                   {"repeated", taken.repeated},
                   {"refused", taken.refused},
                   {"unreadable", opened.bad_items.size()},
                   {"receipts", taken.receipts_passed + taken.receipts_kept},
                   {"receipts_not_for_us", taken.receipts_foreign},
                   {"mail_dropped", taken.mail_dropped}};
  if (taken.refused > 0) out["why_refused"] = taken.why_refused;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace minqing::broker
