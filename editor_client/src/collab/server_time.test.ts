/** A suggestion has the server's time, whatever the clock of the computer says. */
import { describe, expect, it } from "vitest";
import { ServerTime } from "./server_time";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-11-22T12:00:00Z");

function computer(wall: number) {
  const clock = { wall, steady: 0, server: null as number | null, asked: 0 };
  const source = {
    wall: () => clock.wall,
    steady: () => clock.steady,
    ask: () => {
      clock.asked += 1;
      return Promise.resolve(clock.server);
    },
  };
  const pass = (ms: number) => {
    clock.wall += ms;
    clock.steady += ms;
  };
  return { clock, source, pass };
}

/** The answer, which is there already, is taken within a few turns. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

describe("the server's time", () => {
  it("goes on from what the page was told, though the computer is years behind", () => {
    const { clock, source, pass } = computer(Date.parse("2015-01-01T00:00:00Z"));
    const time = new ServerTime("2026-11-22T12:00:00+00:00", source);
    pass(HOUR);
    expect(time.now().toISOString()).toBe("2026-11-22T13:00:00.000Z");
    expect(clock.asked).toBe(0);
  });

  it("is asked for again when the clock is set, and is never ahead meanwhile", async () => {
    const { clock, source } = computer(NOON - 24 * HOUR);
    const time = new ServerTime("2026-11-22T12:00:00Z", source);
    clock.wall = NOON;
    clock.server = NOON + 500;
    expect(time.now().getTime()).toBe(NOON);
    time.now();
    await settled();
    expect(time.now().getTime()).toBe(NOON + 500);
    expect(clock.asked).toBe(1);
  });

  it("counts the hours in which the computer slept without a network", async () => {
    const { clock, source } = computer(NOON);
    const time = new ServerTime("2026-11-22T12:00:00Z", source);
    clock.wall += 9 * HOUR;
    time.now();
    await settled();
    expect(time.now().getTime()).toBe(NOON + 9 * HOUR);
  });

  it("does not go back when the clock is set back without a network", async () => {
    const { clock, source } = computer(NOON);
    const time = new ServerTime("2026-11-22T12:00:00Z", source);
    clock.wall -= 9 * HOUR;
    time.now();
    await settled();
    expect(time.now().getTime()).toBe(NOON);
  });

  it("takes the computer's clock where an older server told none", () => {
    const { source } = computer(NOON);
    expect(new ServerTime(undefined as unknown as string, source).now().getTime()).toBe(NOON);
  });

  it("outlives a server that cannot be asked", async () => {
    const { clock, source } = computer(NOON);
    const time = new ServerTime("2026-11-22T12:00:00Z", { ...source, ask: () => Promise.reject(new Error("away")) });
    clock.wall += HOUR;
    time.now();
    await settled();
    expect(time.now().getTime()).toBe(NOON + HOUR);
  });
});
