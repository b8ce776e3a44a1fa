/**
 * What time it is by the server's clock, for what is written down with a time.
 *
 * Why: office computers are hours or years wrong, and a suggestion keeps its time for
 * good. The page is told the time when it is made and counts on from there. When the
 * computer slept, or its clock was set, the server is asked again; without a network it
 * must have slept. Must never wait, and never fail.
 */
export interface TimeSource {
  /** The computer's clock, in milliseconds. */
  readonly wall: () => number;
  /** Milliseconds that nobody sets; they may stand still while the computer sleeps. */
  readonly steady: () => number;
  /** The server's clock now; null when it cannot be reached. */
  readonly ask: () => Promise<number | null>;
}

/** Clocks that are corrected little by little do not differ by as much. */
const JUMP_MS = 60_000;

export class ServerTime {
  private told = 0;
  private atWall = 0;
  private atSteady = 0;
  private isAsking = false;

  /** `now`: the server's time when it made the page (ISO). */
  constructor(
    now: string,
    private readonly source: TimeSource = BROWSER,
  ) {
    const told = Date.parse(now);
    this.set(Number.isNaN(told) ? source.wall() : told);
  }

  now(): Date {
    const passed = this.source.steady() - this.atSteady;
    const jump = this.source.wall() - this.atWall - passed;
    if (Math.abs(jump) > JUMP_MS && !this.isAsking) void this.askAgain(jump);
    return new Date(this.told + passed);
  }

  private async askAgain(jump: number): Promise<void> {
    this.isAsking = true;
    const told = await this.source.ask().catch(() => null);
    const passed = this.source.steady() - this.atSteady;
    this.set(told ?? this.told + passed + Math.max(0, jump));
    this.isAsking = false;
  }

  private set(told: number): void {
    this.told = told;
    this.atWall = this.source.wall();
    this.atSteady = this.source.steady();
  }
}

const BROWSER: TimeSource = {
  wall: () => Date.now(),
  steady: () => performance.now(),
  async ask() {
    const answer = await fetch("/healthz", { cache: "no-store" });
    const told = Date.parse(answer.headers.get("Date") ?? "");
    return Number.isNaN(told) ? null : told;
  },
};
