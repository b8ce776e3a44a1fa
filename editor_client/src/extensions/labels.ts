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

export const labelsKey = new PluginKey<LabelState>("labels");

interface LabelState {
  readonly decorations: DecorationSet;
  /** Label by position of its paragraph. */
  readonly byPosition: ReadonlyMap<number, string>;
}

/** Labels of all paragraphs of a document, by their position in it. */
export function labelsOf(doc: ProseMirrorNode): Map<number, string> {
  const labeller = new Labeller();
  const labels = new Map<number, string>();
  doc.descendants((node, position, parent, index) => {
    if (node.type.name !== "paragraph") return !node.isTextblock;
    // Numbers are those that will stand: what is to go has none.
    if (hasNoLabel(node, parent?.maybeChild(index - 1) ?? null)) return false;
    const { style, number } = node.attrs as { style: string; number: string | null };
    const label = labeller.label({ style, number });
    if (label !== "") labels.set(position, label);
    return false;
  });
  return labels;
}

function paint(doc: ProseMirrorNode): LabelState {
  const byPosition = labelsOf(doc);
  const decorations: Decoration[] = [];
  for (const [position, label] of byPosition) {
    const node = doc.nodeAt(position);
    if (!node) continue;
    decorations.push(
      Decoration.node(position, position + node.nodeSize, { "data-label": label }),
    );
  }
  return { decorations: DecorationSet.create(doc, decorations), byPosition };
}

export const Labels = Extension.create({
  name: "labels",
  addProseMirrorPlugins() {
    return [
      new Plugin<LabelState>({
        key: labelsKey,
        state: {
          init: (_, state) => paint(state.doc),
          apply: (tr, value) => (tr.docChanged ? paint(tr.doc) : value),
        },
        props: {
          decorations: (state) => labelsKey.getState(state)?.decorations,
        },
      }),
    ];
  },
});
