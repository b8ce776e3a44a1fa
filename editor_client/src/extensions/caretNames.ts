/**
 * A colleague's name stands at their caret for a moment after it moved, and while the
 * mouse is on it; then the caret alone, because a name covers the line above.
 *
 * The caret takes no pointer (a click must land in the text), so the mouse is compared
 * with its place. Must never touch the text: only classes of the carets change.
 */
import type { Awareness } from "y-protocols/awareness";

/** How long the name stays after a move. */
export const NAMED_MS = 2000;
/** How near the mouse must be to the line of the caret. */
const NEAR_PX = 6;
/** Between the name and the edge of the window. */
const MARGIN_PX = 6;

interface Moved {
  readonly cursor: string;
  readonly timer: ReturnType<typeof setTimeout> | null;
}

export class CaretNames {
  private readonly moved = new Map<number, Moved>();
  private root: HTMLElement | null = null;
  private frame = 0;

  constructor(private readonly awareness: Awareness) {}

  /** Begin to show names in this editor; returns how to stop. */
  watch(root: HTMLElement): () => void {
    this.root = root;
    const onChange = () => this.notice();
    const onMouse = ({ clientX, clientY }: MouseEvent) => {
      if (this.frame !== 0 || this.moved.size === 0) return;
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.point(clientX, clientY);
      });
    };
    this.awareness.on("change", onChange);
    root.addEventListener("mousemove", onMouse);
    onChange();
    return () => {
      this.awareness.off("change", onChange);
      root.removeEventListener("mousemove", onMouse);
      cancelAnimationFrame(this.frame);
      for (const { timer } of this.moved.values()) if (timer !== null) clearTimeout(timer);
      this.moved.clear();
      this.root = null;
    };
  }

  /** A caret that is drawn anew looks as its forerunner did. */
  dress(caret: HTMLElement, clientId: number): void {
    caret.dataset["client"] = String(clientId);
    if ((this.moved.get(clientId)?.timer ?? null) === null) return;
    caret.classList.add("is-named");
    // Its place is known only when it stands in the page.
    requestAnimationFrame(() => keepInside(caret));
  }

  private notice(): void {
    const states = this.awareness.getStates();
    for (const [id, state] of states) {
      if (id === this.awareness.clientID) continue;
      const cursor = JSON.stringify(state["cursor"] ?? null);
      const known = this.moved.get(id);
      if (known?.cursor === cursor) continue;
      clearTimeout(known?.timer ?? undefined);
      const timer = setTimeout(() => this.rest(id), NAMED_MS);
      this.moved.set(id, { cursor, timer });
      this.mark(id, true);
    }
    for (const [id, { timer }] of this.moved) {
      if (states.has(id)) continue;
      if (timer !== null) clearTimeout(timer);
      this.moved.delete(id);
    }
  }

  private rest(id: number): void {
    const { cursor } = this.moved.get(id) ?? { cursor: "" };
    this.moved.set(id, { cursor, timer: null });
    this.mark(id, false);
  }

  private mark(id: number, isNamed: boolean): void {
    const caret = this.root?.querySelector<HTMLElement>(`.ed-caret[data-client="${id}"]`);
    caret?.classList.toggle("is-named", isNamed);
    // The caret itself is moved a moment after the news of its move.
    if (caret && isNamed) requestAnimationFrame(() => keepInside(caret));
  }

  private point(x: number, y: number): void {
    for (const caret of this.root?.querySelectorAll<HTMLElement>(".ed-caret") ?? []) {
      const { left, top, bottom } = caret.getBoundingClientRect();
      const isPointed = Math.abs(x - left) <= NEAR_PX && y >= top && y <= bottom;
      if (caret.classList.toggle("is-pointed", isPointed)) keepInside(caret);
    }
  }
}

/** Moves the name to the left where it would leave the window at the right edge. */
function keepInside(caret: HTMLElement): void {
  const name = caret.querySelector<HTMLElement>(".ed-caret-name");
  if (name === null) return;
  const free = document.documentElement.clientWidth - MARGIN_PX;
  const over = caret.getBoundingClientRect().left + name.offsetWidth - free;
  name.style.setProperty("--name-shift", `${-Math.max(0, over)}px`);
}
