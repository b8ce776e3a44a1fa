/**
 * Colleagues' letters come in small groups, so that showing them leaves this person's
 * own typing most of the time, on an old computer too.
 *
 * The first is shown at once. Whoever is slow at showing rests longer: about a quarter
 * of the time goes to others, and nothing waits longer than `LONGEST_MS`. It must never
 * drop a message or change the order.
 */

/** Shorter rests would be more often than the screen is drawn. */
const SHORTEST_MS = 30;
const LONGEST_MS = 200;
const REST_FOR_WORK = 3;

export class Pace<Message> {
  private waiting: Message[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private freeAt = 0;

  constructor(
    /** Takes all of them as one change. */
    private readonly deliver: (messages: readonly Message[]) => void,
    private readonly now: () => number,
  ) {}

  take(message: Message): void {
    this.waiting.push(message);
    if (this.timer !== null) return;
    const wait = this.freeAt - this.now();
    if (wait <= 0) this.flush();
    else this.timer = setTimeout(() => this.flush(), wait);
  }

  /** Deliver what waits, now. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.waiting.length === 0) return;
    const begun = this.now();
    try {
      this.deliver(this.waiting.splice(0));
    } finally {
      const ended = this.now();
      const rest = (ended - begun) * REST_FOR_WORK;
      this.freeAt = ended + Math.min(Math.max(rest, SHORTEST_MS), LONGEST_MS);
    }
  }
}
