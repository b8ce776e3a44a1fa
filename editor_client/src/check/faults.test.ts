import { expect, test } from "vitest";
import { placeFromHash } from "./faults";

test("a link names a paragraph, and the letters in it", () => {
  expect(placeFromHash("#paragraph-3")).toEqual({ field: null, paragraph: 3, start: 0, end: 0 });
  expect(placeFromHash("#paragraph-0:24-26")).toEqual({ field: null, paragraph: 0, start: 24, end: 26 });
});

test("a link names a field", () => {
  expect(placeFromHash("#field-signer_name")?.field).toBe("signer_name");
});

test("other addresses are no place", () => {
  for (const hash of ["", "#ed-body", "#paragraph-x", "#field-<b>"]) expect(placeFromHash(hash)).toBeNull();
});
