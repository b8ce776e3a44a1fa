/**
 * Binds a shared text of the letterhead to a text area.
 *
 * Local edits become the smallest change of the Y.Text; remote edits move the caret as
 * a reader expects. While a word is being composed the text area is never written to
 * (that would end the composition): remote edits wait and the local edit is carried
 * over them. Must never replace the whole text.
 */
import type { Text as YText, YTextEvent } from "yjs";
import type { DeltaOp } from "./textDiff";
import { diff, moveThrough } from "./textDiff";

export interface TextBinding {
  readonly element: HTMLTextAreaElement;
  destroy(): void;
}

export interface TextBindingOptions {
  /** Lines are allowed; otherwise a pasted line break becomes a space. */
  readonly multiline: boolean;
  readonly origin: unknown;
  /** Called after every change of the shown text. */
  readonly onChange?: (text: string) => void;
}

export function bindText(
  element: HTMLTextAreaElement,
  text: YText,
  options: TextBindingOptions,
): TextBinding {
  let shown = text.toString();
  let composing = false;
  /** Remote changes since `shown`, while composing. */
  let waiting: DeltaOp[][] = [];
  element.value = shown;
  options.onChange?.(shown);

  const push = () => {
    if (composing) return;
    const value = options.multiline
      ? element.value
      : element.value.replace(/\s*[\r\n]+\s*/g, " ");
    if (value !== element.value) {
      const caret = element.selectionEnd;
      element.value = value;
      element.setSelectionRange(caret, caret);
    }
    const edit = diff(shown, value, element.selectionEnd);
    const deltas = waiting;
    waiting = [];
    if (edit) {
      let from = edit.index;
      let to = edit.index + edit.remove;
      for (const delta of deltas) {
        from = moveThrough(delta, from);
        to = Math.max(from, moveThrough(delta, to));
      }
      shown = value;
      text.doc?.transact(() => {
        if (to > from) text.delete(from, to - from);
        if (edit.insert) text.insert(from, edit.insert);
      }, options.origin);
    }
    if (deltas.length) show(deltas);
    options.onChange?.(element.value);
  };

  /** Show the shared text, the caret moved through what changed. */
  const show = (deltas: readonly DeltaOp[][]) => {
    shown = text.toString();
    if (element.value === shown) return;
    let { selectionStart, selectionEnd } = element;
    for (const delta of deltas) {
      selectionStart = moveThrough(delta, selectionStart);
      selectionEnd = moveThrough(delta, selectionEnd);
    }
    const isFocused = element.ownerDocument.activeElement === element;
    element.value = shown;
    // Setting a selection elsewhere would steal the focus in some browsers.
    if (isFocused) element.setSelectionRange(selectionStart, selectionEnd);
  };

  const observer = (event: YTextEvent) => {
    if (event.transaction.origin === options.origin && event.transaction.local) {
      if (text.toString() === element.value) return;
    }
    const delta = event.delta as DeltaOp[];
    if (composing) {
      waiting.push(delta);
      return;
    }
    show([delta]);
    options.onChange?.(element.value);
  };

  const onCompositionStart = () => {
    push();
    composing = true;
  };
  const onCompositionEnd = () => {
    composing = false;
    push();
  };
  const onBlur = () => {
    composing = false;
    push();
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData?.getData("text/plain");
    if (pasted === undefined || element.readOnly) return;
    event.preventDefault();
    const clean = pasted.normalize("NFC").replace(/\r\n?/g, "\n").replace(/\u00a0/g, " ");
    const inserted = options.multiline ? clean : clean.trim().replace(/\s*\n\s*/g, " ");
    element.setRangeText(inserted, element.selectionStart, element.selectionEnd, "end");
    push();
  };

  element.addEventListener("input", push);
  element.addEventListener("compositionstart", onCompositionStart);
  element.addEventListener("compositionend", onCompositionEnd);
  element.addEventListener("blur", onBlur);
  element.addEventListener("paste", onPaste);
  text.observe(observer);

  return {
    element,
    destroy() {
      element.removeEventListener("input", push);
      element.removeEventListener("compositionstart", onCompositionStart);
      element.removeEventListener("compositionend", onCompositionEnd);
      element.removeEventListener("blur", onBlur);
      element.removeEventListener("paste", onPaste);
      text.unobserve(observer);
    },
  };
}
