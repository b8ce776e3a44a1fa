/**
 * Block nodes of schema version 4: paragraph, lists, image, page break, rule.
 *
 * The names and attributes are those that collab/content reads on the server; a change
 * here needs a new schema version, or an outdated tab deletes what it does not know.
 * Input rules are left out on purpose: they rewrite text under Vietnamese input methods.
 */
import { Node } from "@tiptap/core";
import { BulletList, ListItem, OrderedList } from "@tiptap/extension-list";
import { safeImageSrc } from "./links";
import { endAttributes, listingAttributes, restyleAttribute } from "./suggestions";
import { MAX_INDENT, isAlignment, isParagraphStyle } from "./styles";

export const Document = Node.create({ name: "doc", topNode: true, content: "block+" });

export const Text = Node.create({ name: "text", group: "inline" });

export const HardBreak = Node.create({
  name: "hardBreak",
  group: "inline",
  inline: true,
  selectable: false,
  linebreakReplacement: true,
  addAttributes: endAttributes,
  parseHTML: () => [{ tag: "br" }],
  renderHTML: () => ["br"],
  renderText: () => "\n",
});

/** Reads a whole number in a range; anything else is the smallest. */
export function clampIndent(raw: unknown): number {
  const value = Math.round(Number(raw));
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), MAX_INDENT) : 0;
}

function readAlign(element: HTMLElement): string | null {
  const align =
    element.dataset["align"] ?? (element.style.textAlign || element.getAttribute("align"));
  return isAlignment(align) ? align : null;
}

const HEADING_TAGS = ["h1", "h2", "h3", "h4", "h5", "h6"];

export const Paragraph = Node.create({
  name: "paragraph",
  priority: 1000,
  group: "block",
  content: "inline*",
  addAttributes() {
    return {
      style: {
        default: "body",
        parseHTML: (element) => {
          const style = element.dataset["style"];
          if (isParagraphStyle(style)) return style;
          return HEADING_TAGS.includes(element.tagName.toLowerCase()) ? "heading" : "body";
        },
        renderHTML: ({ style }: Record<string, unknown>) => ({
          "data-style": isParagraphStyle(style) ? style : "body",
        }),
      },
      align: {
        default: null,
        parseHTML: readAlign,
        renderHTML: ({ align }: Record<string, unknown>) =>
          isAlignment(align) ? { "data-align": align } : {},
      },
      indent: {
        default: 0,
        parseHTML: (element) => clampIndent(element.dataset["indent"] ?? 0),
        renderHTML: ({ indent }: Record<string, unknown>) => {
          const level = clampIndent(indent);
          return level ? { "data-indent": String(level) } : {};
        },
      },
      number: {
        default: null,
        keepOnSplit: false,
        parseHTML: (element) => element.dataset["number"] ?? null,
        renderHTML: ({ number }: Record<string, unknown>) =>
          typeof number === "string" ? { "data-number": number } : {},
      },
      ...endAttributes(),
      ...restyleAttribute(),
      ...listingAttributes(),
    };
  },
  parseHTML: () => ["p", ...HEADING_TAGS].map((tag) => ({ tag })),
  renderHTML: ({ HTMLAttributes }) => ["p", HTMLAttributes, 0],
});

export const DraftBulletList = BulletList.extend({ addInputRules: () => [] });

export const DraftOrderedList = OrderedList.extend({
  addAttributes() {
    return {
      start: {
        default: 1,
        parseHTML: (element: HTMLElement) => {
          const start = Number.parseInt(element.getAttribute("start") ?? "1", 10);
          return Number.isFinite(start) ? start : 1;
        },
      },
    };
  },
  addInputRules: () => [],
  // Its own paste handler would skip our cleaning (NFC, structure).
  addProseMirrorPlugins: () => [],
});

export const DraftListItem = ListItem;

export const PageBreak = Node.create({
  name: "pageBreak",
  group: "block",
  atom: true,
  selectable: true,
  addAttributes: endAttributes,
  parseHTML: () => [{ tag: "div[data-page-break]" }],
  renderHTML: ({ HTMLAttributes }) => [
    "div",
    { "data-page-break": "", contenteditable: "false", ...HTMLAttributes },
  ],
  renderText: () => "\n",
});

export const HorizontalRule = Node.create({
  name: "horizontalRule",
  group: "block",
  atom: true,
  addAttributes: endAttributes,
  parseHTML: () => [{ tag: "hr" }],
  renderHTML: ({ HTMLAttributes }) => ["hr", HTMLAttributes],
});

/** Of what the attributes render, the suggestions alone. */
function suggestionsOf(rendered: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(rendered).filter((name) => /^data-(insertion|deletion|formatting)/.test(name));
  return Object.fromEntries(names.map((name) => [name, rendered[name]]));
}

export const IMAGE_ALIGNMENTS = ["left", "center", "right"] as const;

export const Image = Node.create({
  name: "image",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes() {
    return {
      src: {
        default: null,
        parseHTML: (element) => safeImageSrc(element.getAttribute("src")),
      },
      alt: { default: "" },
      width: {
        default: null,
        parseHTML: (element) => {
          const width = Number(element.dataset["width"]);
          return width > 0 ? width : null;
        },
      },
      align: {
        default: "center",
        parseHTML: (element) => element.dataset["align"] ?? "center",
      },
      ...endAttributes(),
      ...restyleAttribute(),
    };
  },
  parseHTML: () => [
    {
      tag: "img[src]",
      getAttrs: (element) => (safeImageSrc(element.getAttribute("src")) ? null : false),
    },
  ],
  renderHTML({ node, HTMLAttributes }) {
    const { src, alt, width, align } = node.attrs as Record<string, unknown>;
    const millimetres = Number(width) > 0 ? Math.min(Number(width), 300) : null;
    return [
      "img",
      {
        src: safeImageSrc(src) ?? "",
        alt: typeof alt === "string" ? alt : "",
        "data-align": align === "left" || align === "right" ? align : "center",
        ...suggestionsOf(HTMLAttributes),
        ...(millimetres
          ? { "data-width": String(millimetres), style: `width:${millimetres}mm` }
          : {}),
      },
    ];
  },
});
