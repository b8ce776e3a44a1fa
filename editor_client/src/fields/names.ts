/** Names of the letterhead's fields, as the server creates them (collab/content/tree.py). */

export const TEXT_FIELDS = [
  "issuer_parent",
  "issuer",
  "notation",
  "place",
  "subject",
  "addressees",
  "recipients",
  "signer_authority",
  "signer_position",
  "signer_name",
  "typist",
  "enacting_authority",
  "dispatcher",
  "invitees",
  "event",
  "chair",
  "secretary",
  "attendance",
  "starts_at",
  "ends_at",
  "venue",
  "bearer",
  "bearer_position",
  "sent_to",
  "purpose",
  "valid_until",
  "leave_request",
  "leave_period",
  "leave_place",
  "second_position",
  "second_name",
  "handling",
  "contact",
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export const SCALAR_FIELDS = [
  "document_type",
  "date",
  "urgency",
  "deadline",
  "number",
  "rule_kind",
] as const;
export type ScalarField = (typeof SCALAR_FIELDS)[number];

export const URGENCIES = ["normal", "urgent", "very_urgent", "flash"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Code and name of a document type, as the server tells them (boot). */
export type DocumentType = readonly [code: string, name: string];

/** From a day on, days and months below these are written with a zero before them (boot). */
export interface Zeros {
  readonly from: string;
  readonly day: number;
  readonly month: number;
}

/** Whose norm a draft follows: the field `rule_kind`. */
export type Norm = "state" | "party";

export function normOf(ruleKind: string): Norm {
  return ruleKind === "party" ? "party" : "state";
}

/** "2017-07-05" → { day: "05", month: "7", year: "2017" }; null for anything else.
 * `rules` stand by their first day; a date before them all follows the first. */
export function dateParts(iso: string, rules: readonly Zeros[]): { day: string; month: string; year: string } | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return null;
  const [, year = "", month = "", day = ""] = match;
  const zeros = rules.filter((each) => each.from <= iso).at(-1) ?? rules[0] ?? { day: 1, month: 1 };
  const shown = (digits: string, below: number) => (Number(digits) < below ? digits : String(Number(digits)));
  return { day: shown(day, zeros.day), month: shown(month, zeros.month), year };
}
