/**
 * What a thread speaks of, in words: the name of its part, and the quote as people read
 * it. Must never look for the place of a thread.
 */
import type { Map as YMap } from "yjs";
import type { Boot } from "../collab/types";
import { choiceOf, choiceWords, isChoice } from "../fields/choices";
import { TEXT_FIELDS } from "../fields/names";
import type { Translate } from "../i18n";
import { fieldWord } from "../ui/fieldWords";
import { PICTURE } from "./pictures";
import type { Anchor } from "./types";

export interface Naming {
  /** What the part is called; null for words of the body. */
  readonly part: string | null;
  readonly words: string;
}

export interface Names {
  of(anchor: Anchor): Naming;
  /** What a field that is chosen says now, in words; null for every other part. */
  now(anchor: Anchor): string | null;
}

/** Whether people write in the part, so that new words can be suggested for it. */
export const isTextField = (part: string) => (TEXT_FIELDS as readonly string[]).includes(part);

export function namesOf(fields: YMap<unknown>, law: Pick<Boot, "types" | "zeros">, t: Translate): Names {
  const said = (part: string, value: string) =>
    isChoice(part) ? choiceWords(part, value, law, String(fields.get("rule_kind") ?? ""), t) : value;
  return {
    of({ part, quote }) {
      if (part === PICTURE) return quote ? { part: t("threadPicture"), words: quote } : { part: null, words: t("threadPicture") };
      const words = said(part, quote).replace(/\s+/g, " ");
      const name = isChoice(part) || isTextField(part) ? t(fieldWord(part)) : null;
      return { part: name, words: words || t("threadWholeField") };
    },
    now({ part }) {
      return isChoice(part) ? said(part, choiceOf(fields, part)) || t("fsEmpty") : null;
    },
  };
}
