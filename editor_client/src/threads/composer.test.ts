/** The box of a comment: no word is cleared that the server did not take as it stood. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Translate } from "../i18n";
import type { ThreadsApi } from "./api";
import { ThreadError } from "./api";
import type { Composer, ComposerParts } from "./composer";
import { createComposer } from "./composer";
import type { Kept } from "./kept";
import { keptWords } from "./kept";
import type { CommentFile, Said } from "./types";

const FILE: CommentFile = { id: "f1", name: "ảnh.png", content_type: "image/png", size_bytes: 10 };
const SLOT = "new";
const t = ((word: string) => word) as unknown as Translate;

let held: Map<string, string>;
let kept: Kept;
let sent: Said[];
let answer: { take: () => void; fail: (error: Error) => void };

beforeEach(() => {
  held = new Map();
  const storage = {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => held.set(name, value),
    removeItem: (name: string) => held.delete(name),
  };
  kept = keptWords("an", "d1", storage as unknown as Storage);
  sent = [];
  Element.prototype.scrollIntoView = vi.fn();
});

function open(more: Partial<ComposerParts> = {}): Composer & { input: HTMLTextAreaElement } {
  const send = (said: Said) => {
    sent.push(said);
    return new Promise<void>((take, fail) => (answer = { take, fail }));
  };
  const api = { people: () => Promise.resolve([]), upload: () => Promise.resolve(FILE), drop: () => Promise.resolve() };
  const box = createComposer({
    t,
    api: api as unknown as ThreadsApi,
    placeholder: "threadWrite",
    submit: "threadSend",
    takesFiles: true,
    kept: { store: kept, slot: SLOT },
    send,
    ...more,
  });
  document.body.replaceChildren(box.element);
  return { ...box, input: box.element.querySelector("textarea") as HTMLTextAreaElement };
}

function type(input: HTMLTextAreaElement, words: string): void {
  input.value = words;
  input.dispatchEvent(new Event("input"));
}
const submit = ({ element }: Composer) => element.dispatchEvent(new Event("submit", { cancelable: true }));
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};
async function attach({ element }: Composer): Promise<void> {
  const drop = new Event("drop", { cancelable: true });
  Object.assign(drop, { dataTransfer: { files: [new File(["x"], "ảnh.png")], getData: () => "" } });
  element.dispatchEvent(drop);
  await settle();
}

describe("the box of a comment", () => {
  it("takes no letter while it is on its way, and is empty when it was taken", async () => {
    const box = open();
    type(box.input, "Cần nêu rõ");
    submit(box);
    expect(box.input.readOnly).toBe(true);
    answer.take();
    await settle();
    expect([box.input.value, box.input.readOnly, held.size]).toEqual(["", false, 0]);
  });

  it("sends what was added after a lost answer under the same key", async () => {
    const box = open();
    type(box.input, "Một");
    submit(box);
    answer.fail(new ThreadError(0, "unreachable", ""));
    await settle();
    type(box.input, "Một, hai");
    submit(box);
    expect(sent.map(({ text }) => text)).toEqual(["Một", "Một, hai"]);
    expect(sent[0]?.key).toBe(sent[1]?.key);
  });

  it("sends under another key what another tab had kept too, and sent", async () => {
    type(open().input, "Một");
    const [mine, theirs] = [open(), open()];
    submit(theirs);
    answer.take();
    await settle();
    type(mine.input, "Một, của tôi");
    submit(mine);
    expect(sent[1]?.key).not.toBe(sent[0]?.key);
  });

  it("takes another key when what it had sent was taken back since", async () => {
    const box = open();
    type(box.input, "Một");
    submit(box);
    answer.fail(new ThreadError(409, "comment_removed", "đã rút lại"));
    await settle();
    submit(box);
    expect(sent[1]?.key).not.toBe(sent[0]?.key);
  });

  it("has its files again after a reload, and lets go of those that were taken off", async () => {
    const box = open();
    type(box.input, "Xem ảnh");
    await attach(box);
    const again = open();
    submit(again);
    expect(sent[0]).toMatchObject({ text: "Xem ảnh", files: ["f1"] });
    answer.fail(new ThreadError(0, "unreachable", ""));
    await settle();
    again.element.querySelector<HTMLElement>(".ed-composer-files button")?.click();
    submit(open());
    expect(sent[1]?.files).toEqual([]);
  });

  it("waits for a file that is on its way", async () => {
    let uploaded: (file: CommentFile) => void = () => undefined;
    const upload = () => new Promise<CommentFile>((done) => (uploaded = done));
    const api = { people: () => Promise.resolve([]), upload } as unknown as ThreadsApi;
    const box = open({ api });
    type(box.input, "Xem ảnh");
    await attach(box);
    submit(box);
    expect(sent).toEqual([]);
    uploaded(FILE);
    await settle();
    submit(box);
    expect(sent[0]?.files).toEqual(["f1"]);
  });

  it("keeps the change of a comment over a reload, and nothing when nothing was changed", () => {
    const edits = { text: "Cũ", kept: { store: kept, slot: "edit.c1" }, takesFiles: false };
    const box = open(edits);
    type(box.input, "Cũ, và mới");
    expect(open(edits).input.value).toBe("Cũ, và mới");
    type(open(edits).input, "Cũ");
    expect(kept.read("edit.c1")).toBeNull();
  });
});
