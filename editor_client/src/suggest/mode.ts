/**
 * Whether what this person does now is a suggestion: by choice, or because they may do
 * nothing else. The choice outlives a reload of the page: who suggests must not change the
 * text without knowing. It must never decide what the server allows.
 */
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

/** Where the choice is kept; a browser without storage keeps none. */
export interface KeptMode {
  read(): Mode;
  write(mode: Mode): void;
}

/** Of one draft in this window, so that another window may go another way. */
export function keptMode(draftId: string, storage: () => Storage = () => sessionStorage): KeptMode {
  const name = `duthao.mode.${draftId}`;
  return {
    read() {
      try {
        return storage().getItem(name) === "suggest" ? "suggest" : "direct";
      } catch {
        return "direct";
      }
    },
    write(mode) {
      try {
        storage().setItem(name, mode);
      } catch {
        // Then the mode lasts as long as the page.
      }
    },
  };
}

export function createMode(level: Readable<Level>, canWrite: Readable<boolean>, kept: KeptMode): ModeChoice {
  let chosen = kept.read();
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
      kept.write(wanted);
      follow();
    },
  };
}
