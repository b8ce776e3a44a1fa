/** The suggestion that is being made: its transaction, its author, its name. */
import type { Mark } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import type { Suggested, SuggestionName } from "../schema/suggestions";
import type { Author } from "./author";
import { neighbour } from "./author";

/** Why an edit cannot be a suggestion; each is a word that says what to do instead. */
export type Refusal =
  | "structure" // what moves content around: cannot be written as a suggestion
  | "busy"; // too many already suggest another look here

export class NotPossible extends Error {
  constructor(readonly reason: Refusal) {
    super(reason);
  }
}

export class Edit {
  readonly tr: Transaction;
  /** Cells or rows are marked to go, so those that reach over them stay as they are. */
  keepsSpans = false;
  private named: Suggested | null = null;

  constructor(
    state: EditorState,
    readonly author: Author,
  ) {
    this.tr = state.tr;
  }

  /** The suggestion of this edit; near one of the same person it goes on with that. */
  suggestion(...near: readonly number[]): Suggested {
    for (const place of near) {
      const found = this.named ? null : neighbour(this.tr.doc.resolve(place), this.author);
      if (found) this.named = { id: found.id, author: found.author, at: found.at };
    }
    this.named ??= { id: this.author.newId(), author: this.author.id, at: this.author.now() };
    return this.named;
  }

  /** Be part of a suggestion of this person, unless the edit has one already. */
  goOnWith({ id, author, at }: Suggested): void {
    this.named ??= { id, author, at };
  }

  mark(name: SuggestionName, attrs: object): Mark {
    const type = this.tr.doc.type.schema.marks[name];
    if (!type) throw new NotPossible("structure");
    return type.create({ ...attrs });
  }

  /** Set only what differs: a colleague's change of another attribute merges. */
  setAttrs(position: number, attrs: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(attrs)) {
      const node = this.tr.doc.nodeAt(position);
      if (node && !isSame(node.attrs[name] ?? null, value)) this.tr.setNodeAttribute(position, name, value);
    }
  }
}

/** Widths are a list, made anew each time. */
function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((each, index) => each === other[index]);
}
