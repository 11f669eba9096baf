#include "wire/directory_codec.h"

#include <capnp/message.h>

#include "core/limits.h"
#include "schemas/directory.capnp.h"
#include "wire/message_io.h"

namespace minqing::wire {
namespace {

constexpr std::size_t kSignedOverheadBytesMax = 1'024;
using KeyList = capnp::List<schema::Directory::Key>;

template <class Enum>
std::uint16_t number_of(Enum value) {
  return static_cast<std::uint16_t>(value);
}

// --- writing -------------------------------------------------------------------------------------

void write_keys(KeyList::Builder out, const std::vector<KeyEntry>& in) {
  for (unsigned i = 0; i < out.size(); ++i) {
    out[i].setId(to_data(in[i].id.view()));
    out[i].setKey(to_data(in[i].key.view()));
    out[i].setState(number_of(in[i].state));
    out[i].setSince(to_micros(in[i].since));
  }
}

void write_addresses(schema::Directory::Builder out, const Directory::Content& in) {
  auto list = out.initAddresses(count_of(in.addresses.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    const AddressEntry& entry = in.addresses[i];
    list[i].setAddress(entry.address.text());
    list[i].setNameZh(entry.name_zh);
    list[i].setNameEn(entry.name_en);
    list[i].setKind(number_of(entry.kind));
    list[i].setState(number_of(entry.state));
    list[i].setNode(entry.node);
    write_keys(list[i].initSigning(count_of(entry.signing.size())), entry.signing);
    write_keys(list[i].initSealing(count_of(entry.sealing.size())), entry.sealing);
    list[i].setSuccessor(entry.successor.text());
    list[i].setKeeper(entry.keeper.text());
    list[i].setRecovery(to_data(view_or_empty(entry.recovery)));
  }
}

void write_rules(schema::Directory::Builder out, const Directory::Content& in) {
  auto duties = out.initDuties(count_of(in.duties.size()));
  for (unsigned i = 0; i < duties.size(); ++i) {
    const Duty& duty = in.duties[i];
    duties[i].setCategory(duty.category);
    duties[i].setArea(duty.area);
    duties[i].setLead(duty.lead.text());
    auto assists = duties[i].initAssists(count_of(duty.assists.size()));
    for (unsigned k = 0; k < assists.size(); ++k) assists.set(k, duty.assists[k].text());
    duties[i].setPriority(duty.priority);
    duties[i].setValidFrom(to_micros(duty.valid_from));
    duties[i].setValidTo(to_micros(duty.valid_to));
    duties[i].setReason(duty.reason);
  }
  auto links = out.initLinks(count_of(in.links.size()));
  for (unsigned i = 0; i < links.size(); ++i) {
    links[i].setA(in.links[i].a.text());
    links[i].setB(in.links[i].b.text());
  }
  auto categories = out.initCategories(count_of(in.categories.size()));
  for (unsigned i = 0; i < categories.size(); ++i) {
    categories[i].setCode(in.categories[i].code);
    categories[i].setNameZh(in.categories[i].name_zh);
    categories[i].setNameEn(in.categories[i].name_en);
    categories[i].setSealed(in.categories[i].sealed);
  }
}

void write_calendar(schema::Directory::Builder out, const WorkCalendar::Content& in) {
  if (in.version == 0) return;
  auto calendar = out.initCalendar();
  calendar.setCalendarVersion(in.version);
  calendar.setFirstYear(static_cast<std::uint16_t>(in.first_year));
  calendar.setLastYear(static_cast<std::uint16_t>(in.last_year));
  auto days = calendar.initDays(count_of(in.days.size()));
  for (unsigned i = 0; i < days.size(); ++i) {
    days[i].setDay(static_cast<std::int32_t>(in.days[i].day.time_since_epoch().count()));
    days[i].setIsWorkDay(in.days[i].is_work_day);
    days[i].setName(in.days[i].name);
  }
}

// --- reading -------------------------------------------------------------------------------------

Result<std::string> line_of(ByteView view, const char* field) {
  return text_of(view, TextRule::kLine, field, limits::kTitleBytesMax);
}

Result<EntryState> state_of(std::uint16_t value) {
  if (value > number_of(EntryState::kRetired)) {
    return bad_field("state", "unknown value " + std::to_string(value) + "; update the program");
  }
  return static_cast<EntryState>(value);
}
Result<OrgKind> org_kind_of(std::uint16_t value) {
  if (value > number_of(OrgKind::kReview)) {
    return bad_field("kind", "unknown value " + std::to_string(value) + "; update the program");
  }
  return static_cast<OrgKind>(value);
}

Result<KeyEntry> read(const schema::Directory::Key::Reader& in) {
  KeyEntry out;
  ASSIGN_OR_RETURN(out.id, fixed<KeyId>(view_of(in.getId()), "key.id"));
  ASSIGN_OR_RETURN(out.key, fixed<PublicKey>(view_of(in.getKey()), "key.key"));
  ASSIGN_OR_RETURN(out.state, state_of(in.getState()));
  ASSIGN_OR_RETURN(out.since, instant_of(in.getSince(), "key.since"));
  return out;
}

Result<NodeEntry> read(const schema::Directory::Node::Reader& in) {
  NodeEntry out;
  ASSIGN_OR_RETURN(out.name, line_of(view_of(in.getName()), "node.name"));
  if (out.name.empty()) return bad_field("node.name", "empty");
  ASSIGN_OR_RETURN(out.transport,
                   optional_fixed<PublicKey>(view_of(in.getTransport()), "node.transport"));
  ASSIGN_OR_RETURN(out.state, state_of(in.getState()));
  return out;
}

// Used by read_list before they are defined.
Result<AddressEntry> read(const schema::Directory::Entry::Reader& in);
Result<Duty> read(const schema::Directory::Duty::Reader& in);
Result<Link> read(const schema::Directory::Link::Reader& in);
Result<Category> read(const schema::Directory::Category::Reader& in);
Result<CalendarDay> read(const schema::Directory::CalendarDay::Reader& in);

template <class Item, class List>
Result<std::vector<Item>> read_list(const List& in, const char* name, std::size_t items_max) {
  RETURN_IF_ERROR(check_items(in.size(), name, items_max));
  std::vector<Item> out;
  out.reserve(in.size());
  for (const auto entry : in) {
    ASSIGN_OR_RETURN(Item item, read(entry));
    out.push_back(std::move(item));
  }
  return out;
}

Result<AddressEntry> read(const schema::Directory::Entry::Reader& in) {
  AddressEntry out;
  ASSIGN_OR_RETURN(out.address, address_of(view_of(in.getAddress()), "address"));
  ASSIGN_OR_RETURN(out.name_zh, line_of(view_of(in.getNameZh()), "nameZh"));
  ASSIGN_OR_RETURN(out.name_en, line_of(view_of(in.getNameEn()), "nameEn"));
  ASSIGN_OR_RETURN(out.kind, org_kind_of(in.getKind()));
  ASSIGN_OR_RETURN(out.state, state_of(in.getState()));
  ASSIGN_OR_RETURN(out.node, line_of(view_of(in.getNode()), "address.node"));
  ASSIGN_OR_RETURN(out.signing,
                   read_list<KeyEntry>(in.getSigning(), "signing", limits::kKeysPerAddressMax));
  ASSIGN_OR_RETURN(out.sealing,
                   read_list<KeyEntry>(in.getSealing(), "sealing", limits::kKeysPerAddressMax));
  ASSIGN_OR_RETURN(out.successor, optional_address_of(view_of(in.getSuccessor()), "successor"));
  ASSIGN_OR_RETURN(out.keeper, optional_address_of(view_of(in.getKeeper()), "keeper"));
  ASSIGN_OR_RETURN(out.recovery, optional_fixed<PublicKey>(view_of(in.getRecovery()), "recovery"));
  return out;
}

Result<Duty> read(const schema::Directory::Duty::Reader& in) {
  Duty out;
  ASSIGN_OR_RETURN(out.category, line_of(view_of(in.getCategory()), "duty.category"));
  ASSIGN_OR_RETURN(out.area, line_of(view_of(in.getArea()), "duty.area"));
  ASSIGN_OR_RETURN(out.lead, address_of(view_of(in.getLead()), "duty.lead"));
  const auto assists = in.getAssists();
  RETURN_IF_ERROR(check_items(assists.size(), "duty.assists", limits::kListItemsMax));
  for (const auto text : assists) {
    ASSIGN_OR_RETURN(Address assist, address_of(view_of(text), "duty.assists"));
    out.assists.push_back(std::move(assist));
  }
  out.priority = in.getPriority();
  ASSIGN_OR_RETURN(out.valid_from, instant_of(in.getValidFrom(), "duty.validFrom"));
  ASSIGN_OR_RETURN(out.valid_to, instant_of(in.getValidTo(), "duty.validTo"));
  ASSIGN_OR_RETURN(out.reason, text_of(view_of(in.getReason()), TextRule::kLines, "duty.reason",
                                       limits::kTextBytesMax));
  return out;
}

Result<Link> read(const schema::Directory::Link::Reader& in) {
  Link out;
  ASSIGN_OR_RETURN(out.a, address_of(view_of(in.getA()), "link.a"));
  ASSIGN_OR_RETURN(out.b, address_of(view_of(in.getB()), "link.b"));
  return out;
}

Result<Category> read(const schema::Directory::Category::Reader& in) {
  Category out;
  ASSIGN_OR_RETURN(out.code, line_of(view_of(in.getCode()), "category.code"));
  ASSIGN_OR_RETURN(out.name_zh, line_of(view_of(in.getNameZh()), "category.nameZh"));
  ASSIGN_OR_RETURN(out.name_en, line_of(view_of(in.getNameEn()), "category.nameEn"));
  out.sealed = in.getSealed();
  return out;
}

Result<CalendarDay> read(const schema::Directory::CalendarDay::Reader& in) {
  CalendarDay out;
  out.day = LocalDay{std::chrono::days{in.getDay()}};
  out.is_work_day = in.getIsWorkDay();
  ASSIGN_OR_RETURN(out.name, line_of(view_of(in.getName()), "calendar.day.name"));
  return out;
}

Result<WorkCalendar::Content> read(const schema::Directory::Calendar::Reader& in) {
  WorkCalendar::Content out;
  out.version = in.getCalendarVersion();
  out.first_year = in.getFirstYear();
  out.last_year = in.getLastYear();
  ASSIGN_OR_RETURN(
      out.days, read_list<CalendarDay>(in.getDays(), "calendar.days", limits::kDirectoryItemsMax));
  return out;
}

Result<Directory::Content> read_content(const schema::Directory::Reader& in) {
  RETURN_IF_ERROR(check_type(MessageType::kDirectory, in.getType(), in.getVersion()));
  constexpr std::size_t kItems = limits::kDirectoryItemsMax;
  Directory::Content out;
  ASSIGN_OR_RETURN(out.network, line_of(view_of(in.getNetwork()), "network"));
  if (in.getDirectoryVersion() == 0) return bad_field("directoryVersion", "0");
  out.version = {in.getDirectoryVersion()};
  ASSIGN_OR_RETURN(out.issued_at, instant_of(in.getIssuedAt(), "issuedAt"));
  ASSIGN_OR_RETURN(out.expires_at, instant_of(in.getExpiresAt(), "expiresAt"));
  ASSIGN_OR_RETURN(out.authority, fixed<PublicKey>(view_of(in.getAuthority()), "authority"));
  ASSIGN_OR_RETURN(out.nodes, read_list<NodeEntry>(in.getNodes(), "nodes", kItems));
  ASSIGN_OR_RETURN(out.addresses, read_list<AddressEntry>(in.getAddresses(), "addresses", kItems));
  ASSIGN_OR_RETURN(out.duties, read_list<Duty>(in.getDuties(), "duties", kItems));
  ASSIGN_OR_RETURN(out.links, read_list<Link>(in.getLinks(), "links", kItems));
  ASSIGN_OR_RETURN(out.categories, read_list<Category>(in.getCategories(), "categories", kItems));
  if (in.hasCalendar()) {
    ASSIGN_OR_RETURN(out.calendar, read(in.getCalendar()));
  }
  return out;
}

Result<Directory::Content> read_bytes(ByteView bytes) {
  Directory::Content out;
  RETURN_IF_ERROR(read_message(
      bytes, "directory", limits::kDirectoryBytesMax, [&](capnp::MessageReader& message) -> Status {
        ASSIGN_OR_RETURN(out, read_content(message.getRoot<schema::Directory>()));
        return ok();
      }));
  return out;
}

}  // namespace

Result<Bytes> encode_directory(const Directory::Content& content) {
  capnp::MallocMessageBuilder message{
      static_cast<unsigned>(1'024 + 64 * (content.addresses.size() + content.duties.size()))};
  auto out = message.initRoot<schema::Directory>();
  out.setType(number_of(MessageType::kDirectory));
  out.setVersion(kFormatVersion);
  out.setDirectoryVersion(content.version.value);
  out.setIssuedAt(to_micros(content.issued_at));
  out.setExpiresAt(to_micros(content.expires_at));
  out.setNetwork(content.network);
  out.setAuthority(to_data(content.authority.view()));
  auto nodes = out.initNodes(count_of(content.nodes.size()));
  for (unsigned i = 0; i < nodes.size(); ++i) {
    nodes[i].setName(content.nodes[i].name);
    nodes[i].setTransport(to_data(view_or_empty(content.nodes[i].transport)));
    nodes[i].setState(number_of(content.nodes[i].state));
  }
  write_addresses(out, content);
  write_rules(out, content);
  write_calendar(out, content.calendar);
  Bytes bytes = flatten(message);
  // Made seldom and signed by people: reading it back is the whole check.
  if (const auto back = read_bytes(bytes); !back) {
    return Error{back.error().code == Errc::kTooLarge ? Errc::kTooLarge : Errc::kInvalid,
                 "directory cannot be written: " + back.error().detail};
  }
  return bytes;
}

Result<Directory> decode_directory(ByteView bytes) {
  ASSIGN_OR_RETURN(Directory::Content content, read_bytes(bytes));
  return Directory::make(std::move(content));
}

Bytes encode_signed_directory(const SignedDirectory& directory) {
  capnp::MallocMessageBuilder message{static_cast<unsigned>(directory.directory.size() / 8 + 64)};
  auto out = message.initRoot<schema::SignedDirectory>();
  out.setType(number_of(MessageType::kSignedDirectory));
  out.setVersion(kFormatVersion);
  out.setDirectory(to_data(directory.directory));
  out.setKey(to_data(directory.key.view()));
  out.setSignature(to_data(directory.signature.view()));
  return flatten(message);
}

Result<SignedDirectory> decode_signed_directory(ByteView bytes) {
  SignedDirectory out;
  const auto read_signed = [&](capnp::MessageReader& message) -> Status {
    const auto in = message.getRoot<schema::SignedDirectory>();
    RETURN_IF_ERROR(check_type(MessageType::kSignedDirectory, in.getType(), in.getVersion()));
    ASSIGN_OR_RETURN(out.key, fixed<KeyId>(view_of(in.getKey()), "key"));
    ASSIGN_OR_RETURN(out.signature, fixed<SignatureBytes>(view_of(in.getSignature()), "signature"));
    const auto directory = in.getDirectory();
    if (directory.size() == 0) return bad_field("directory", "empty");
    out.directory.assign(directory.begin(), directory.end());
    return ok();
  };
  RETURN_IF_ERROR(read_message(bytes, "signed directory",
                               limits::kDirectoryBytesMax + kSignedOverheadBytesMax, read_signed));
  return out;
}

}  // namespace minqing::wire
