import { expect, test } from "vitest";
import { Doc, Text, UndoManager } from "yjs";
import { FIELD_ORIGIN } from "../extensions/undo";
import type { Fault } from "./faults";
import { fixField } from "./field";

function fault(field: string, start: number, end: number, from: string, to: string): Fault {
  return {
    rule: "x",
    severity: "error",
    message: "",
    source: "",
    place: { field, paragraph: null, start, end },
    quote: from,
    excerpt: "",
    fix: { kind: "replace", from, to },
  };
}

function letterhead(name: string, text: string) {
  const fields = new Doc().getMap<unknown>("fields");
  fields.set(name, new Text(text));
  const undo = new UndoManager([fields], { trackedOrigins: new Set([FIELD_ORIGIN]) });
  return { fields, undo, read: () => (fields.get(name) as Text).toString() };
}

test("a fix of a field changes its words and can be undone", () => {
  const { fields, undo, read } = letterhead("signer_name", "bùi hồng Quý");
  expect(fixField(fields, fault("signer_name", 0, 12, "bùi hồng Quý", "Bùi Hồng Quý"))).toBe(true);
  expect(read()).toBe("Bùi Hồng Quý");
  undo.undo();
  expect(read()).toBe("bùi hồng Quý");
});

test("a line is added at the end", () => {
  const { fields, read } = letterhead("recipients", "Như trên;");
  expect(fixField(fields, fault("recipients", 9, 9, "", "\nLưu: VT"))).toBe(true);
  expect(read()).toBe("Như trên;\nLưu: VT");
});

test("a field that changed since is left alone", () => {
  const { fields, read } = letterhead("recipients", "Như trên;\nLưu: VT");
  expect(fixField(fields, fault("recipients", 9, 9, "", "\nLưu: VT"))).toBe(false);
  expect(fixField(fields, fault("recipients", 0, 3, "abc", "x"))).toBe(false);
  expect(fixField(fields, fault("nobody", 0, 3, "Như", "x"))).toBe(false);
  expect(read()).toBe("Như trên;\nLưu: VT");
});
