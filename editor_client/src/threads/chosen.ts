/** What a new thread will speak of: the words that are selected now. Draws nothing. */
import type { Editor } from "@tiptap/core";
import type { Choice } from "../fields/choices";
import { isChoice } from "../fields/choices";
import { choiceAnchor, makeAnchor, wholeAnchor } from "./anchors";
import { focusedField, hasSelection, selectedPicture } from "./bubble";
import type { Range } from "./match";
import { pictureAnchor } from "./pictures";
import type { Places } from "./places";
import type { Anchor } from "./types";

export interface Chosen {
  /** Words selected in a field or in the body, or a picture; without a selection, all of
   * the field, or the paragraph. */
  selected(): Anchor | null;
  /** A field of the letterhead, whatever is selected. */
  whole(part: string): Anchor | null;
  /** A field that is chosen. */
  choice(part: Choice): Anchor;
}

export function createChosen(editor: Editor, places: Places, epoch: number): Chosen {
  const inField = (part: string, range?: Range): Anchor | null => {
    const flat = places.flatOf(part);
    return makeAnchor(flat, range ?? { from: 0, to: flat.text.length }, part, epoch) ?? wholeAnchor(flat, part, epoch);
  };
  const choice = (part: Choice) => choiceAnchor(part, places.flatOf(part).text, epoch);
  return {
    choice,
    selected() {
      const chosen = document.activeElement?.closest<HTMLElement>("[data-choice]")?.dataset["choice"];
      if (chosen !== undefined && isChoice(chosen)) return choice(chosen);
      const field = focusedField();
      if (field) {
        const range = { from: field.selectionStart, to: field.selectionEnd };
        return inField(field.dataset["field"] ?? "", hasSelection(field) ? range : undefined);
      }
      const picture = selectedPicture(editor);
      if (picture !== null) {
        const flat = places.flatOf("body");
        const found = flat.pictures.find(({ pos }) => pos === picture);
        return found ? pictureAnchor(found, flat, epoch) : null;
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
