/** Which words of a short text stay, go and come, in reading order. Pure. */

export interface Stretch {
  readonly kind: "same" | "gone" | "come";
  readonly text: string;
}

/** Two texts of more words than this together are one gone and one come. */
const MOST_WORDS = 1500;

export function wordDiff(old: string, now: string): Stretch[] {
  const was = wordsOf(old);
  const is = wordsOf(now);
  let begin = 0;
  while (begin < Math.min(was.length, is.length) && was[begin] === is[begin]) begin += 1;
  let end = 0;
  while (end < Math.min(was.length, is.length) - begin && was.at(-1 - end) === is.at(-1 - end)) end += 1;
  const found: Stretch[] = [];
  const add = (kind: Stretch["kind"], text: string) => {
    const last = found.at(-1);
    if (!text) return;
    if (last?.kind === kind) found[found.length - 1] = { kind, text: last.text + text };
    else found.push({ kind, text });
  };
  add("same", was.slice(0, begin).join(""));
  middle(was.slice(begin, was.length - end), is.slice(begin, is.length - end), add);
  add("same", was.slice(was.length - end).join(""));
  return found;
}

function middle(was: readonly string[], is: readonly string[], add: (kind: Stretch["kind"], text: string) => void): void {
  if (was.length + is.length > MOST_WORDS) {
    add("gone", was.join(""));
    add("come", is.join(""));
    return;
  }
  const lengths = commonLengths(was, is);
  let gone = "";
  let come = "";
  const flush = () => {
    add("gone", gone);
    add("come", come);
    gone = come = "";
  };
  for (let i = 0, j = 0; i < was.length || j < is.length; ) {
    const isKept = i < was.length && j < is.length && was[i] === is[j];
    // A blank between two words that change belongs to them: else each is a stretch.
    const isBlank = (was[i] ?? "").trim() === "" && (gone !== "" || come !== "");
    if (isKept && !(isBlank && was[i + 1] !== is[j + 1])) {
      flush();
      add("same", was[i] ?? "");
      i += 1;
      j += 1;
    } else if (isKept) {
      gone += was[i] ?? "";
      come += is[j] ?? "";
      i += 1;
      j += 1;
    } else if (j >= is.length || (i < was.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      gone += was[i] ?? "";
      i += 1;
    } else {
      come += is[j] ?? "";
      j += 1;
    }
  }
  flush();
}

/** How many words the rests from i and j have in common, in their order. */
function commonLengths(was: readonly string[], is: readonly string[]): number[][] {
  const rows = Array.from({ length: was.length + 1 }, () => new Array<number>(is.length + 1).fill(0));
  for (let i = was.length - 1; i >= 0; i -= 1) {
    const row = rows[i] ?? [];
    for (let j = is.length - 1; j >= 0; j -= 1) {
      row[j] = was[i] === is[j] ? at(rows, i + 1, j + 1) + 1 : Math.max(at(rows, i + 1, j), at(rows, i, j + 1));
    }
  }
  return rows;
}

const at = (rows: readonly (readonly number[])[], i: number, j: number): number => rows[i]?.[j] ?? 0;

function wordsOf(text: string): string[] {
  return text.match(/\s+|\S+/g) ?? [];
}
