/**
 * What the form of each document type has, as the server's rule-sets tell it (boot).
 *
 * Pure. Must hold no form of its own: the law is data of the server.
 */
import type { TextField } from "./names";
import { TEXT_FIELDS, normOf } from "./names";

/** Names and defaults are those of the server's `TypeLayout`. */
export interface Form {
  readonly name: string;
  readonly name_line: boolean;
  readonly subject: "letter" | "title" | "none";
  readonly addressees: "required" | "allowed" | "none" | "dispatch";
  readonly place_date: boolean;
  /** "QUYẾT ĐỊNH:" …, for the types that an authority enacts. */
  readonly enacts: string;
  readonly signatures: number;
  readonly second_position: string;
  readonly lines_before: readonly string[];
  readonly lines_after: readonly string[];
}

export type Forms = Readonly<Record<string, Readonly<Record<string, Partial<Form>>>>>;

const PLAIN: Form = {
  name: "",
  name_line: true,
  subject: "title",
  addressees: "none",
  place_date: true,
  enacts: "",
  signatures: 1,
  second_position: "",
  lines_before: [],
  lines_after: [],
};
const UNKNOWN: Form = { ...PLAIN, name_line: false, addressees: "allowed" };

/** The words of the letterhead that nobody types (boot). `mark` stands below the issuer:
 * "rule" or a sign; `number` is what stands before and behind the number. */
export interface Head {
  readonly right: readonly string[];
  readonly mark: string;
  readonly number: readonly [string, string];
  readonly subject: string;
  readonly addressees: string;
  readonly recipients: string;
}

/** `ruleKind` "party": the Party's forms; else those of the State. */
export function formOf(forms: Forms, ruleKind: string, type: string): Form {
  const found = forms[normOf(ruleKind)]?.[type];
  return found ? { ...PLAIN, ...found } : UNKNOWN;
}

/** A piece of a line: words of the form, or a field. */
export type Piece = { readonly text: string } | { readonly field: TextField };

/** "Chủ trì: {chair}" → words and fields; a name that is no field stays words. */
export function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = [];
  for (const part of line.split(/(\{\w+\})/)) {
    if (part === "") continue;
    const name = TEXT_FIELDS.find((each) => part === `{${each}}`);
    pieces.push(name ? { field: name } : { text: part });
  }
  return pieces;
}

/**
 * Which lines are printed, given which fields hold something: those whose fields are all
 * there. A line of the issuer alone introduces those that follow and stands with them.
 */
export function printedLines(lines: readonly string[], isFilled: (name: TextField) => boolean): boolean[] {
  const fieldsOf = lines.map((line) => piecesOf(line).flatMap((piece) => ("field" in piece ? [piece.field] : [])));
  const isWhole = fieldsOf.map((names) => names.every(isFilled));
  return fieldsOf.map((names, index) => {
    const introduces = names.every((name) => name === "issuer");
    const follows = isWhole.some((whole, later) => later > index && whole);
    return isWhole[index] === true && (!introduces || follows);
  });
}
