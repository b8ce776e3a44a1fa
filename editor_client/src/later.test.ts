/** What the page of the editor runs, now and later. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const IMPORTED = /(?:from|import)\s*\(?\s*"([^"]+)"/g;

/** All that a module brings along, from this folder and from others. */
function reached(start: string, found = new Set<string>()): Set<string> {
  if (found.has(start)) return found;
  found.add(start);
  for (const [, name = ""] of readFileSync(start, "utf8").matchAll(IMPORTED)) {
    const file = `${join(dirname(start), name)}.ts`;
    const folder = join(dirname(start), name, "index.ts");
    if (!name.startsWith(".")) found.add(name);
    else if (existsSync(file)) reached(file, found);
    else if (existsSync(folder)) reached(folder, found);
  }
  return found;
}

describe("the page of the editor", () => {
  const src = join(process.cwd(), "src");

  it("runs no script that looks through the whole page at every key", () => {
    const found = [...reached(join(src, "editor.ts")), ...reached(join(src, "later.ts"))];
    expect(found).toContain("htmx.org");
    expect(found.filter((name) => name.startsWith("@tabler/core"))).toEqual([]);
    expect([...reached(join(src, "pages.ts"))].filter((name) => name.endsWith(".esm.min.js"))).toHaveLength(1);
  });
});
