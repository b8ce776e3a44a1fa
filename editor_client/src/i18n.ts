/** The editor's words in the language of the page. Vietnamese is the source. */
import type { Language } from "./collab/types";
import { en } from "./words/en";
import type { Words } from "./words/vi";
import { vi } from "./words/vi";

export type Word = keyof Words;
export type Translate = (word: Word, values?: Readonly<Record<string, string | number>>) => string;

export function translator(language: Language): Translate {
  const words: Words = language === "en" ? en : vi;
  return (word, values = {}) =>
    words[word].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
