/** What a suggestion does, in a few words: text is shown as text, never as HTML. */
import type { Node } from "@tiptap/pm/model";
import type { Translate, Word } from "../i18n";
import type { Part, Suggestion } from "../suggest/listing";
import { changesOf, shapedText } from "../suggest/listing";
import { h } from "./dom";

const LONGEST = 120;

const LOOKS: Readonly<Record<string, Word>> = {
  bold: "bold",
  italic: "italic",
  underline: "underline",
  strike: "strike",
  subscript: "subscript",
  superscript: "superscript",
  link: "link",
  style: "style",
  align: "sgAlign",
  indent: "sgIndent",
  number: "numberingTitle",
  listed: "sgList",
  nested: "sgLevel",
  width: "sgWidth",
  alt: "imageAlt",
  colwidth: "sgColumnWidth",
  merge: "mergeCells",
  unmerge: "sgUnmerge",
  split: "splitCell",
  headed: "headerRow",
  unheaded: "sgNoHeaderRow",
};

const BLOCKS: Readonly<Record<string, Word>> = {
  table: "sgTable",
  tableRow: "sgRow",
  tableCell: "sgColumn",
  image: "sgImage",
  pageBreak: "pageBreak",
  horizontalRule: "rule",
};

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** The lines of a suggestion, each an element. */
export function suggestionLines(doc: Node, suggestion: Suggestion, t: Translate): HTMLElement[] {
  const lines: HTMLElement[] = [];
  let hasLook = false;
  for (const part of suggestion.parts) {
    const isLook = part.kind === "format" || part.kind === "style";
    if (isLook && hasLook) continue;
    hasLook ||= isLook;
    lines.push(lineOf(doc, suggestion, part, t));
  }
  return lines;
}

function lineOf(doc: Node, suggestion: Suggestion, part: Part, t: Translate): HTMLElement {
  switch (part.kind) {
    case "insert":
      return h("p", {}, `${t("sgInserts")} `, h("ins", { lang: "vi" }, shortened(part.text)));
    case "delete":
      return h("p", {}, `${t("sgDeletes")} `, h("del", { lang: "vi" }, shortened(part.text)));
    case "split":
      return h("p", {}, t("sgSplits"));
    case "join":
      return h("p", {}, t("sgJoins"));
    case "insertBlock":
      return h("p", {}, `${t("sgInserts")} `, blockName(part.text, t));
    case "deleteBlock":
      return h("p", {}, `${t("sgDeletes")} `, blockName(part.text, t));
    default: {
      const isOfCells = part.kind === "cell";
      const names = changesOf(doc, suggestion, isOfCells).map((name) => t(LOOKS[name] ?? "style").toLocaleLowerCase());
      const line = h("p", {}, t(isOfCells ? "sgCells" : "sgLook", { what: names.join(", ") }));
      const words = isOfCells ? shapedText(doc, suggestion) : "";
      if (words) line.append(" – ", h("span", { lang: "vi" }, shortened(words)));
      return line;
    }
  }
}

function blockName(name: string, t: Translate): string {
  const word = BLOCKS[name];
  return word ? t(word).toLocaleLowerCase() : name;
}

/** "27/11/2026 08:15", in the time of this computer. */
export function whenOf(at: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return "";
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(time.getDate())}/${two(time.getMonth() + 1)}/${time.getFullYear()}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
