/**
 * Lines that the form of a type makes from fields: "Chủ trì: …" of a giấy mời.
 *
 * The words are the form's, the gaps are fields that people fill in together. Must never
 * move a field while its line stays the same: that would take the focus away.
 */
import { h } from "../ui/dom";
import { piecesOf, printedLines } from "./forms";
import type { TextField } from "./names";
import type { FieldSlot } from "./slot";

export interface FormLines {
  readonly element: HTMLElement;
  arrange(lines: readonly string[]): void;
  /** A field or the issuer changed: which lines would be printed now? */
  refresh(): void;
}

export function formLines(slotOf: (name: TextField) => FieldSlot): FormLines {
  const element = h("div", { class: "ed-form-lines", hidden: true });
  let shown: readonly string[] = [];
  let rows: HTMLElement[] = [];
  let issuers: HTMLElement[] = [];

  const refresh = () => {
    const issuer = slotOf("issuer").shown().trim();
    for (const each of issuers) each.textContent = issuer || "…";
    const printed = printedLines(shown, (name) => slotOf(name).shown().trim() !== "");
    rows.forEach((row, index) => row.classList.toggle("is-not-printed", !printed[index]));
  };
  return {
    element,
    refresh,
    arrange(lines) {
      element.hidden = lines.length === 0;
      if (lines.join("\n") === shown.join("\n")) return;
      shown = [...lines];
      issuers = [];
      rows = lines.map((line) => {
        const pieces = piecesOf(line);
        const last = pieces.at(-1);
        const fields = pieces.filter((piece) => "field" in piece && piece.field !== "issuer");
        // One field at the end takes the rest of the line; others stand in the sentence.
        const isFlow = fields.length !== 1 || !last || !("field" in last);
        const words: (HTMLElement | string)[] = [];
        for (const piece of pieces) {
          if ("text" in piece) words.push(piece.text);
          else if (piece.field !== "issuer") words.push(slotOf(piece.field).element);
          else {
            const copy = h("span", {});
            issuers.push(copy);
            words.push(copy);
          }
        }
        if (isFlow) return h("div", { class: "ed-form-line is-flow" }, ...words);
        const field = words.pop();
        return h("div", { class: "ed-form-line" }, h("span", { class: "ed-form-words" }, ...words), field);
      });
      element.replaceChildren(...rows);
      refresh();
    },
  };
}
