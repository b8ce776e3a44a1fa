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
  /** Carets whose names may reach out of the window; their places are read together. */
  private readonly moving = new Set<HTMLElement>();

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
    this.keepInside(caret);
  }

  /** Its place is known only when it stands in the page, a moment after the news. */
  private keepInside(caret: HTMLElement): void {
    this.moving.add(caret);
    if (this.moving.size > 1) return;
    requestAnimationFrame(() => {
      keepInside([...this.moving]);
      this.moving.clear();
    });
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
    if (caret && isNamed) this.keepInside(caret);
  }

  private point(x: number, y: number): void {
    const carets = [...(this.root?.querySelectorAll<HTMLElement>(".ed-caret") ?? [])].filter(isInSight);
    const boxes = carets.map((caret) => caret.getBoundingClientRect());
    const pointed = carets.filter((caret, index) => {
      const box = boxes[index];
      const isPointed = box !== undefined && Math.abs(x - box.left) <= NEAR_PX && y >= box.top && y <= box.bottom;
      return caret.classList.toggle("is-pointed", isPointed);
    });
    keepInside(pointed);
  }
}

/** Moves names to the left where they would leave the window at the right edge. All are
 * read before one is moved: each reading after a move lays the page out anew. */
function keepInside(carets: readonly HTMLElement[]): void {
  const free = document.documentElement.clientWidth - MARGIN_PX;
  const shifts = carets.filter(isInSight).flatMap((caret) => {
    const name = caret.querySelector<HTMLElement>(".ed-caret-name");
    return name ? [{ name, over: caret.getBoundingClientRect().left + name.offsetWidth - free }] : [];
  });
  for (const { name, over } of shifts) name.style.setProperty("--name-shift", `${-Math.max(0, over)}px`);
}

/** False where the browser spares itself the layout; asking there would undo that. */
function isInSight(caret: HTMLElement): boolean {
  if (!caret.isConnected) return false;
  return typeof caret.checkVisibility !== "function" || caret.checkVisibility({ contentVisibilityAuto: true });
}
