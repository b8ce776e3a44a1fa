/**
 * Cleans HTML from the clipboard before the schema reads it.
 *
 * Word, LibreOffice and web pages bring classes, fonts, conditional comments and lists
 * that are only drawn as lists. What the draft can hold is kept (bold, italic,
 * underline, alignment, lists, tables, links); the rest goes. Works on a detached
 * document, so nothing in the pasted text can run or load. Text becomes NFC here,
 * because pasted text may be decomposed and then search and export would miss it.
 */
import { PAINTED_LABEL } from "../extensions/copying";
import { safeImageSrc } from "../schema/links";
import { rebuildWordLists } from "./wordLists";
import { readColumnWidths } from "./columnWidths";

export interface Cleaned {
  /** Safe to hand to the schema's parser. Images wait in `images`. */
  readonly document: Document;
  /** Images that must be uploaded before they may stand in the draft. */
  readonly images: readonly HTMLImageElement[];
  /** Images on other hosts or on the writer's disk, which were left out. */
  readonly droppedImages: number;
}

const DROPPED = [
  "style", "script", "meta", "link", "title", "head", "xml", "object", "embed", "iframe",
  "form", "input", "button", "select", "textarea", "svg", "canvas", "video", "audio",
  "noscript", "template",
].join(",");

const KEPT_ATTRIBUTES: Record<string, readonly string[]> = {
  a: ["href"],
  img: ["src", "alt", "data-width", "data-align"],
  td: ["colspan", "rowspan", "colwidth"],
  th: ["colspan", "rowspan", "colwidth"],
  ol: ["start"],
  div: ["data-page-break"],
};
const KEPT_STYLES = ["font-weight", "font-style", "text-decoration", "vertical-align"];

/** Clean clipboard HTML. `ownImages` is the address of this draft's images. */
export function cleanHtml(html: string, ownImages: string): Cleaned {
  const page = new DOMParser().parseFromString(html, "text/html");
  const isOurs = page.querySelector("[data-pm-slice]") !== null;
  page.querySelectorAll(`[${PAINTED_LABEL}]`).forEach((label) => label.remove());
  page.querySelectorAll(DROPPED).forEach((element) => element.remove());
  if (!isOurs) {
    convertPageBreaks(page);
    rebuildWordLists(page);
    readColumnWidths(page);
  }
  dropComments(page);
  const { images, droppedImages } = sortImages(page, ownImages);
  for (const element of Array.from(page.body.querySelectorAll<HTMLElement>("*"))) {
    if (element.tagName.includes(":")) unwrap(element);
    else if (!isOurs) simplify(element);
  }
  normaliseText(page.body, !isOurs);
  if (!isOurs) dropEmptyParagraphs(page);
  return { document: page, images, droppedImages };
}

function simplify(element: HTMLElement): void {
  const tag = element.tagName.toLowerCase();
  const align = readAlign(element);
  const styles = KEPT_STYLES.map((name) => [name, element.style.getPropertyValue(name)])
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}:${value}`);
  const style = element.dataset["style"];
  for (const { name } of Array.from(element.attributes)) {
    if (!KEPT_ATTRIBUTES[tag]?.includes(name)) element.removeAttribute(name);
  }
  if (styles.length) element.setAttribute("style", styles.join(";"));
  if (style) element.dataset["style"] = style;
  // Justified is the page's own default, so it needs no mark.
  if (align && align !== "justify" && tag !== "img") element.dataset["align"] = align;
}

function readAlign(element: HTMLElement): string | null {
  const align = element.style.textAlign || element.getAttribute("align") || "";
  if (align) return ["left", "center", "right", "justify"].includes(align) ? align : null;
  return element.closest("center") ? "center" : null;
}

function convertPageBreaks(page: Document): void {
  const breaks = page.querySelectorAll<HTMLElement>(
    'br[style*="page-break-before"], br[clear="all"][style*="page-break"]',
  );
  for (const element of Array.from(breaks)) {
    const marker = page.createElement("div");
    marker.setAttribute("data-page-break", "");
    const block = element.closest("p") ?? element;
    block.before(marker);
    element.remove();
  }
}

function dropComments(page: Document): void {
  const walker = page.createTreeWalker(page, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  comments.forEach((comment) => comment.parentNode?.removeChild(comment));
}

function sortImages(
  page: Document,
  ownImages: string,
): { images: HTMLImageElement[]; droppedImages: number } {
  const images: HTMLImageElement[] = [];
  let droppedImages = 0;
  for (const image of Array.from(page.querySelectorAll("img"))) {
    const src = image.getAttribute("src") ?? "";
    if (safeImageSrc(src) && src.startsWith(`${ownImages}/`)) continue;
    // Another draft's picture: its readers are not this draft's, so it is copied.
    if (/^data:image\/(png|jpe?g|gif|webp);base64,/i.test(src) || safeImageSrc(src)) {
      images.push(image);
    } else {
      image.remove();
      droppedImages += 1;
    }
  }
  return { images, droppedImages };
}

function normaliseText(root: Node, isForeign: boolean): void {
  const walker = root.ownerDocument?.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker?.nextNode()) {
    const text = walker.currentNode;
    const value = (text.nodeValue ?? "").normalize("NFC");
    text.nodeValue = isForeign ? value.replace(/[\u00a0\u202f]/g, " ") : value;
  }
}

function dropEmptyParagraphs(page: Document): void {
  for (const paragraph of Array.from(page.querySelectorAll("p"))) {
    const isOnlyChild = paragraph.parentElement?.matches("td, th, li") &&
      paragraph.parentElement.children.length === 1;
    if (!isOnlyChild && !paragraph.textContent?.trim() && !paragraph.querySelector("img")) {
      paragraph.remove();
    }
  }
}

function unwrap(element: Element): void {
  element.replaceWith(...Array.from(element.childNodes));
}
