/**
 * Roman numbers and the Vietnamese alphabet of points. Pure.
 *
 * The alphabet has no f, j, w, z, and ă â ê ô ơ ư are not used for points
 * (Decree 30/2020, appendix I): a b c d đ e g h i k l m n o p q r s t u v x y.
 */

const POINT_LETTERS = [..."abcdđeghiklmnopqrstuvxy"];
const LAST = 3999;
const ROMAN: readonly (readonly [number, string])[] = [
  [1000, "M"],
  [900, "CM"],
  [500, "D"],
  [400, "CD"],
  [100, "C"],
  [90, "XC"],
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];

export function toRoman(value: number): string {
  if (value <= 0 || value > LAST) return String(value);
  let rest = value;
  let digits = "";
  for (const [worth, letters] of ROMAN) {
    while (rest >= worth) {
      digits += letters;
      rest -= worth;
    }
  }
  return digits;
}

/** The value of Roman digits, or null when the text holds anything else. */
export function fromRoman(text: string): number | null {
  const worths = [...text].map((c) => ROMAN.find(([, letter]) => letter === c)?.[0]);
  let total = 0;
  for (const [index, worth] of worths.entries()) {
    if (worth === undefined) return null;
    total += (worths[index + 1] ?? 0) > worth ? -worth : worth;
  }
  return total > 0 ? total : null;
}

/** 1 → a, 5 → đ, 23 → y, 24 → aa. */
export function toLetters(value: number): string {
  let rest = value;
  let letters = "";
  while (rest > 0) {
    const index = (rest - 1) % POINT_LETTERS.length;
    letters = (POINT_LETTERS[index] ?? "") + letters;
    rest = Math.floor((rest - 1) / POINT_LETTERS.length);
  }
  return letters;
}

export function fromLetters(text: string): number | null {
  let total = 0;
  for (const letter of text) {
    const index = POINT_LETTERS.indexOf(letter);
    if (index < 0) return null;
    total = total * POINT_LETTERS.length + index + 1;
    if (total > LAST) return null;
  }
  return total || null;
}
