/**
 * Copied text carries the labels that the reader saw ("Điều 1.", "a)").
 *
 * They are only painted on the page, so Word or an e-mail would get paragraphs without
 * numbers. In HTML they are marked, so that pasting back into a draft drops them again.
 */
import { Extension } from "@tiptap/core";
import type { Fragment, Slice } from "@tiptap/pm/model";
import { DOMSerializer } from "@tiptap/pm/model";
import type { EditorState } from "@tiptap/pm/state";
import { Plugin } from "@tiptap/pm/state";
import { OWN_LINE_STYLES, isParagraphStyle } from "../schema/styles";
import { labelsKey } from "./labels";

/** The attribute of a painted label in copied HTML; the paste cleaning removes it. */
export const PAINTED_LABEL = "data-painted-label";

/** Labels of the selected paragraphs in document order; "" where none is to be written. */
export function selectedLabels(state: EditorState): string[] {
  const { selection } = state;
  const byPosition = labelsKey.getState(state)?.byPosition;
  // A piece of one paragraph is words, not structure.
  if (selection.$from.parent.isTextblock && selection.$from.sameParent(selection.$to)) return [];
  const labels: string[] = [];
  for (const { $from, $to } of selection.ranges) {
    state.doc.nodesBetween($from.pos, $to.pos, (node, position) => {
      if (node.type.name !== "paragraph") return !node.isTextblock;
      // The reader who starts in the middle did not take the number along.
      labels.push($from.pos <= position + 1 ? (byPosition?.get(position) ?? "") : "");
      return false;
    });
  }
  return labels;
}

class LabellingSerializer extends DOMSerializer {
  constructor(
    base: DOMSerializer,
    private readonly labels: () => readonly string[],
  ) {
    super(base.nodes, base.marks);
  }

  override serializeFragment(
    fragment: Fragment,
    options?: { document?: Document },
    target?: HTMLElement | DocumentFragment,
  ): HTMLElement | DocumentFragment {
    const dom = super.serializeFragment(fragment, options, target);
    // The serializer calls itself with a target for the content of each node.
    if (target) return dom;
    const labels = this.labels();
    dom.querySelectorAll("p").forEach((paragraph, index) => {
      const label = labels[index];
      if (!label) return;
      const painted = paragraph.ownerDocument.createElement("span");
      painted.setAttribute(PAINTED_LABEL, "");
      const { style } = paragraph.dataset;
      painted.textContent = `${label} `;
      if (isParagraphStyle(style) && OWN_LINE_STYLES.has(style)) {
        painted.textContent = label;
        painted.append(paragraph.ownerDocument.createElement("br"));
      }
      paragraph.prepend(painted);
    });
    return dom;
  }
}

function toText(slice: Slice, labels: readonly string[]): string {
  const lines: string[] = [];
  slice.content.descendants((node) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, "\n", (leaf) => (leaf.type.name === "hardBreak" ? "\n" : ""));
    const label = labels[lines.length];
    const gap = OWN_LINE_STYLES.has(node.attrs["style"] as never) ? "\n" : " ";
    lines.push(label ? label + gap + text : text);
    return false;
  });
  return lines.join("\n");
}

export const Copying = Extension.create({
  name: "copying",
  // Before Tiptap's own text serializer, which knows no labels.
  priority: 1100,
  addProseMirrorPlugins() {
    let labels: string[] = [];
    return [
      new Plugin({
        props: {
          // Called first for each copy; the two serializers below follow.
          transformCopied: (slice, view) => {
            labels = selectedLabels(view.state);
            return slice;
          },
          clipboardSerializer: new LabellingSerializer(
            DOMSerializer.fromSchema(this.editor.schema),
            () => labels,
          ),
          clipboardTextSerializer: (slice) =>
            slice.content.childCount && slice.content.firstChild?.isInline
              ? slice.content.textBetween(0, slice.content.size, "\n", "\n")
              : toText(slice, labels),
        },
      }),
    ];
  },
});
