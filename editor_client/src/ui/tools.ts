/** The tools of the toolbar as data: what they do, when they are on, their shortcut. */
import type { Editor } from "@tiptap/core";
import "@tiptap/extension-collaboration";
import type { Word } from "../i18n";
import type { Alignment, ParagraphStyle } from "../schema/styles";
import type { ListKind } from "../suggest/lists";
import { listAt } from "../suggest/lists";
import { isHeaderAt } from "../suggest/tables";
import type { IconName } from "./icons";

export interface Tool {
  readonly id: string;
  readonly icon: IconName;
  readonly word: Word;
  readonly keys?: string;
  readonly run: (editor: Editor) => void;
  readonly isOn?: (editor: Editor) => boolean;
  readonly can?: (editor: Editor) => boolean;
}

const focused = (editor: Editor) => editor.chain().focus();

function mark(name: "bold" | "italic" | "underline" | "strike", keys: string): Tool {
  return {
    id: name,
    icon: name,
    word: name,
    keys,
    run: (editor) => focused(editor).toggleMark(name).run(),
    isOn: (editor) => editor.isActive(name),
  };
}

function script(name: "subscript" | "superscript", other: string, keys: string): Tool {
  return {
    id: name,
    icon: name,
    word: name,
    keys,
    run: (editor) => focused(editor).unsetMark(other).toggleMark(name).run(),
    isOn: (editor) => editor.isActive(name),
  };
}

/** What paragraphs of a style do when no alignment is set by hand. */
const CENTRED = new Set<unknown>(["part", "chapter", "section", "subsection", "caption", "center_title"]);

export function alignmentOf(editor: Editor): Alignment {
  const { align, style } = editor.getAttributes("paragraph") as { align?: Alignment | null; style?: string };
  return align ?? (CENTRED.has(style) ? "center" : "justify");
}

function align(to: Alignment, icon: IconName, word: Word, keys: string): Tool {
  return {
    id: `align-${to}`,
    icon,
    word,
    keys,
    run: (editor) => {
      focused(editor).setAlignment(to).run();
    },
    isOn: (editor) => alignmentOf(editor) === to,
  };
}

export const undoTools: readonly Tool[] = [
  {
    id: "undo",
    icon: "undo",
    word: "undo",
    keys: "Mod-Z",
    run: (editor) => editor.commands.undo(),
    can: (editor) => editor.can().undo(),
  },
  {
    id: "redo",
    icon: "redo",
    word: "redo",
    keys: "Mod-Y",
    run: (editor) => editor.commands.redo(),
    can: (editor) => editor.can().redo(),
  },
];

export const markTools: readonly Tool[] = [
  mark("bold", "Mod-B"),
  mark("italic", "Mod-I"),
  mark("underline", "Mod-U"),
];

export const moreMarkTools: readonly Tool[] = [
  mark("strike", "Mod-Shift-S"),
  script("subscript", "superscript", "Mod-,"),
  script("superscript", "subscript", "Mod-."),
  {
    id: "clear",
    icon: "clear",
    word: "clear",
    run: (editor) => focused(editor).unsetAllMarks().setAlignment(null).run(),
  },
];

export const alignTools: readonly Tool[] = [
  align("left", "alignLeft", "alignLeft", "Mod-Shift-L"),
  align("center", "alignCenter", "alignCenter", "Mod-Shift-E"),
  align("right", "alignRight", "alignRight", "Mod-Shift-R"),
  align("justify", "alignJustified", "alignJustify", "Mod-Shift-J"),
];

/** A khoản or Điều in a list would have two markers: lists hold plain paragraphs. */
function listOf(editor: Editor, kind: ListKind) {
  return listAt(editor) === kind ? focused(editor) : focused(editor).setStyle("body");
}

export const listTools: readonly Tool[] = [
  {
    id: "bullet-list",
    icon: "list",
    word: "bulletList",
    keys: "Mod-Shift-8",
    run: (editor) => listOf(editor, "bullet").toggleBulletList().run(),
    isOn: (editor) => listAt(editor) === "bullet",
  },
  {
    id: "ordered-list",
    icon: "listNumbers",
    word: "orderedList",
    keys: "Mod-Shift-7",
    run: (editor) => listOf(editor, "ordered").toggleOrderedList().run(),
    isOn: (editor) => listAt(editor) === "ordered",
  },
];

