/**
 * Styles, alignment and indents as commands, and what Enter and Tab do with them.
 *
 * Backspace and the space bar are never bound: UniKey types Vietnamese by sending
 * Backspaces and letters, and a command on them would eat the text.
 */
import type { Editor } from "@tiptap/core";
import { Extension } from "@tiptap/core";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { TextSelection } from "@tiptap/pm/state";
import type { Alignment, ParagraphStyle } from "../schema/styles";
import { MAX_INDENT, isParagraphStyle, styleAfter, styleOutOf } from "../schema/styles";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    structure: {
      setStyle: (style: ParagraphStyle) => ReturnType;
      setAlignment: (align: Alignment | null) => ReturnType;
      changeIndent: (by: number) => ReturnType;
      /** null = automatic; "" = no label; else the label itself. */
      setNumber: (number: string | null) => ReturnType;
      insertPageBreak: () => ReturnType;
      insertHorizontalRule: () => ReturnType;
      insertHardBreak: () => ReturnType;
      enterParagraph: () => ReturnType;
      changeLevel: (deeper: boolean) => ReturnType;
    };
  }
}

/** Positions of all paragraphs that the selection touches. */
function selectedParagraphs(state: { selection: EditorState["selection"]; doc: EditorState["doc"] }): number[] {
  const positions: number[] = [];
  for (const { $from, $to } of state.selection.ranges) {
    state.doc.nodesBetween($from.pos, $to.pos, (node, position) => {
      if (node.type.name === "paragraph") positions.push(position);
      return !node.isTextblock;
    });
  }
  return positions;
}

/** Change single attributes only, so that a colleague's change of another one merges. */
function change(
  tr: Transaction,
  edit: (attrs: Record<string, unknown>) => Record<string, unknown>,
): boolean {
  let changed = false;
  for (const position of selectedParagraphs(tr)) {
    const node = tr.doc.nodeAt(position);
    if (!node) continue;
    for (const [name, value] of Object.entries(edit(node.attrs))) {
      if (node.attrs[name] === value) continue;
      tr.setNodeAttribute(position, name, value);
      changed = true;
    }
  }
  return changed;
}

function styleOf(attrs: Record<string, unknown>): ParagraphStyle {
  return isParagraphStyle(attrs["style"]) ? attrs["style"] : "body";
}

/** What goes on in the paragraph below: the list that is suggested, and by whom. */
function listingOf(attrs: Record<string, unknown>): Record<string, unknown> | null {
  const { listed, nested, formatting } = attrs;
  return listed === "bullet" || listed === "ordered" ? { listed, nested, formatting } : null;
}

function isWithin(state: EditorState, names: readonly string[]): boolean {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if (names.includes($from.node(depth).type.name)) return true;
  }
  return false;
}

/** True = handled: outside tables Tab never leaves the text by accident. */
function changeLevelByTab(editor: Editor, deeper: boolean): boolean {
  if (!editor.isEditable) return false;
  const isListed = Boolean(editor.getAttributes("paragraph")["listed"]);
  if (isListed || isWithin(editor.state, ["listItem"])) {
    if (deeper) editor.commands.sinkListItem("listItem");
    else editor.commands.liftListItem("listItem");
    return true;
  }
  return !isWithin(editor.state, ["table"]) && editor.commands.changeLevel(deeper);
}

