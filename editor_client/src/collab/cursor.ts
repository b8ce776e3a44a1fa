/**
 * A colleague's caret as their program sent it: only what can be a place in the text.
 *
 * Why: the server vouches for the name beside a caret, not for the caret. Yjs throws on a
 * place that is none, and that would end the editor of everybody who sees it. It must
 * never let a value through whose shape was not looked at.
 */
export interface Cursor {
  readonly anchor: unknown;
  readonly head: unknown;
}

/** The caret, or null when it is none. */
export function safeCursor(value: unknown): Cursor | null {
  if (!isObject(value)) return null;
  const { anchor, head } = value;
  return isPlace(anchor) && isPlace(head) ? { anchor, head } : null;
}

/** A relative position of Yjs as JSON: beside an item, or at an end of a type. */
function isPlace(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { type = null, tname = null, item = null, assoc = null } = value;
  return (
    (item === null || isId(item)) &&
    (type === null || isId(type)) &&
    (tname === null || typeof tname === "string") &&
    (assoc === null || typeof assoc === "number") &&
    (item !== null || type !== null || tname !== null)
  );
}

function isId(value: unknown): boolean {
  return isObject(value) && isCount(value["client"]) && isCount(value["clock"]);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