export const indentTools: readonly Tool[] = [
  {
    id: "indent-less",
    icon: "indentLess",
    word: "indentLess",
    keys: "Mod-[",
    run: (editor) => {
      if (!focused(editor).liftListItem("listItem").run()) focused(editor).changeIndent(-1).run();
    },
  },
  {
    id: "indent-more",
    icon: "indentMore",
    word: "indentMore",
    keys: "Mod-]",
    run: (editor) => {
      if (!focused(editor).sinkListItem("listItem").run()) focused(editor).changeIndent(1).run();
    },
  },
];

export const insertTools: readonly Tool[] = [
  {
    id: "page-break",
    icon: "pageBreak",
    word: "pageBreak",
    keys: "Mod-Enter",
    run: (editor) => focused(editor).insertPageBreak().run(),
  },
  {
    id: "rule",
    icon: "rule",
    word: "rule",
    run: (editor) => focused(editor).insertHorizontalRule().run(),
  },
];

export const tableTools: readonly Tool[] = [
  { id: "row-before", icon: "rowBefore", word: "rowBefore", run: (e) => focused(e).addRowBefore().run() },
  { id: "row-after", icon: "rowAfter", word: "rowAfter", run: (e) => focused(e).addRowAfter().run() },
  { id: "row-delete", icon: "rowDelete", word: "rowDelete", run: (e) => focused(e).deleteRow().run() },
  { id: "column-before", icon: "columnBefore", word: "columnBefore", run: (e) => focused(e).addColumnBefore().run() },
  { id: "column-after", icon: "columnAfter", word: "columnAfter", run: (e) => focused(e).addColumnAfter().run() },
  { id: "column-delete", icon: "columnDelete", word: "columnDelete", run: (e) => focused(e).deleteColumn().run() },
  { id: "merge", icon: "mergeCells", word: "mergeCells", run: (e) => focused(e).mergeCells().run(), can: (e) => e.can().mergeCells() },
  { id: "split", icon: "splitCell", word: "splitCell", run: (e) => focused(e).splitCell().run(), can: (e) => e.can().splitCell() },
  { id: "header-row", icon: "headerRow", word: "headerRow", run: (e) => focused(e).toggleHeaderRow().run(), isOn: isHeaderAt },
  { id: "table-delete", icon: "trash", word: "tableDelete", run: (e) => focused(e).deleteTable().run() },
];

/** Text width of the page in millimetres, for image sizes. */
const TEXT_WIDTH_MM = 165;

function imageWidth(id: string, share: number, word: Word): Tool & { readonly text: string } {
  const width = Math.round(TEXT_WIDTH_MM * share);
  return {
    id,
    icon: "photo",
    text: `${Math.round(share * 100)}%`,
    word,
    run: (editor) => focused(editor).updateAttributes("image", { width }).run(),
    isOn: (editor) => Number(editor.getAttributes("image")["width"]) === width,
  };
}

function imageAlign(to: "left" | "center" | "right", icon: IconName, word: Word): Tool {
  return {
    id: `image-${to}`,
    icon,
    word,
    run: (editor) => focused(editor).updateAttributes("image", { align: to }).run(),
    isOn: (editor) => editor.getAttributes("image")["align"] === to,
  };
}

export const imageTools: readonly (Tool & { readonly text?: string })[] = [
  imageWidth("image-small", 1 / 3, "imageSmall"),
  imageWidth("image-medium", 2 / 3, "imageMedium"),
  imageWidth("image-full", 1, "imageFull"),
  imageAlign("left", "alignLeft", "alignLeft"),
  imageAlign("center", "alignCenter", "alignCenter"),
  imageAlign("right", "alignRight", "alignRight"),
  { id: "image-delete", icon: "trash", word: "imageDelete", run: (e) => focused(e).deleteSelection().run() },
];

export const STYLE_WORDS: Record<ParagraphStyle, Word> = {
  body: "styleBody",
  basis: "styleBasis",
  part: "stylePart",
  chapter: "styleChapter",
  section: "styleSection",
  subsection: "styleSubsection",
  article: "styleArticle",
  clause: "styleClause",
  point: "stylePoint",
  heading: "styleHeading",
  caption: "styleCaption",
  center_title: "styleCenterTitle",
};

export const STYLE_KEYS: Partial<Record<ParagraphStyle, string>> = {
  body: "Mod-Alt-0",
  chapter: "Mod-Alt-1",
  section: "Mod-Alt-2",
  article: "Mod-Alt-3",
  clause: "Mod-Alt-4",
  point: "Mod-Alt-5",
  basis: "Mod-Alt-6",
  heading: "Mod-Alt-7",
};
