/**
 * Word does not copy lists as lists but as paragraphs with `mso-list:l0 level2 lfo1` and
 * the marker as text. This rebuilds real lists, or paragraphs of the trade where the
 * marker says so ("Điều 1.", "a)").
 */

interface FakeItem {
  readonly paragraph: HTMLElement;
  readonly level: number;
  readonly marker: string;
}

const LEVEL = /mso-list:\s*[^;"']*level(\d+)/i;

export function rebuildWordLists(page: Document): void {
  const items = new Map<HTMLElement, FakeItem>();
  for (const paragraph of Array.from(page.querySelectorAll<HTMLElement>("p, h1, h2, h3, h4, h5, h6"))) {
    const item = readItem(paragraph);
    if (item) items.set(paragraph, item);
  }
  const hasArticles = Array.from(items.values()).some(({ marker }) => /^Điều\s/i.test(marker));
  for (const item of Array.from(items.values())) {
    const style = styleOfMarker(item.marker, hasArticles);
    if (!style) continue;
    item.paragraph.dataset["style"] = style;
    items.delete(item.paragraph);
  }
  while (items.size) {
    const [first] = items.values();
    if (!first) break;
    const run = takeRun(first, items);
    buildLists(page, run);
  }
}

function readItem(paragraph: HTMLElement): FakeItem | null {
  const level = LEVEL.exec(paragraph.getAttribute("style") ?? "")?.[1];
  const ignored = paragraph.querySelector<HTMLElement>('[style*="mso-list:Ignore" i], [style*="mso-list: Ignore" i]');
  if (!level || !ignored) return null;
  const marker = (ignored.textContent ?? "").replace(/[\s\u00a0]+/g, " ").trim();
  ignored.remove();
  return { paragraph, level: Number(level), marker };
}

function styleOfMarker(marker: string, hasArticles: boolean): string | null {
  if (/^Điều\s/i.test(marker)) return "article";
  if (/^Chương\s/i.test(marker)) return "chapter";
  if (/^Mục\s/i.test(marker)) return "section";
  if (/^[a-zđ]{1,2}\)$/i.test(marker)) return "point";
  return hasArticles && /^\d+\.$/.test(marker) ? "clause" : null;
}

/** Items that follow each other with nothing else between. */
function takeRun(first: FakeItem, items: Map<HTMLElement, FakeItem>): FakeItem[] {
  const run: FakeItem[] = [];
  let next: FakeItem | undefined = first;
  while (next) {
    run.push(next);
    items.delete(next.paragraph);
    const sibling: Element | null = next.paragraph.nextElementSibling;
    next = sibling ? items.get(sibling as HTMLElement) : undefined;
  }
  return run;
}

function buildLists(page: Document, run: readonly FakeItem[]): void {
  const anchor = run[0]?.paragraph;
  if (!anchor) return;
  const open: { level: number; list: HTMLElement }[] = [];
  for (const { paragraph, level, marker } of run) {
    while ((open.at(-1)?.level ?? 0) > level) open.pop();
    const number = /^\(?(\d+)[.)]?$/.exec(marker)?.[1];
    const tag = number || /^\(?[ivxlc]+[.)]$/i.test(marker) ? "ol" : "ul";
    let current = open.at(-1);
    if (!current || current.level < level || current.list.tagName.toLowerCase() !== tag) {
      if (current?.level === level) open.pop();
      const list = page.createElement(tag);
      if (number && number !== "1") list.setAttribute("start", number);
      const parentItem = open.at(-1)?.list.lastElementChild;
      if (parentItem) parentItem.append(list);
      else anchor.before(list);
      current = { level, list };
      open.push(current);
    }
    const item = page.createElement("li");
    const content = page.createElement("p");
    content.append(...Array.from(paragraph.childNodes));
    const align = paragraph.style.textAlign;
    if (align) content.style.textAlign = align;
    item.append(content);
    current.list.append(item);
    if (paragraph !== anchor) paragraph.remove();
  }
  anchor.remove();
}