export const Structure = Extension.create({
  name: "structure",
  // Before Tiptap's own Enter; tables and lists are handed their keys below.
  priority: 150,

  addCommands() {
    return {
      setStyle:
        (style) =>
        ({ tr }) => {
          change(tr, (attrs) =>
            attrs["style"] === style ? {} : { style, number: null },
          );
          return true;
        },
      setAlignment:
        (align) =>
        ({ tr }) => {
          change(tr, () => ({ align }));
          return true;
        },
      changeIndent:
        (by) =>
        ({ tr }) =>
          change(tr, (attrs) => ({
            indent: Math.min(Math.max(Number(attrs["indent"]) + by, 0), MAX_INDENT),
          })),
      setNumber:
        (number) =>
        ({ tr }) => {
          change(tr, () => ({ number }));
          return true;
        },
      insertPageBreak:
        () =>
        ({ chain, state }) =>
          !isWithin(state, ["table", "listItem"]) &&
          chain().insertContent([{ type: "pageBreak" }, { type: "paragraph" }]).run(),
      insertHorizontalRule:
        () =>
        ({ chain }) =>
          chain().insertContent([{ type: "horizontalRule" }, { type: "paragraph" }]).run(),
      insertHardBreak:
        () =>
        ({ commands }) =>
          commands.insertContent({ type: "hardBreak" }),
      enterParagraph:
        () =>
        ({ state, tr, dispatch }) => {
          const { selection } = state;
          const { $from, $to } = selection;
          if (!(selection instanceof TextSelection) || !$from.sameParent($to)) return false;
          const { parent } = $from;
          if (parent.type.name !== "paragraph" || isWithin(state, ["listItem"])) return false;
          const style = styleOf(parent.attrs);
          const listing = listingOf(parent.attrs);
          if (parent.content.size === 0 && listing) {
            if (dispatch) for (const name of ["listed", "nested"]) tr.setNodeAttribute($from.before(), name, name === "nested" ? 0 : null);
            return true;
          }
          const out = styleOutOf(style);
          if (parent.content.size === 0 && out !== null) {
            if (dispatch) tr.setNodeAttribute($from.before(), "style", out);
            return true;
          }
          if (!dispatch) return true;
          // A paragraph cut in two keeps its style; a new one after it has the next.
          const isCut = $to.parentOffset !== parent.content.size;
          const next = isCut ? style : styleAfter(style);
          const attrs = {
            style: next,
            align: next === style ? parent.attrs["align"] : null,
            indent: next === style ? parent.attrs["indent"] : 0,
            // A number of the writer's own belongs to the first part alone.
            number: null,
            ...(next === style ? listing : {}),
          };
          tr.deleteSelection();
          const position = tr.selection.from;
          const stored = state.storedMarks ?? (next === style ? $from.marks() : []);
          tr.split(position, 1, [{ type: parent.type, attrs }]);
          tr.ensureMarks(stored).scrollIntoView();
          return true;
        },
      changeLevel:
        (deeper) =>
        ({ state, tr }) => {
          if (isWithin(state, ["listItem"])) return false;
          change(tr, (attrs) => {
            const style = styleOf(attrs);
            const indent = Number(attrs["indent"]);
            if (deeper && style === "clause") return { style: "point", number: null };
            if (deeper) return { indent: Math.min(indent + 1, MAX_INDENT) };
            if (indent > 0) return { indent: indent - 1 };
            return style === "point" ? { style: "clause", number: null } : {};
          });
          return true;
        },
    };
  },

  addKeyboardShortcuts() {
    const { editor } = this;
    const style = (name: ParagraphStyle) => () => editor.commands.setStyle(name);
    const align = (name: Alignment) => () => editor.commands.setAlignment(name);
    return {
      Enter: () => editor.commands.enterParagraph(),
      "Shift-Enter": () => editor.commands.insertHardBreak(),
      "Mod-Enter": () => editor.commands.insertPageBreak(),
      Tab: () => changeLevelByTab(editor, true),
      "Shift-Tab": () => changeLevelByTab(editor, false),
      "Mod-]": () => editor.commands.changeIndent(1) || true,
      "Mod-[": () => editor.commands.changeIndent(-1) || true,
      "Mod-Shift-l": align("left"),
      "Mod-Shift-e": align("center"),
      "Mod-Shift-r": align("right"),
      "Mod-Shift-j": align("justify"),
      "Mod-Alt-0": style("body"),
      "Mod-Alt-1": style("chapter"),
      "Mod-Alt-2": style("section"),
      "Mod-Alt-3": style("article"),
      "Mod-Alt-4": style("clause"),
      "Mod-Alt-5": style("point"),
      "Mod-Alt-6": style("basis"),
      "Mod-Alt-7": style("heading"),
    };
  },
});
