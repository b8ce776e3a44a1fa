/**
 * What this person has just done comes before what colleagues did.
 *
 * Why: the browser moves the caret at once and tells of it a moment later. If a
 * colleague's letter is shown in between, the editor puts the caret back where it last
 * knew it: an arrow key, Home or a click is lost, the more often the more people type.
 * It must never be needed for letters: those the browser tells of by itself.
 */

/** Let the editor hear now of a selection whose event is still on its way. */
export function hearOwnSelection(): void {
  if (typeof document !== "undefined") document.dispatchEvent(new Event("selectionchange"));
}
