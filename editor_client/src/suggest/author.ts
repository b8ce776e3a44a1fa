/** Who suggests now, and the one suggestion that an edit makes or goes on with. */
import type { Node, ResolvedPos } from "@tiptap/pm/model";
import type { Suggested } from "../schema/suggestions";
import { ended, suggestedOn } from "./ended";

/** A working day. */
const GOES_ON_MS = 8 * 3_600_000;

export interface Author {
  readonly id: string;
  readonly now: () => string;
  readonly newId: () => string;
}

export function isBy(suggested: Suggested | null, author: Author): suggested is Suggested {
  return suggested?.author === author.id;
}

/** The person's own suggestion beside a place, which an edit there goes on with. */
export function neighbour(place: ResolvedPos, author: Author): Suggested | null {
  for (const node of [place.nodeBefore, place.nodeAfter]) {
    const found = node && ownOn(node, author);
    if (found && isRecent(found, author)) return found;
  }
  // At the start of a paragraph: the end of the one before may be one's own.
  if (place.parentOffset === 0 && place.depth > 0) {
    const before = place.node(-1).maybeChild(place.index(-1) - 1);
    const insertion = before ? ended(before, "insertion") : null;
    if (isBy(insertion, author) && isRecent(insertion, author)) return insertion;
  }
  return null;
}

/** Whether an edit now still belongs to it: what was suggested last week keeps its time. */
function isRecent({ at }: Suggested, author: Author): boolean {
  return Math.abs(Date.parse(author.now()) - Date.parse(at)) < GOES_ON_MS;
}

function ownOn(node: Node, author: Author): Suggested | null {
  const found = (["insertion", "deletion"] as const).map((name) =>
    node.isText ? suggestedOn(node.marks, name) : ended(node, name),
  );
  return found.find((each) => isBy(each, author)) ?? null;
}

const GROUNDS = new Set(["table", "tableRow", "tableCell", "tableHeader"]);

/** Whether a place is in a table, row or column of this person's own: free ground. */
export function isOwnGround(place: ResolvedPos, author: Author): boolean {
  for (let depth = place.depth; depth > 0; depth -= 1) {
    const node = place.node(depth);
    const { name } = node.type;
    if (GROUNDS.has(name) && isBy(ended(node, "insertion"), author)) return true;
  }
  return false;
}
