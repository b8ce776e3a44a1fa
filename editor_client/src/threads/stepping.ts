/**
 * From thread to thread by keys: the focus goes along, and where one is gets said aloud.
 *
 * A tint in the text tells nothing to whoever cannot see it, and keys that leave the focus
 * behind lead nowhere. Must never send anything, nor take the focus from a box in which
 * somebody writes.
 */
import type { Translate } from "../i18n";
import type { Panel } from "./panel";
import type { Thread } from "./types";

const MOST_LETTERS = 200;

export interface SteppingParts {
  readonly t: Translate;
  readonly panel: Pick<Panel, "order" | "focus" | "holdsFocus" | "say">;
  readonly threads: () => ReadonlyMap<string, Thread>;
  readonly active: () => string | null;
  readonly activate: (id: string) => void;
  readonly maySee: () => boolean;
  readonly isShown: () => boolean;
  readonly open: () => void;
}

export interface Stepping {
  /** To the next thread (1) or the one before (-1), as the panel shows them. */
  step(by: number): void;
  /** This thread was settled here and leaves the list: the focus goes to its neighbour. */
  settled(id: string): void;
}

export function createStepping(parts: SteppingParts): Stepping {
  const { t, panel, threads, active, activate } = parts;
  return {
    step(by) {
      if (!parts.maySee()) return;
      if (!parts.isShown()) {
        parts.open();
        // The order is known once the panel is drawn.
        requestAnimationFrame(() => this.step(by));
        return;
      }
      const order = panel.order();
      const current = order.indexOf(active() ?? "");
      const at = current < 0 && by < 0 ? 0 : current;
      const next = order[(at + by + order.length) % order.length];
      const thread = next === undefined ? undefined : threads().get(next);
      if (!thread) return panel.say(t("threadNoneHere"));
      activate(thread.id);
      panel.focus(thread.id);
      const first = thread.comments[0];
      const text = first?.removed_at ? t("threadRemoved") : (first?.text ?? "").slice(0, MOST_LETTERS);
      const place = { n: order.indexOf(thread.id) + 1, of: order.length };
      panel.say(t("threadAt", { ...place, name: thread.author.name, text }));
    },
    settled(id) {
      const order = panel.order();
      const at = order.indexOf(id);
      const left = order.filter((each) => each !== id).length;
      if (panel.holdsFocus(id)) panel.focus(order[at + 1] ?? order[at - 1] ?? null);
      panel.say(left > 0 ? t("threadSettled", { n: left }) : t("threadSettledAll"));
    },
  };
}
