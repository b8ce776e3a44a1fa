/**
 * The page as it was before all suggestions, or as it would be after them: a picture
 * beside the editor, not the editor, so that nobody types into what is not there.
 */
import type { Editor } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { DOMSerializer } from "@tiptap/pm/model";
import { labelsOf } from "../extensions/labels";
import { h, whenQuiet } from "../ui/dom";
import { resolveNodes } from "./resolve";

/** A picture of a hundred pages is not drawn anew for each letter of a colleague. */
const REDRAW_MS = 400;
const LONGEST_WAIT_MS = 2000;

export type View = "marked" | "original" | "final";

export interface Preview {
  show(view: View): void;
}

export function createPreview(editor: Editor, page: HTMLElement, label: (view: View) => string): Preview {
  const element = h("div", { class: "ed-body-text sg-preview", lang: "vi", tabindex: "0", role: "document" });
  let shown: View = "marked";
  const draw = () => {
    if (shown === "marked" || editor.isDestroyed) return;
    element.replaceChildren(picture(editor.state.doc, shown));
  };
  const redraw = whenQuiet(draw, REDRAW_MS, LONGEST_WAIT_MS);
  editor.on("transaction", ({ transaction }) => {
    if (transaction.docChanged && shown !== "marked") redraw();
  });
  return {
    show(view) {
      shown = view;
      if (view === "marked") element.remove();
      else page.append(element);
      editor.view.dom.hidden = view !== "marked";
      element.setAttribute("aria-label", label(view));
      draw();
    },
  };
}

function picture(doc: Node, view: View): DocumentFragment {
  const blocks = resolveNodes(doc.content.content, () => view === "final");
  const resolved = doc.type.create(null, blocks);
  const page = document.createDocumentFragment();
  DOMSerializer.fromSchema(doc.type.schema).serializeFragment(resolved.content, {}, page);
  const labels = labelsOf(resolved);
  const paragraphs = page.querySelectorAll("p");
  let index = 0;
  resolved.descendants((node, position) => {
    if (node.type.name !== "paragraph") return !node.isTextblock;
    const label = labels.get(position);
    if (label) paragraphs[index]?.setAttribute("data-label", label);
    index += 1;
    return false;
  });
  return page;
}
