// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";
import type { Boot } from "../collab/types";
import { translator } from "../i18n";
import { createAsked } from "./asked";

const boot = { urls: { asked: "/api/v1/opinion-requests?draft=1" } } as unknown as Boot;

function answers(...bodies: unknown[]): { ask: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const ask = (async (url: string) => {
    asked.push(url);
    const body = bodies.shift();
    if (body === undefined) throw new TypeError("no line");
    return new Response(JSON.stringify(body), { status: "items" in (body as object) ? 200 : 403 });
  }) as unknown as typeof fetch;
  return { ask, asked };
}

describe("the way to the form of an opinion", () => {
  it("is shown to whoever is asked, with the day, until it is answered", async () => {
    const first = { id: "r1", due_on: "2026-11-27", asked_by: "Tuyết" };
    const { ask, asked } = answers({ items: [first] }, { items: [] });
    const { element, destroy } = createAsked(boot, translator("vi"), ask);
    await vi.waitFor(() => expect(element.hidden).toBe(false));
    expect(element.getAttribute("href")).toBe("/opinions/r1/");
    expect(element.title).toBe("Tuyết hỏi ý kiến, hạn 27/11/2026");
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.waitFor(() => expect(element.hidden).toBe(true));
    expect(asked).toHaveLength(2);
    destroy();
  });

  it("comes to whoever is asked while the draft is open", async () => {
    const first = { id: "r1", due_on: "2026-11-27", asked_by: "Tuyết" };
    const { element, looked, destroy } = createAsked(boot, translator("vi"), answers({ items: [] }, { items: [first] }).ask);
    await looked;
    expect(element.hidden).toBe(true);
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.waitFor(() => expect(element.hidden).toBe(false));
    destroy();
  });

  it("does not come back with an answer that was overtaken", async () => {
    const first = { id: "r1", due_on: "2026-11-27", asked_by: "Tuyết" };
    const waiting: ((response: Response) => void)[] = [];
    const ask = (() => new Promise<Response>((done) => waiting.push(done))) as unknown as typeof fetch;
    const { element, looked, destroy } = createAsked(boot, translator("vi"), ask);
    document.dispatchEvent(new Event("visibilitychange"));
    waiting[1]?.(new Response(JSON.stringify({ items: [] })));
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[0]?.(new Response(JSON.stringify({ items: [first] })));
    await looked;
    expect(element.hidden).toBe(true);
    destroy();
  });

  it.each([[{ items: [] }], [{ code: "not_allowed" }], [undefined]])("is not there otherwise: %j", async (body) => {
    const { element, looked, destroy } = createAsked(boot, translator("vi"), answers(...(body ? [body] : [])).ask);
    await looked;
    expect(element.hidden).toBe(true);
    destroy();
  });
});
