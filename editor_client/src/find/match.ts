/**
 * Finds text, with or without diacritics and case. Pure.
 *
 * Folding may change how many units a letter takes (decomposed marks vanish), so every
 * folded unit remembers where it came from; matches are given in original positions.
 */

export interface FindOptions {
  readonly ignoreCase: boolean;
  readonly ignoreDiacritics: boolean;
}

export interface Match {
  readonly from: number;
  readonly to: number;
}

interface Folded {
  readonly text: string;
  /** Original offset of each folded unit, and the length at the end. */
  readonly offsets: readonly number[];
}

/** Fold text for comparing. "Đắk Lắk" without diacritics and case is "dak lak". */
export function fold(text: string, options: FindOptions): Folded {
  let folded = "";
  const offsets: number[] = [];
  let position = 0;
  for (const char of text) {
    let value = char;
    if (options.ignoreDiacritics) {
      value = value
        .normalize("NFD")
        .replace(/\p{M}/gu, "")
        .replace(/đ/g, "d")
        .replace(/Đ/g, "D");
    }
    if (options.ignoreCase) value = value.toLowerCase();
    for (let unit = 0; unit < value.length; unit += 1) offsets.push(position);
    folded += value;
    position += char.length;
  }
  offsets.push(position);
  return { text: folded, offsets };
}

/** All matches from left to right that do not overlap. */
export function findAll(text: string, query: string, options: FindOptions): Match[] {
  const needle = fold(query.normalize("NFC"), options).text;
  if (needle === "") return [];
  const hay = fold(text, options);
  const matches: Match[] = [];
  let start = hay.text.indexOf(needle);
  while (start >= 0) {
    const end = start + needle.length;
    const from = hay.offsets[start] ?? 0;
    // Marks that folding dropped right after the last letter belong to it.
    const to = hay.offsets[end] ?? text.length;
    matches.push({ from, to });
    start = hay.text.indexOf(needle, end);
  }
  return matches;
}
