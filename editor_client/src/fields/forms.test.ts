import { expect, test } from "vitest";
import type { Forms } from "./forms";
import { formOf, piecesOf, printedLines } from "./forms";

const FORMS: Forms = {
  state: { GM: { name: "Giấy mời", lines_before: ["Chủ trì: {chair}"] }, CV: { name: "Công văn", subject: "letter" } },
  party: { CV: { name: "Công văn", subject: "letter", addressees: "required" } },
};

test("a form has what the rules say, and the parts of a plain type", () => {
  expect(formOf(FORMS, "", "GM")).toMatchObject({ name: "Giấy mời", name_line: true, subject: "title", signatures: 1 });
});

test("the kind of the norm chooses the form", () => {
  expect(formOf(FORMS, "", "CV").addressees).toBe("none");
  expect(formOf(FORMS, "party", "CV").addressees).toBe("required");
});

test("a type that nobody knows has no name line", () => {
  expect(formOf(FORMS, "", "XX")).toMatchObject({ name_line: false, addressees: "allowed" });
});

test("a line is words and fields, in their order", () => {
  expect(piecesOf("Nghỉ phép trong thời gian {leave_period} tại {leave_place}.")).toEqual([
    { text: "Nghỉ phép trong thời gian " },
    { field: "leave_period" },
    { text: " tại " },
    { field: "leave_place" },
    { text: "." },
  ]);
  expect(piecesOf("{nobody} ký")).toEqual([{ text: "{nobody}" }, { text: " ký" }]);
});

test("a line is printed with all of its fields, an introduction with what follows", () => {
  const lines = ["{issuer} giới thiệu:", "Ông (bà): {bearer}", "Chức vụ: {bearer_position}"];
  const printed = (...names: string[]) => printedLines(lines, (name) => names.includes(name));
  expect(printed("issuer")).toEqual([false, false, false]);
  expect(printed("issuer", "bearer")).toEqual([true, true, false]);
  expect(printed("bearer_position")).toEqual([false, false, true]);
});
