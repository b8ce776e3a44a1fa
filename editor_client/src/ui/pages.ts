/** How many printed pages the draft takes, from its height on the screen. An estimate. */

/** Text height of A4 with margins of 20 mm above and below, in CSS pixels. */
const PAGE_HEIGHT_PX = (297 - 40) * (96 / 25.4);
const PAGE_WIDTH_PX = 165 * (96 / 25.4);

export function estimatePages(sheet: HTMLElement, body: HTMLElement): number {
  const style = getComputedStyle(sheet);
  const padding = Number.parseFloat(style.paddingTop) + Number.parseFloat(style.paddingBottom);
  const width = sheet.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
  if (width <= 0) return 1;
  // A narrow screen wraps more; the same words take the same area.
  const scale = Math.min(width / PAGE_WIDTH_PX, 1);
  const top = sheet.getBoundingClientRect().top;
  const zoom = sheet.getBoundingClientRect().height / sheet.offsetHeight || 1;
  let pages = 0;
  let start = 0;
  for (const element of Array.from(body.querySelectorAll<HTMLElement>("[data-page-break]"))) {
    const end = (element.getBoundingClientRect().top - top) / zoom;
    pages += pagesIn(end - start, scale);
    start = end;
  }
  return pages + pagesIn(sheet.offsetHeight - padding - start, scale);
}

function pagesIn(height: number, scale: number): number {
  return Math.max(1, Math.ceil((height * scale) / PAGE_HEIGHT_PX - 0.02));
}
