/** Leads to what a thread speaks of: scrolls there, lights it up. Must never move the caret. */
import type { Editor } from "@tiptap/core";
import { lightUp } from "../check/jump";
import type { Place } from "./places";
import type { Thread } from "./types";

export interface JumpParts {
  readonly editor: Editor;
  readonly root: HTMLElement;
  readonly threads: ReadonlyMap<string, Thread>;
  readonly places: ReadonlyMap<string, Place>;
}

/** On a phone the panel covers the lower part of the page. */
const isNarrow = () => matchMedia("(max-width: 700px)").matches;

export function jumpToThread({ editor, root, threads, places }: JumpParts, id: string): void {
  const thread = threads.get(id);
  const place = places.get(id);
  if (!thread || !place || place.found.kind === "gone") return;
  const block = isNarrow() ? "start" : "center";
  if (!place.span) {
    const name = CSS.escape(thread.anchor.part);
    const field = root.querySelector<HTMLElement>(`[data-field="${name}"], [data-choice="${name}"]`);
    field?.scrollIntoView({ block });
    if (field) lightUp(field.closest<HTMLElement>(".ed-grow") ?? field);
    return;
  }
  const { node } = editor.view.domAtPos(place.span.from);
  const element = node instanceof Element ? node : node.parentElement;
  const words = editor.view.dom.querySelector(".ed-thread.is-active") ?? element?.closest("p, td, th");
  words?.scrollIntoView({ block });
}
