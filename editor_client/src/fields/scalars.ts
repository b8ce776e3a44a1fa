/** Reads, writes and watches the plain values of the letterhead (type, date, urgency …). */
import type { Map as YMap } from "yjs";
import { FIELD_ORIGIN } from "../extensions/undo";
import type { ScalarField } from "./names";

export interface Scalars {
  get(name: ScalarField): string;
  set(name: ScalarField, value: string): void;
  /** Calls back now and after each change of one of `names`; returns how to stop. */
  watch(names: readonly ScalarField[], listener: () => void): () => void;
}

export function scalarsOf(fields: YMap<unknown>): Scalars {
  const get = (name: ScalarField) => {
    const value = fields.get(name);
    return typeof value === "string" ? value : "";
  };
  return {
    get,
    set(name, value) {
      if (get(name) === value) return;
      fields.doc?.transact(() => fields.set(name, value), FIELD_ORIGIN);
    },
    watch(names, listener) {
      const observer = (event: { keysChanged: Set<unknown> }) => {
        if (names.some((name) => event.keysChanged.has(name))) listener();
      };
      fields.observe(observer);
      listener();
      return () => fields.unobserve(observer);
    },
  };
}
