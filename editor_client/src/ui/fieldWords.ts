/** What a field of the letterhead is called on the screen. */
import type { ScalarField, TextField } from "../fields/names";
import type { Word } from "../i18n";

const WORDS: Record<Exclude<TextField | ScalarField, "rule_kind">, Word> = {
  issuer_parent: "fieldIssuerParent",
  issuer: "fieldIssuer",
  notation: "fieldNotation",
  place: "fieldPlace",
  subject: "fieldSubject",
  addressees: "fieldAddressees",
  recipients: "fieldRecipients",
  signer_authority: "fieldSignerAuthority",
  signer_position: "fieldSignerPosition",
  signer_name: "fieldSignerName",
  typist: "fieldTypist",
  enacting_authority: "fieldEnactingAuthority",
  dispatcher: "fieldDispatcher",
  invitees: "fieldInvitees",
  event: "fieldEvent",
  chair: "fieldChair",
  secretary: "fieldSecretary",
  attendance: "fieldAttendance",
  starts_at: "fieldStartsAt",
  ends_at: "fieldEndsAt",
  venue: "fieldVenue",
  bearer: "fieldBearer",
  bearer_position: "fieldBearerPosition",
  sent_to: "fieldSentTo",
  purpose: "fieldPurpose",
  valid_until: "fieldValidUntil",
  leave_request: "fieldLeaveRequest",
  leave_period: "fieldLeavePeriod",
  leave_place: "fieldLeavePlace",
  second_position: "fieldSecondPosition",
  second_name: "fieldSecondName",
  handling: "fieldHandling",
  contact: "fieldContact",
  document_type: "documentType",
  date: "date",
  urgency: "urgency",
  deadline: "deadline",
  number: "fieldNumberName",
};

/** A field that this editor does not know is a part of the whole document. */
export function fieldWord(name: string): Word {
  return name in WORDS ? WORDS[name as keyof typeof WORDS] : "checkWhole";
}
