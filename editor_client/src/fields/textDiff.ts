/** Smallest single edit between two texts, and how positions move through edits. Pure. */

export interface Edit {
  readonly index: number;
  readonly remove: number;
  readonly insert: string;
}

/** One operation of a Yjs text event. */
export interface DeltaOp {
  readonly retain?: number;
  readonly insert?: unknown;
  readonly delete?: number;
}

/**
 * The edit that turns `before` into `after`. `caret` is where the caret stands in
 * `after`: of equal readings ("aa" → "aaa") the one that ends at the caret is meant.
 */
export function diff(before: string, after: string, caret: number): Edit | null {
  if (before === after) return null;
  let end = 0;
  const mostEnd = Math.min(before.length, after.length - Math.min(caret, after.length));
  while (end < mostEnd && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  let index = 0;
  const mostIndex = Math.min(before.length, after.length) - end;
  while (index < mostIndex && before[index] === after[index]) index += 1;
  // Forward delete leaves the caret before text that is equal on both sides.
  while (
    end < Math.min(before.length, after.length) - index &&
    before.at(-1 - end) === after.at(-1 - end)
  ) {
    end += 1;
  }
  // Never cut a surrogate pair in two.
  if (isLowSurrogate(before, index) || isLowSurrogate(after, index)) index -= 1;
  if (isLowSurrogate(before, before.length - end)) end -= 1;
  return {
    index,
    remove: before.length - end - index,
    insert: after.slice(index, after.length - end),
  };
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Where a position lands after a delta. Text inserted exactly there pushes it on
 * only with `sticky: "after"`. */
export function moveThrough(
  delta: readonly DeltaOp[],
  position: number,
  sticky: "before" | "after" = "before",
): number {
  let from = 0;
  let moved = position;
  for (const op of delta) {
    if (op.retain !== undefined) {
      from += op.retain;
    } else if (typeof op.insert === "string") {
      if (from < moved || (from === moved && sticky === "after")) moved += op.insert.length;
      from += op.insert.length;
    } else if (op.delete !== undefined) {
      if (from < moved) moved -= Math.min(op.delete, moved - from);
    }
    if (from > moved) break;
  }
  return moved;
}
