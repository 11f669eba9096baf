#include "wire/body_codec.h"

#include <array>

#include <capnp/message.h>

#include "core/limits.h"
#include "schemas/body.capnp.h"
#include "wire/message_io.h"

namespace minqing::wire {
namespace {

using casework::Answer;
using casework::Body;
using casework::Content;
using AddressList = capnp::List<capnp::Text>;

/// One row per text of Content: both directions and the checks go over the same table.
struct TextRow {
  const char* name;
  std::string Content::*member;
  TextRule rule;
  capnp::Text::Reader (schema::Content::Reader::*get)() const;
  void (schema::Content::Builder::*set)(capnp::Text::Reader);
};

#define TEXT_ROW(member, name, rule)                                                \
  TextRow {                                                                         \
#member, &Content::member, TextRule::rule, &schema::Content::Reader::get##name, \
        &schema::Content::Builder::set##name                                        \
  }
const std::array kTexts{
    TEXT_ROW(title, Title, kLine),
    TEXT_ROW(text, Text, kLines),
    TEXT_ROW(category, Category, kLine),
    TEXT_ROW(area, Area, kLine),
    TEXT_ROW(channel, Channel, kLine),
    TEXT_ROW(nature, Nature, kLine),
    TEXT_ROW(urgency, Urgency, kLine),
    TEXT_ROW(confidentiality, Confidentiality, kLine),
    TEXT_ROW(duty, Duty, kLine),
    TEXT_ROW(reason, Reason, kLines),
    TEXT_ROW(outcome, Outcome, kLine),
    TEXT_ROW(solved, Solved, kLine),
    TEXT_ROW(legal_basis, LegalBasis, kLines),
    TEXT_ROW(remedies, Remedies, kLines),
    TEXT_ROW(petitioner_ref, PetitionerRef, kLine),
    TEXT_ROW(receipt_hash, ReceiptHash, kLine),
    TEXT_ROW(case_state, CaseState, kLine),
    TEXT_ROW(code, Code, kLine),
    TEXT_ROW(ground, Ground, kLine),
    TEXT_ROW(decision, Decision, kLine),
    TEXT_ROW(target, Target, kLine),
    TEXT_ROW(relation, Relation, kLine),
    TEXT_ROW(case_owner, CaseOwner, kLine),
    TEXT_ROW(case_lead, CaseLead, kLine),
    TEXT_ROW(join, Join, kLine),
};
#undef TEXT_ROW

// --- checks before writing -----------------------------------------------------------------------

Status check_addresses(const std::vector<Address>& list, const char* name) {
  RETURN_IF_ERROR(check_items(list.size(), name, limits::kListItemsMax));
  for (const Address& address : list) {
    if (address.is_none()) return Error{Errc::kInvalid, std::string{name} + ": an empty address"};
  }
  return ok();
}

Status check_writable(const Body& body) {
  const Content& content = body.content;
  for (const TextRow& row : kTexts) {
    RETURN_IF_ERROR(check_text(content.*row.member, row.rule, row.name, limits::kBodyBytesMax));
  }
  RETURN_IF_ERROR(
      check_text(body.author.staff, TextRule::kLine, "staff", limits::kStaffIdBytesMax));
  RETURN_IF_ERROR(check_addresses(content.respondents, "respondents"));
  RETURN_IF_ERROR(check_addresses(content.asked, "asked"));
  RETURN_IF_ERROR(check_addresses(content.silent, "silent"));
  RETURN_IF_ERROR(check_items(content.answers.size(), "answers", limits::kListItemsMax));
  for (const Answer& answer : content.answers) {
    if (answer.from.is_none()) return Error{Errc::kInvalid, "answers: an empty address"};
    RETURN_IF_ERROR(
        check_text(answer.text, TextRule::kLines, "answers.text", limits::kBodyBytesMax));
  }
  RETURN_IF_ERROR(check_items(body.attachments.size(), "attachments", limits::kAttachmentsMax));
  for (const AttachmentHash& hash : body.attachments) {
    if (hash.is_none()) return Error{Errc::kInvalid, "attachments: an empty hash"};
  }
  RETURN_IF_ERROR(instant_of(to_micros(body.reply_by), "replyBy"));
  // The rest is far below the slack of kBodyBytesMax; this only spares building a monster.
  return check_items(content.padding.size(), "padding", limits::kBodyBytesMax);
}

// --- writing -------------------------------------------------------------------------------------

void write_addresses(AddressList::Builder out, const std::vector<Address>& in) {
  unsigned at = 0;
  for (const Address& address : in) out.set(at++, address.text());
}

void write_content(schema::Content::Builder out, const Content& in) {
  for (const TextRow& row : kTexts) {
    if (!(in.*row.member).empty()) (out.*row.set)(in.*row.member);
  }
  out.setAttitude(in.attitude);
  out.setResult(in.result);
  out.setFound(in.found);
  out.setDays(in.days);
  out.setVersion(in.version);
  const auto size = [](const auto& list) { return static_cast<unsigned>(list.size()); };
  if (!in.respondents.empty()) {
    write_addresses(out.initRespondents(size(in.respondents)), in.respondents);
  }
  if (!in.asked.empty()) write_addresses(out.initAsked(size(in.asked)), in.asked);
  if (!in.silent.empty()) write_addresses(out.initSilent(size(in.silent)), in.silent);
  if (!in.answers.empty()) {
    auto answers = out.initAnswers(size(in.answers));
    for (unsigned i = 0; i < answers.size(); ++i) {
      answers[i].setFrom(in.answers[i].from.text());
      answers[i].setFound(in.answers[i].found);
      answers[i].setText(in.answers[i].text);
    }
  }
  if (!in.about.is_none()) out.setAbout(to_data(in.about.view()));
  if (!in.padding.empty()) out.setPadding(to_data(in.padding));
}

void write_body(schema::Body::Builder out, const Body& in) {
  out.setType(static_cast<std::uint16_t>(MessageType::kBody));
  out.setVersion(kFormatVersion);
  out.setKind(static_cast<std::uint16_t>(in.kind));
  out.setAuthorRole(static_cast<std::uint16_t>(in.author.role));
  out.setReplyBy(to_micros(in.reply_by));
  if (!in.loop.is_none()) out.setLoop(to_data(in.loop.view()));
  if (!in.in_reply_to.is_none()) out.setInReplyTo(to_data(in.in_reply_to.view()));
  if (!in.relay_of.is_none()) out.setRelayOf(to_data(in.relay_of.view()));
  if (!in.request_leaf.is_none()) out.setRequestLeaf(to_data(in.request_leaf.view()));
  if (!in.case_id.is_none()) out.setCaseId(in.case_id.text());
  if (!in.author.staff.empty()) out.setAuthorStaff(in.author.staff);
  if (!in.attachments.empty()) out.setAttachments(to_data(join(in.attachments)));
  write_content(out.initContent(), in.content);
}

// --- reading -------------------------------------------------------------------------------------

Result<std::vector<Address>> read_addresses(AddressList::Reader in, const char* name) {
  RETURN_IF_ERROR(check_items(in.size(), name, limits::kListItemsMax));
  std::vector<Address> out;
  out.reserve(in.size());
  for (const auto text : in) {
    ASSIGN_OR_RETURN(Address address, address_of(view_of(text), name));
    out.push_back(std::move(address));
  }
  return out;
}

Result<std::vector<Answer>> read_answers(capnp::List<schema::Content::Answer>::Reader in) {
  RETURN_IF_ERROR(check_items(in.size(), "answers", limits::kListItemsMax));
  std::vector<Answer> out;
  out.reserve(in.size());
  for (const auto item : in) {
    Answer answer;
    ASSIGN_OR_RETURN(answer.from, address_of(view_of(item.getFrom()), "answers.from"));
    answer.found = item.getFound();
    ASSIGN_OR_RETURN(answer.text, text_of(view_of(item.getText()), TextRule::kLines, "answers.text",
                                          limits::kBodyBytesMax));
    out.push_back(std::move(answer));
  }
  return out;
}

Result<Content> read_content(const schema::Content::Reader& in) {
  Content out;
  for (const TextRow& row : kTexts) {
    ASSIGN_OR_RETURN(out.*row.member,
                     text_of(view_of((in.*row.get)()), row.rule, row.name, limits::kBodyBytesMax));
  }
  out.attitude = in.getAttitude();
  out.result = in.getResult();
  out.found = in.getFound();
  out.days = in.getDays();
  out.version = in.getVersion();
  ASSIGN_OR_RETURN(out.respondents, read_addresses(in.getRespondents(), "respondents"));
  ASSIGN_OR_RETURN(out.asked, read_addresses(in.getAsked(), "asked"));
  ASSIGN_OR_RETURN(out.silent, read_addresses(in.getSilent(), "silent"));
  ASSIGN_OR_RETURN(out.answers, read_answers(in.getAnswers()));
  ASSIGN_OR_RETURN(out.about, optional_fixed<MessageId>(view_of(in.getAbout()), "about"));
  const auto padding = in.getPadding();
  out.padding.assign(padding.begin(), padding.end());
  return out;
}

Result<CaseId> read_case_id(ByteView view) {
  if (view.empty()) return CaseId{};
  auto id = CaseId::parse(as_text(view));
  if (!id || id->text() != as_text(view)) return bad_field("caseId", "not a case id");
  return id;
}

Result<Body> read_body(const schema::Body::Reader& in) {
  RETURN_IF_ERROR(check_type(MessageType::kBody, in.getType(), in.getVersion()));
  Body out;
  out.kind = static_cast<casework::Kind>(in.getKind());
  if (in.getAuthorRole() > 0xFF) return bad_field("authorRole", "above 255");
  out.author.role = static_cast<casework::Role>(in.getAuthorRole());
  ASSIGN_OR_RETURN(out.author.staff, text_of(view_of(in.getAuthorStaff()), TextRule::kLine, "staff",
                                             limits::kStaffIdBytesMax));
  ASSIGN_OR_RETURN(out.reply_by, instant_of(in.getReplyBy(), "replyBy"));
  ASSIGN_OR_RETURN(out.loop, optional_fixed<LoopId>(view_of(in.getLoop()), "loop"));
  ASSIGN_OR_RETURN(out.in_reply_to,
                   optional_fixed<MessageId>(view_of(in.getInReplyTo()), "inReplyTo"));
  ASSIGN_OR_RETURN(out.relay_of, optional_fixed<LoopId>(view_of(in.getRelayOf()), "relayOf"));
  ASSIGN_OR_RETURN(out.request_leaf,
                   optional_fixed<Leaf>(view_of(in.getRequestLeaf()), "requestLeaf"));
  ASSIGN_OR_RETURN(out.case_id, read_case_id(view_of(in.getCaseId())));
  ASSIGN_OR_RETURN(out.attachments,
                   fixed_list<AttachmentHash>(view_of(in.getAttachments()), "attachments",
                                              limits::kAttachmentsMax));
  ASSIGN_OR_RETURN(out.content, read_content(in.getContent()));
  return out;
}

}  // namespace

Result<Bytes> encode_body(const Body& body) {
  RETURN_IF_ERROR(check_writable(body));
  capnp::MallocMessageBuilder message{
      static_cast<unsigned>((body.content.text.size() + body.content.padding.size()) / 8 + 512)};
  write_body(message.initRoot<schema::Body>(), body);
  Bytes bytes = flatten(message);
  if (bytes.size() > limits::kBodyBytesMax) {
    return Error{Errc::kTooLarge, "body: " + std::to_string(bytes.size()) + " bytes, at most " +
                                      std::to_string(limits::kBodyBytesMax) +
                                      "; shorten the texts or attach files"};
  }
  return bytes;
}

Result<Body> decode_body(ByteView bytes) {
  Body out;
  RETURN_IF_ERROR(read_message(bytes, "body", limits::kBodyBytesMax,
                               [&](capnp::MessageReader& message) -> Status {
                                 ASSIGN_OR_RETURN(out, read_body(message.getRoot<schema::Body>()));
                                 return ok();
                               }));
  return out;
}

}  // namespace minqing::wire
