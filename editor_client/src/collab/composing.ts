/**
 * Colleagues' edits wait while a word is being composed on this computer.
 *
 * Why: an input method (Windows' and macOS' Vietnamese keyboards, ibus) owns the text
 * node that it composes in. If a colleague's letter changes that node, the browser ends
 * the composition and letters are doubled ("dđắk"). So document messages of the server
 * stand in a queue until the word is finished: our own edits go out meanwhile, the order
 * is kept, and the CRDT merges as ever. UniKey and its kin do not compose and need none.
 *
 * It must never hold anything but document messages, and nothing for long.
 */

/** ProseMirror reads the composed text shortly after the event; then it is our turn. */
const AFTER_MS = 50;
/** A composition that is left open must not cut this person off from the others. */
const LONGEST_MS = 5000;

export class ComposingQueue<Message> {
  private queue: Message[] = [];
  private composing = false;
  private after: ReturnType<typeof setTimeout> | null = null;
  private longest: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly deliver: (message: Message) => void) {}

  begin(): void {
    this.composing = true;
    if (this.after !== null) clearTimeout(this.after);
    this.after = null;
  }

  end(): void {
    this.composing = false;
    if (this.after !== null) clearTimeout(this.after);
    this.after = setTimeout(() => this.release(), AFTER_MS);
  }

  /** Delivers the message now, or when the word is finished. */
  take(message: Message): void {
    if (!this.composing && this.after === null) {
      this.deliver(message);
      return;
    }
    this.queue.push(message);
    this.longest ??= setTimeout(() => this.release(), LONGEST_MS);
  }

  /** Forget what waits: a new connection will bring it again. */
  drop(): void {
    this.queue = [];
    this.clearTimers();
  }

  private release(): void {
    this.clearTimers();
    for (const message of this.queue.splice(0)) this.deliver(message);
  }

  private clearTimers(): void {
    if (this.after !== null) clearTimeout(this.after);
    if (this.longest !== null) clearTimeout(this.longest);
    this.after = this.longest = null;
  }
}

/** Tells the queue of compositions anywhere on the page; returns how to stop. */
export function watchComposing(queue: Pick<ComposingQueue<unknown>, "begin" | "end">): () => void {
  if (typeof window === "undefined") return () => undefined;
  const begin = () => queue.begin();
  const end = () => queue.end();
  window.addEventListener("compositionstart", begin, true);
  window.addEventListener("compositionend", end, true);
  return () => {
    window.removeEventListener("compositionstart", begin, true);
    window.removeEventListener("compositionend", end, true);
  };
}
