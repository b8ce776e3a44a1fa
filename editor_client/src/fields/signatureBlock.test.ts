import { expect, test } from "vitest";
import { Doc, Text, UndoManager } from "yjs";
import { FIELD_ORIGIN } from "../extensions/undo";
import { SIGNATURE_FIELDS, differs, writeBlock } from "./signatureBlock";

const BLOCK = { signer_authority: "KT. CHÁNH VĂN PHÒNG", signer_position: "PHÓ CHÁNH VĂN PHÒNG", signer_name: "Nguyễn Văn Phi" };

function letterhead(...values: string[]) {
  const fields = new Doc().getMap<unknown>("fields");
  SIGNATURE_FIELDS.forEach((name, index) => fields.set(name, new Text(values[index] ?? "")));
  return fields;
}

test("capitals and blanks make no difference, words do", () => {
  expect(differs(BLOCK, letterhead("kt. Chánh  Văn phòng", "Phó Chánh Văn phòng", "Nguyễn Văn Phi"))).toBe(false);
  expect(differs(BLOCK, letterhead("", "CHÁNH VĂN PHÒNG", "Bùi Hồng Quý"))).toBe(true);
});

test("the block is written as one edit that can be undone", () => {
  const fields = letterhead("", "CHÁNH VĂN PHÒNG", "Bùi Hồng Quý");
  const undo = new UndoManager([fields], { trackedOrigins: new Set([FIELD_ORIGIN]) });
  writeBlock(BLOCK, fields);
  expect(differs(BLOCK, fields)).toBe(false);
  expect(String(fields.get("signer_position"))).toBe("PHÓ CHÁNH VĂN PHÒNG");
  undo.undo();
  expect(SIGNATURE_FIELDS.map((name) => String(fields.get(name)))).toEqual(["", "CHÁNH VĂN PHÒNG", "Bùi Hồng Quý"]);
});
