// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { CalmAwareness } from "./carets";
import type { Awareness } from "y-protocols/awareness";

const place = { item: { client: 7, clock: 3 } };

describe("what the caret plugin sees of a colleague", () => {
  it("is no caret that would make Yjs throw", () => {
    const states = new Map<number, Record<string, unknown>>([
      [1, { user: { name: "An" }, cursor: { anchor: place, head: place } }],
      [2, { user: { name: "Phi" }, cursor: { anchor: {}, head: {} } }],
    ]);
    const calm = new CalmAwareness({ getStates: () => states } as unknown as Awareness);
    expect(calm.getStates().get(1)).toEqual(states.get(1));
    expect(calm.getStates().get(2)).toEqual({ user: { name: "Phi" }, cursor: null });
  });
});
