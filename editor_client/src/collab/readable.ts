/**
 * A value that others may watch but not set.
 *
 * Why: the session's state must reach plain DOM code and Tiptap alike, without a
 * framework. It must never call a listener when the value did not change.
 */
import type { Readable } from "./types";

/** A `Readable` whose owner may set it. */
export interface Cell<T> extends Readable<T> {
  set(value: T): void;
}

/** `same` decides whether a new value is a change; by default identity. */
export function cell<T>(initial: T, same: (a: T, b: T) => boolean = Object.is): Cell<T> {
  let present = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => present,
    set(value) {
      if (same(present, value)) return;
      present = value;
      for (const listener of [...listeners]) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      listener(present);
      return () => listeners.delete(listener);
    },
  };
}

/** Equality of small JSON-like values (statuses, people, notices). */
export function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
