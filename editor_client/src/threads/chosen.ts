/** What a new thread will speak of: the words that are selected now. Draws nothing. */
import type { Editor } from "@tiptap/core";
import { makeAnchor, wholeAnchor } from "./anchors";
import { focusedField, hasSelection } from "./bubble";
import type { Range } from "./match";
import type { Places } from "./places";
import type { Anchor } from "./types";

export interface Chosen {
  /** Words selected in a field or in the body; without a selection, all of the field, or
   * the paragraph. */
  selected(): Anchor | null;
  /** A field of the letterhead, whatever is selected. */
  whole(part: string): Anchor | null;
}

export function createChosen(editor: Editor, places: Places, epoch: number): Chosen {
  const inField = (part: string, range?: Range): Anchor | null => {
    const flat = places.flatOf(part);
    return makeAnchor(flat, range ?? { from: 0, to: flat.text.length }, part, epoch) ?? wholeAnchor(flat, part, epoch);
  };
  return {
    selected() {
      const field = focusedField();
      if (field) {
        const range = { from: field.selectionStart, to: field.selectionEnd };
        return inField(field.dataset["field"] ?? "", hasSelection(field) ? range : undefined);
      }
      const { selection } = editor.state;
      const $from = selection.$from;
      const isCaret = selection.empty && $from.parent.isTextblock;
      const range = isCaret ? { from: $from.start(), to: $from.end() } : selection;
      const found = places.flatOf("body").between(range.from, range.to);
      return found && makeAnchor(places.flatOf("body"), found, "body", epoch);
    },
    whole: (part) => inField(part),
  };
}
