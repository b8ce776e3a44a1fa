/** Leads to a place: scrolls there, puts the caret there, lights it up for a moment. */
import type { Editor } from "@tiptap/core";
import type { Span } from "./text";

const SHOWN_MS = 2600;

/** A phone opens its keyboard over the page when a field gets the focus. */
const mayFocus = () => !matchMedia("(max-width: 700px)").matches;

export function jumpToText(editor: Editor, span: Span): void {
  const { doc } = editor.state;
  const to = Math.min(span.to, doc.content.size);
  const from = Math.min(span.from, to);
  const chain = editor.chain().setTextSelection({ from, to });
  if (editor.isEditable && mayFocus()) chain.focus(null, { scrollIntoView: false });
  chain.flash({ from, to }).run();
  const { node } = editor.view.domAtPos(from);
  const element = node instanceof Element ? node : node.parentElement;
  element?.closest("p, td, th")?.scrollIntoView({ block: "center" });
}

/** A field of the letterhead or of the strip above it. False when it is not shown. */
export function jumpToField(root: HTMLElement, name: string, span: Span | null): boolean {
  const escaped = CSS.escape(name);
  const found = root.querySelector<HTMLElement>(`[data-field="${escaped}"], [data-place="${escaped}"]`);
  if (!found) return false;
  found.scrollIntoView({ block: "center" });
  if (mayFocus()) found.focus({ preventScroll: true });
  if (span && found instanceof HTMLTextAreaElement) found.setSelectionRange(span.from, span.to);
  lightUp(found.closest<HTMLElement>(".ed-grow, .ed-date") ?? found);
  return true;
}

export function lightUp(element: HTMLElement): void {
  element.classList.add("is-lit");
  setTimeout(() => element.classList.remove("is-lit"), SHOWN_MS);
}
