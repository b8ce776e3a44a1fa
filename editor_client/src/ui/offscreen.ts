/**
 * Spares the browser what is out of sight: its layout and its painting.
 *
 * Only after the whole text was laid out once does the style sheet let go of the blocks
 * that nobody sees, so each keeps the height that it really has: the scroll bar, links to
 * a place and the count of pages stay right. When the lines become longer or shorter, all
 * is laid out once more. Must never change the text or its elements.
 */

const SETTLED = "is-settled";

/** Returns how to stop. */
export function spareHidden(body: HTMLElement): () => void {
  let width = 0;
  let frame = 0;
  const settle = () => {
    body.classList.remove(SETTLED);
    cancelAnimationFrame(frame);
    // Two frames: sizes are remembered when the first is over.
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => body.classList.add(SETTLED));
    });
  };
  // What the observer says is known; asking the element would lay the page out.
  const observer = new ResizeObserver(([entry]) => {
    if (!entry || entry.contentRect.width === width) return;
    width = entry.contentRect.width;
    settle();
  });
  observer.observe(body);
  // Letters of another font need another height.
  void document.fonts.ready.then(settle);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  };
}
