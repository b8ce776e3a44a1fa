/**
 * Merging, splitting and headers as suggestions: who suggests leaves the cells where they
 * are and says what they are to become. The editor's own commands do so while suggesting,
 * but for cells that are this person's own insertion, which they really change.
 */
import type { CommandProps, Editor } from "@tiptap/core";
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import type { EditorState } from "@tiptap/pm/state";
import { CellSelection, isInTable, mergeCells, selectedRect, splitCell, toggleHeader } from "@tiptap/pm/tables";
import type { Author } from "./author";
import { isBy, isOwnGround } from "./author";
import { MERGE, SPLIT } from "./cellLook";
import { ended } from "./ended";

interface Held {
  readonly position: number;
  readonly cell: Node;
}

type Here = Pick<EditorState, "selection" | "doc">;

function selected(state: Here): Held[] {
  if (!isInTable(state as EditorState)) return [];
  const { map, table, tableStart, top, left, bottom, right } = selectedRect(state as EditorState);
  return held(table, tableStart, map.cellsInRect({ top, left, bottom, right }));
}

function firstRow(state: Here): Held[] {
  if (!isInTable(state as EditorState)) return [];
  const { map, table, tableStart } = selectedRect(state as EditorState);
  return held(table, tableStart, map.cellsInRect({ top: 0, left: 0, bottom: 1, right: map.width }));
}

function held(table: Node, start: number, offsets: readonly number[]): Held[] {
  return offsets.flatMap((offset) => {
    const cell = table.nodeAt(offset);
    return cell ? [{ position: start + offset, cell }] : [];
  });
}

function shapeOf({ cell }: Held): string | null {
  const shape: unknown = cell.attrs["shape"];
  return typeof shape === "string" ? shape : null;
}

function isHeader({ cell }: Held): boolean {
  const headed: unknown = cell.attrs["headed"];
  return typeof headed === "boolean" ? headed : cell.type.name === "tableHeader";
}

function merge({ state, tr, dispatch }: CommandProps, author: Author): boolean {
  const cells = selected(state);
  const [first] = cells;
  const isDone = first !== undefined && shapeOf(first) !== null && cells.every((cell) => shapeOf(cell) === shapeOf(first));
  if (!(state.selection instanceof CellSelection) || cells.length < 2 || (isDone && shapeOf(first) !== SPLIT)) return false;
  if (!dispatch) return true;
  const shape = `${MERGE}${author.newId()}`;
  for (const { position } of cells) tr.setNodeAttribute(position, "shape", shape);
  return true;
}

function split({ state, tr, dispatch }: CommandProps): boolean {
  const cells = selected(state);
  const shapes = new Set(cells.map(shapeOf).filter((shape) => shape?.startsWith(MERGE)));
  if (shapes.size) {
    if (!dispatch) return true;
    const { table, tableStart, map } = selectedRect(state);
    const all = held(table, tableStart, map.cellsInRect({ top: 0, left: 0, bottom: map.height, right: map.width }));
    for (const cell of all) if (shapes.has(shapeOf(cell))) tr.setNodeAttribute(cell.position, "shape", null);
    return true;
  }
  const [first] = cells;
  if (cells.length !== 1 || !first || shapeOf(first) === SPLIT) return false;
  if (first.cell.attrs["colspan"] === 1 && first.cell.attrs["rowspan"] === 1) return false;
  if (dispatch) tr.setNodeAttribute(first.position, "shape", SPLIT);
  return true;
}

function head({ state, tr, dispatch }: CommandProps): boolean {
  const cells = firstRow(state);
  if (!dispatch || !cells.length) return cells.length > 0;
  const wanted = !cells.every(isHeader);
  for (const each of cells) {
    const isNow = each.cell.type.name === "tableHeader";
    if (isHeader(each) !== wanted) tr.setNodeAttribute(each.position, "headed", isNow === wanted ? null : wanted);
  }
  return true;
}

/** Whether the caret stands in a cell that is a header, or is suggested to be one. */
export function isHeaderAt(editor: Editor): boolean {
  const [first] = selected(editor.state);
  return first !== undefined && isHeader(first);
}

export interface SuggestedTablesOptions {
  readonly isSuggesting: () => boolean;
  readonly author: Author;
}

export const SuggestedTables = Extension.create<SuggestedTablesOptions>({
  name: "suggestedTables",
  // After the tables, whose commands these stand in for.
  priority: 10,
  addOptions: () => ({ isSuggesting: () => false, author: { id: "", now: () => "", newId: () => "" } }),
  addCommands() {
    const { isSuggesting, author } = this.options;
    const isOwn = (doc: Node) => ({ position, cell }: Held) =>
      isBy(ended(cell, "insertion"), author) || isOwnGround(doc.resolve(position), author);
    const says = (cells: readonly Held[], doc: Node) => isSuggesting() && !cells.every(isOwn(doc));
    return {
      mergeCells: () => (props) =>
        says(selected(props.state), props.state.doc) ? merge(props, author) : mergeCells(props.state, props.dispatch),
      splitCell: () => (props) =>
        says(selected(props.state), props.state.doc) ? split(props) : splitCell(props.state, props.dispatch),
      toggleHeaderRow: () => (props) =>
        says(firstRow(props.state), props.state.doc) ? head(props) : toggleHeader("row")(props.state, props.dispatch),
    };
  },
});
