/** Builds DOM with plain functions. Text always becomes text nodes, never HTML. */

type Child = Node | string | null | undefined | false;
type Props = Readonly<Record<string, unknown>>;

/**
 * `h("button", { class: "x", onclick: f, title: "…" }, "text")`. Keys starting with
 * "on" are listeners; true and false set or leave out an attribute; `dataset` is spread.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), value as EventListener);
    } else if (name === "dataset") {
      Object.assign(element.dataset, value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

export function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** Run at most once a frame, however often it is asked for. */
export function oncePerFrame(run: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      run();
    });
  };
}

/** Run when nothing asked for it during `wait_ms`, at the latest `most_ms` after it was
 * asked for: where many write, it is never quiet. */
export function whenQuiet(run: () => void, wait_ms: number, most_ms = Infinity): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due: number | null = null;
  return () => {
    due ??= Date.now() + most_ms;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        due = null;
        run();
      },
      Math.max(0, Math.min(wait_ms, due - Date.now())),
    );
  };
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** "Mod-Shift-l" → "Ctrl+Shift+L" (⌘⇧L on a Mac). */
export function shortcutText(keys: string): string {
  const names: Record<string, string> = isMac
    ? { Mod: "⌘", Shift: "⇧", Alt: "⌥" }
    : { Mod: "Ctrl", Shift: "Shift", Alt: "Alt" };
  return keys
    .split("-")
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(isMac ? "" : "+");
}
