/**
 * Shows automatic labels as attributes that CSS paints before the paragraph.
 *
 * Attributes, not widgets: a widget inside the text would be touched whenever numbering
 * changes, and that breaks Vietnamese composition in the same paragraph. The label is
 * never part of the document.
 */
import { Extension } from "@tiptap/core";
import type { Node as ProseMirrorNode } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { Labeller } from "../schema/labels";
import { hasNoLabel } from "../suggest/goes";
import { mappingOf, quick } from "./decorations";

export const labelsKey = new PluginKey<LabelState>("labels");

interface LabelState {
  readonly decorations: DecorationSet;
  /** Label by position of its paragraph. */
  readonly byPosition: ReadonlyMap<number, string>;
}

interface Labelled {
  readonly position: number;
  readonly node: ProseMirrorNode;
  readonly label: string;
}

/** All paragraphs that have a label, in order. */
function labelled(doc: ProseMirrorNode): Labelled[] {
  const labeller = new Labeller();
  const found: Labelled[] = [];
  doc.descendants((node, position, parent, index) => {
    if (node.type.name !== "paragraph") return !node.isTextblock;
    // Numbers are those that will stand: what is to go has none.
    if (hasNoLabel(node, parent?.maybeChild(index - 1) ?? null)) return false;
    const { style, number } = node.attrs as { style: string; number: string | null };
    const label = labeller.label({ style, number });
    if (label !== "") found.push({ position, node, label });
    return false;
  });
  return found;
}

/** Labels of all paragraphs of a document, by their position in it. */
export function labelsOf(doc: ProseMirrorNode): Map<number, string> {
  return new Map(labelled(doc).map(({ position, label }) => [position, label]));
}

/** Draws anew only when it must: nearly every edit leaves each label at its paragraph. */
function paint(doc: ProseMirrorNode, carried: DecorationSet): LabelState {
  const found = labelled(doc);
  const byPosition = new Map(found.map(({ position, label }) => [position, label]));
  if (isShown(carried, found)) return { decorations: carried, byPosition };
  const decorations = found.map(({ position, node, label }) =>
    Decoration.node(position, position + node.nodeSize, { "data-label": label }, { label }),
  );
  return { decorations: quick(DecorationSet.create(doc, decorations)), byPosition };
}

function isShown(set: DecorationSet, wanted: readonly Labelled[]): boolean {
  const shown = set.find();
  if (shown.length !== wanted.length) return false;
  const labels = new Map(shown.map(({ from, to, spec }) => [from, { to, label: (spec as { label: string }).label }]));
  return wanted.every(({ position, node, label }) => {
    const there = labels.get(position);
    return there?.label === label && there.to === position + node.nodeSize;
  });
}

export const Labels = Extension.create({
  name: "labels",
  addProseMirrorPlugins() {
    return [
      new Plugin<LabelState>({
        key: labelsKey,
        state: {
          init: (_, state) => paint(state.doc, DecorationSet.empty),
          apply: (tr, value) =>
            tr.docChanged ? paint(tr.doc, quick(value.decorations.map(mappingOf(tr), tr.doc))) : value,
        },
        props: {
          decorations: (state) => labelsKey.getState(state)?.decorations,
        },
      }),
    ];
  },
});
