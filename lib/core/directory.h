// The directory: who exists, where each address is hosted, whose keys are whose, who does what.
// A signed, versioned, expiring snapshot (wire/directory_codec.h, seal/directory_seal.h).
// Plain data plus look-ups; a loaded Directory is immutable and shared by pointer.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.h"
#include "core/calendar.h"
#include "core/envelope.h"
#include "core/ids.h"
#include "core/time.h"

namespace minqing {

// Numeric values are wire values: they never change.
enum class OrgKind : std::uint8_t {
  kPartyGovernment = 0,   // 党政机关
  kTownshipOffice = 1,    // 乡镇街道
  kVillageCommittee = 2,  // 村社
  kPublicService = 3,     // 公共服务企业
  kInstitution = 4,       // 事业单位
  kSocial = 5,            // 社会组织
  kDiscipline = 6,        // 纪检监察
  kReview = 7,            // 复查复核机构
};
const char* to_string(OrgKind kind);  // "party-government", "township-office", ...
const char* org_kind_zh(OrgKind kind);
std::optional<OrgKind> parse_org_kind(std::string_view word);

/// State of an address, a node or a key.
enum class EntryState : std::uint8_t {
  kActive = 0,
  kSuspended = 1,  // its mail waits
  kRevoked = 2,    // key: valid only for what was committed before; node: cut off at once
  kDissolved = 3,  // address: names its successor
  kMoving = 4,     // address: its old host no longer receipts
  kRetired = 5,    // key: valid for what it signed, used no more
};
const char* to_string(EntryState state);

struct KeyEntry {
  KeyId id;
  PublicKey key;
  EntryState state = EntryState::kActive;
  Instant since;  // when the state began
};

struct NodeEntry {
  std::string name;     // "kaihua", 1..64 of [a-z0-9.-]
  PublicKey transport;  // CURVE
  EntryState state = EntryState::kActive;
};

struct AddressEntry {
  Address address;
  std::string name_zh;
  std::string name_en;
  OrgKind kind = OrgKind::kPartyGovernment;
  EntryState state = EntryState::kActive;
  std::string node;               // host; empty = not enrolled yet
  std::vector<KeyEntry> signing;  // Ed25519
  std::vector<KeyEntry> sealing;  // X25519
  Address successor;              // for kDissolved
  Address keeper;                 // none = the superior
  PublicKey recovery;             // X25519: what the keeper holds opens with its other half;
                                  // none = nothing can be kept for this address
};

/// Who leads a matter: the category is a prefix of 4 digits ("" = any), the area a prefix of a
/// division code. See core/dispatch.h for the order of match.
struct Duty {
  std::string category;
  std::string area;
  Address lead;
  std::vector<Address> assists;
  int priority = 0;    // higher wins among equals
  Instant valid_from;  // none = always
  Instant valid_to;    // exclusive; none = for ever
  std::string reason;
};

/// An extra pair that may exchange messages: siblings by their superior's leave, or others by name.
struct Link {
  Address a;
  Address b;
};

struct Category {
  std::string code;  // 2 or 4 digits
  std::string name_zh;
  std::string name_en;
  bool sealed = false;  // discipline reports: never in Open311, only the discipline channel
};

class Directory {
 public:
  struct Content {
    std::string network;  // its name, "quzhou"
    DirectoryVersion version;
    Instant issued_at;
    Instant expires_at;
    PublicKey authority;  // Ed25519, signs every version
    std::vector<NodeEntry> nodes;
    std::vector<AddressEntry> addresses;
    std::vector<Duty> duties;
    std::vector<Link> links;
    std::vector<Category> categories;
    WorkCalendar::Content calendar;
  };

  Directory() = default;
  /// Indexes `content`. Errors: kInvalid with every inconsistency, one per line (double entries,
  /// an address whose node, successor or keeper is missing, a duty of an unknown address, ...).
  static Result<Directory> make(Content content);

  const Content& content() const { return content_; }
  DirectoryVersion version() const { return content_.version; }
  const WorkCalendar& calendar() const { return calendar_; }
  bool is_expired(Instant now) const { return now >= content_.expires_at; }

  /// nullptr when unknown. Pointers live as long as this Directory.
  const AddressEntry* find(const Address& address) const;
  const NodeEntry* find_node(std::string_view name) const;
  const NodeEntry* find_node_by_key(const PublicKey& transport) const;
  const Category* find_category(std::string_view code) const;

  /// Addresses hosted by `node`, in address order.
  std::vector<const AddressEntry*> hosted_by(std::string_view node) const;
  /// Divisions one tier below `division`, in order.
  std::vector<const AddressEntry*> children_of(const Address& division) const;
  bool is_linked(const Address& a, const Address& b) const;

  /// "环城社区(village 330824115001)": for people. The code alone when unknown.
  std::string label(const Address& address) const;

 private:
  Content content_;
  WorkCalendar calendar_;
  std::map<Address, std::size_t> by_address_;
  std::map<std::string, std::size_t, std::less<>> by_node_;
  std::map<PublicKey, std::size_t> by_transport_;
  std::map<std::string, std::size_t, std::less<>> by_category_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_host_;
  std::map<std::pair<Address, Address>, bool> links_;
};

/// The key of `keys` to sign or seal with now: the active one; nullptr when there is none.
const KeyEntry* active_key(const std::vector<KeyEntry>& keys);
const KeyEntry* find_key(const std::vector<KeyEntry>& keys, const KeyId& id);

}  // namespace minqing
