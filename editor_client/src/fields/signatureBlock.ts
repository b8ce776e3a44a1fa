/**
 * The signature block that the office's mandates suggest (TM., Q., KT., TL., TUQ.).
 *
 * The server suggests; only a person writes it, as an edit like any other. Must never be
 * written without a click: an edit may void approvals.
 */
import type { Map as YMap } from "yjs";
import { Text as YText } from "yjs";
import { rewrite } from "../check/field";
import { FIELD_ORIGIN } from "../extensions/undo";

export interface SignatureBlock {
  readonly signer_authority: string;
  readonly signer_position: string;
  readonly signer_name: string;
}

export const SIGNATURE_FIELDS = ["signer_authority", "signer_position", "signer_name"] as const;

/** Null while nobody is named who signs, and when the server cannot be asked. */
export async function fetchSignatureBlock(url: string): Promise<SignatureBlock | null> {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok) return null;
    return ((await response.json()) as { signature: SignatureBlock | null }).signature;
  } catch {
    return null;
  }
}

/** Whether the letterhead says something else; capitals and blanks do not count. */
export function differs(block: SignatureBlock, fields: YMap<unknown>): boolean {
  const plain = (text: string) => text.normalize("NFC").toLocaleUpperCase("vi").split(/\s+/).filter(Boolean).join(" ");
  return SIGNATURE_FIELDS.some((name) => {
    const shared = fields.get(name);
    return plain(block[name]) !== plain(shared instanceof YText ? shared.toString() : "");
  });
}

export function writeBlock(block: SignatureBlock, fields: YMap<unknown>): void {
  fields.doc?.transact(() => {
    for (const name of SIGNATURE_FIELDS) {
      const shared = fields.get(name);
      if (shared instanceof YText) rewrite(shared, block[name]);
    }
  }, FIELD_ORIGIN);
}
