/** Whether what this person does now is a suggestion: by choice, or because they may do
 * nothing else. Pure state; it must never decide what the server allows. */
import type { Level, Readable } from "../collab/types";
import { cell } from "../collab/readable";

export type Mode = "direct" | "suggest";

export interface ModeChoice {
  readonly mode: Readable<Mode>;
  /** The person may do nothing but suggest. */
  readonly isForced: Readable<boolean>;
  /** The person may accept and reject. */
  readonly mayDecide: Readable<boolean>;
  readonly mayWrite: Readable<boolean>;
  choose(mode: Mode): void;
}

export function createMode(level: Readable<Level>, canWrite: Readable<boolean>): ModeChoice {
  let chosen: Mode = "direct";
  const mode = cell<Mode>("direct");
  const isForced = cell(false);
  const mayDecide = cell(false);
  const follow = () => {
    const mayEdit = level.get() === "edit" || level.get() === "own";
    isForced.set(!mayEdit);
    mayDecide.set(mayEdit && canWrite.get());
    mode.set(mayEdit ? chosen : "suggest");
  };
  level.subscribe(follow);
  canWrite.subscribe(follow);
  return {
    mode,
    isForced,
    mayDecide,
    mayWrite: canWrite,
    choose(wanted) {
      chosen = wanted;
      follow();
    },
  };
}
