/** Shortcuts of the threads, on the whole page. By the key's place: Alt changes signs. */
import { isMac } from "../ui/dom";

export interface ThreadKeys {
  readonly compose: () => void;
  readonly next: () => void;
  readonly previous: () => void;
}

export function bindThreadKeys(keys: ThreadKeys): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return;
    const isMod = isMac ? event.metaKey : event.ctrlKey;
    if (!isMod || !event.altKey || event.shiftKey) return;
    const run = { KeyM: keys.compose, Period: keys.next, Comma: keys.previous }[event.code];
    if (!run) return;
    event.preventDefault();
    run();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
