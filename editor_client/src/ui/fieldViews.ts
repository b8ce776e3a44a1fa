/**
 * The letterhead as it was before all suggestions, or as it would be after them: pictures
 * in the places of its fields, kept up while people write and decide.
 *
 * What stands in a field is what was there before: suggestions for it stand beside it.
 * Must never write into a field.
 */
import type { Map as YMap } from "yjs";
import type { FieldSlot } from "../fields/slot";
import type { View } from "../suggest/preview";
import type { Threads } from "../threads";
import { finalWords } from "../threads/wording";
import { oncePerFrame } from "./dom";

export interface FieldViews {
  show(view: View): void;
  destroy(): void;
}

export interface FieldViewsParts {
  readonly slots: readonly FieldSlot[];
  readonly fields: YMap<unknown>;
  readonly threads: Pick<Threads, "threads" | "deciding">;
}

export function createFieldViews({ slots, fields, threads }: FieldViewsParts): FieldViews {
  let shown: View = "marked";
  const wordsOf = (name: string): string | null => {
    if (shown === "marked") return null;
    const now = threads.deciding.now(name);
    return shown === "original" ? now : finalWords(name, now, threads.threads.get().values());
  };
  const draw = () => {
    for (const slot of slots) slot.picture(wordsOf(slot.name));
  };
  const redraw = oncePerFrame(() => {
    if (shown !== "marked") draw();
  });
  fields.observeDeep(redraw);
  const stop = threads.threads.subscribe(redraw);
  return {
    show(view) {
      shown = view;
      draw();
    },
    destroy() {
      fields.unobserveDeep(redraw);
      stop();
    },
  };
}
