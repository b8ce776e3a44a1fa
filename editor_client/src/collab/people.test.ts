import { describe, expect, it } from "vitest";
import { peopleOf, targetOf } from "./people";

const tuyet = { id: "1", name: "Trần Thị Ánh Tuyết", unit: "HCTC", colour: "#0a0a0a" };
const phi = { id: "2", name: "Nguyễn Văn Phi", unit: "HCTC", colour: "#101010" };
const dao = { id: "3", name: "Lê Thị Hồng Đào", unit: "VT", colour: "#202020" };
const place = (clock: number) => ({ item: { client: 1, clock } });
const cursor = { anchor: place(1), head: place(2) };

const states = new Map<number, Record<string, unknown>>([
  [10, { user: phi }],
  [11, { user: tuyet }],
  [12, { user: phi, cursor, viewing: "fields" }],
  [13, { user: dao }],
  [14, { cursor }],
  [15, { user: { id: "9" } }],
]);

describe("the people in a draft", () => {
  it("are counted once however many tabs they have, oneself first", () => {
    const people = peopleOf(states, tuyet, (id) => id);
    expect(people.map((p) => [p.name, p.self, p.clientIds])).toEqual([
      ["Trần Thị Ánh Tuyết", true, [11]],
      ["Lê Thị Hồng Đào", false, [13]],
      ["Nguyễn Văn Phi", false, [12, 10]],
    ]);
  });

  it("include oneself before the server has answered", () => {
    expect(peopleOf(new Map(), tuyet, () => 0)).toHaveLength(1);
  });

  it("cannot smuggle anything but a colour into a style", () => {
    const odd = { ...phi, colour: "red;background:url(//x)" };
    const people = peopleOf(new Map([[1, { user: odd }]]), tuyet, () => 0);
    expect(people[1]?.colour).toBe("#667382");
  });

  it("are followed in the tab that has a caret, never in one's own", () => {
    const people = peopleOf(states, tuyet, () => 0);
    const target = targetOf(people.find(({ id }) => id === "2"), states, 11);
    expect(target).toMatchObject({ clientId: 12, cursor, viewing: "fields" });
    expect(targetOf(people[0], states, 11)).toBeNull();
    expect(targetOf(undefined, states, 11)).toBeNull();
  });
});
