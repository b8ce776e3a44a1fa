/** What the check of form found, as the API tells it, and how it is asked. */

export interface Place {
  readonly field: string | null;
  readonly paragraph: number | null;
  /** Code points of the text in NFC; see text.ts. */
  readonly start: number;
  readonly end: number;
}

export interface Fix {
  readonly kind: "replace" | "remove" | "number";
  readonly from: string;
  readonly to: string;
}

export interface Fault {
  readonly rule: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly source: string;
  readonly place: Place;
  readonly quote: string;
  readonly excerpt: string;
  readonly fix: Fix | null;
}

export interface FormCheck {
  readonly norm: string;
  readonly errors: number;
  readonly warnings: number;
  readonly faults: readonly Fault[];
}

/** Rejects when the server cannot be reached or refuses. */
export async function fetchFormCheck(url: string): Promise<FormCheck> {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`the check answered ${String(response.status)}`);
  return (await response.json()) as FormCheck;
}

/** "#paragraph-3:24-26" or "#field-subject" of a link to the editor; null for others. */
export function placeFromHash(hash: string): Place | null {
  const paragraph = /^#paragraph-(\d{1,6})(?::(\d{1,6})-(\d{1,6}))?$/.exec(hash);
  if (paragraph) {
    const [, index, start = "0", end = "0"] = paragraph;
    return { field: null, paragraph: Number(index), start: Number(start), end: Number(end) };
  }
  const field = /^#field-([a-z_]+)$/.exec(hash);
  return field?.[1] ? { field: field[1], paragraph: null, start: 0, end: 0 } : null;
}
