/** Shortcuts of the whole page; those of the text live in extensions/structure.ts. */
import { isMac } from "./ui/dom";

export interface PageKeys {
  readonly undo: () => void;
  readonly redo: () => void;
  readonly find: (withReplace: boolean) => void;
  readonly shortcuts: () => void;
  readonly toolbar: () => void;
  readonly link: () => void;
  /** To the next suggestion, or with -1 to the one before. */
  readonly suggestion: (by: 1 | -1) => void;
}

export function bindKeys(root: HTMLElement, keys: PageKeys): () => void {
  const onKey = (event: KeyboardEvent) => {
    // Keys that belong to an input method are not ours.
    if (event.isComposing || event.defaultPrevented) return;
    const isMod = isMac ? event.metaKey : event.ctrlKey;
    const run = actionOf(event, isMod, keys);
    if (!run) return;
    event.preventDefault();
    run();
  };
  document.addEventListener("keydown", onKey);
  root.addEventListener("beforeinput", blockNativeHistory);
  return () => {
    document.removeEventListener("keydown", onKey);
    root.removeEventListener("beforeinput", blockNativeHistory);
  };
}

function actionOf(event: KeyboardEvent, isMod: boolean, keys: PageKeys): (() => void) | null {
  if (event.altKey && event.key === "F10") return keys.toolbar;
  if (event.altKey && isMod && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    return () => keys.suggestion(event.key === "ArrowDown" ? 1 : -1);
  }
  if (!isMod || event.altKey) return null;
  const target = event.target as HTMLElement;
  switch (event.key.toLowerCase()) {
    case "f":
      return () => keys.find(false);
    case "h":
      return () => keys.find(true);
    case "/":
      return keys.shortcuts;
    case "k":
      return keys.link;
    case "s":
      // Work saves itself; the browser's "save page" would only confuse.
      return () => undefined;
    case "z":
      return isField(target) ? (event.shiftKey ? keys.redo : keys.undo) : null;
    case "y":
      return isField(target) ? keys.redo : null;
    default:
      return null;
  }
}

/** The letterhead shares the draft's undo history; other inputs keep their own. */
function isField(target: HTMLElement): boolean {
  return target.dataset["field"] !== undefined;
}

function blockNativeHistory(event: Event): void {
  const { inputType, target } = event as InputEvent;
  const isHistory = inputType === "historyUndo" || inputType === "historyRedo";
  if (isHistory && isField(target as HTMLElement)) event.preventDefault();
}
