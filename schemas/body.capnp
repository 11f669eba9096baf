@0xd033ba6299b05197;
# The body: the sealed part of an envelope, read only by its two ends. See envelope.capnp for the
# rules that hold in every schema.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("minqing::schema");

struct Body {
  type @0 :UInt16;           # 0xe105
  version @1 :UInt16;        # 1
  kind @2 :UInt16;           # lib/casework/kinds.h. An unknown number is read, then quarantined
      #  1 PETITION_SUBMIT   2 REGISTER        3 HANDLING_OPINION   4 EVALUATION    5 CLOSE
      #  6 CASE_REJECT       7 CONTACT_LOG     8 DIVERT_NOTICE      9 PETITION_WITHDRAW
      # 10 REOPEN           11 CALLBACK       12 RESULT_REVIEW      13 LINK          14 MERGE
      # 15 MATERIAL_REQUEST 16 MATERIAL
      # 20 DISPATCH         21 ASSIST_REQUEST 22 STATEMENT_REQUEST 23 REFER_UP     24 RISK_CHECK
      # 25 REWORK           26 OBJECTION_RULING                    27 JURISDICTION_REQUEST
      # 28 EXECUTION_REQUEST                  29 PROBE             30 TRANSFER      31 ASSIGN
      # 32 URGENT_REPORT    33 ESCALATE
      # 40 SIGN             41 ACCEPT_NOTICE  42 PROGRESS          43 SUPPLEMENT_REQUEST
      # 44 EXTENSION_REQUEST                  45 EXTENSION_DECISION                 46 HEARING_NOTICE
      # 47 HEARING_RESULT   48 MEDIATION
      # 50 REMIND           51 SUPPLEMENT     52 WITHDRAW
      # 60 RESULT_SUBMIT    61 ASSIST_REPLY   62 STATEMENT         63 RISK_RESULT  64 OBJECTION
      # 65 REJECT_NOTICE    66 WITHDRAWN      67 JURISDICTION_RULING
      # 68 EXECUTION_REPORT 69 PROBE_REPLY    70 URGENT_REPLY      71 ESCALATE_REPLY
      # 80 EXPIRED          81 TIMER_FIRED    82 ATTENTION         83 ATTENDED
      # 84 VOID_DECIDED     85 VOIDED         86 MERGED_ANSWER      87 UNMERGED
      # 88 MERGE_PASSED     89 JUDGED_AGAIN
      # 90 CLOSED_AS        91 UNDELIVERABLE  92 CASE_STATE        94 VOID         95 VOID_ANSWER
      # 96 KEEP
  authorRole @3 :UInt16;     # 0 SYSTEM, 1 CITIZEN, 2 AGENT, 3 CLERK, 4 DISPATCHER, 5 HANDLER,
                             # 6 UNIT_HEAD, 7 SUPERVISOR, 8 ADMIN, 9 PARTNER; below 256
  replyBy @4 :Int64;         # requests: when an answer is due; 0 = no clock
  loop @5 :Data;             # 16 or empty. Of a request: its own id; empty for notices, case acts
  inReplyTo @6 :Data;        # 16 or empty. Progress and finals: the request
  relayOf @7 :Data;          # 16 or empty. Requests: the loop that waits for this one's final
  requestLeaf @8 :Data;      # 32 or empty. The leaf of the request it answers; VOID_DECIDED, VOID,
                             # VOID_ANSWER: of the envelope that is given up
  caseId @9 :Text;           # "Q330824-26-7K3M9T2XC" or empty
  authorStaff @10 :Text;     # staff id; empty: the machine
  content @11 :Content;
  attachments @12 :Data;     # n * 32: BLAKE2b-256 of each attachment; at most 64
}

struct Content {
  # What a kind says (lib/casework/content.h). Empty text, zero and empty list mean absent. Nothing
  # here names the petitioner. Addresses in lists: at most 2000 a list.

  title @0 :Text;
  text @1 :Text;             # lines
  category @2 :Text;
  area @3 :Text;
  channel @4 :Text;
  nature @5 :Text;
  urgency @6 :Text;
  confidentiality @7 :Text;
  duty @8 :Text;
  reason @9 :Text;           # lines
  outcome @10 :Text;
  solved @11 :Text;
  legalBasis @12 :Text;      # lines
  remedies @13 :Text;        # lines
  petitionerRef @14 :Text;   # self rows only
  receiptHash @15 :Text;     # self rows only
  caseState @16 :Text;
  code @17 :Text;
  attitude @18 :Int64;
  result @19 :Int64;
  found @20 :Int64;
  respondents @21 :List(Text);
  asked @22 :List(Text);
  silent @23 :List(Text);
  answers @24 :List(Answer); # at most 2000
  about @25 :Data;           # 16 or empty: the envelope a notice speaks of; ATTENDED: the
                             # entry of the person's list
  padding @26 :Data;         # PROBE: payload of a measurement; KEEP: see keep.capnp
  ground @27 :Text;
  decision @28 :Text;
  target @29 :Text;          # a case id
  relation @30 :Text;
  days @31 :Int64;
  caseOwner @32 :Text;       # address
  caseLead @33 :Text;        # address
  version @34 :Int64;
  join @35 :Text;

  struct Answer {
    from @0 :Text;           # address
    found @1 :Int64;
    text @2 :Text;           # lines
  }
}
