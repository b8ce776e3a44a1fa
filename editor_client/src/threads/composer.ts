/**
 * The box in which a comment is written: words, mentions, files, and what went wrong.
 *
 * What is written is kept in the browser at every key until the server has it, with the
 * files that were uploaded for it. A failed send keeps everything and sends it again under
 * the same key: if the server had it after all, it takes the words as they are now. While
 * it is on its way nothing can be written. Must never clear words that were not taken.
 */
import type { Translate, Word } from "../i18n";
import { h, shortcutText } from "../ui/dom";
import { icon } from "../ui/icons";
import type { ThreadsApi } from "./api";
import { ThreadError } from "./api";
import type { Kept } from "./kept";
import { newKey } from "./kept";
import { createMentions } from "./mentions";
import { fileSize } from "./text";
import type { Anchor, CommentFile, Said } from "./types";
import type { WordingBox } from "./wordingBox";

const MOST_LETTERS = 5000;
const MOST_FILES = 5;

export interface ComposerParts {
  readonly t: Translate;
  readonly api: ThreadsApi;
  readonly placeholder: Word;
  readonly submit: Word;
  /** Where unsent words are kept. */
  readonly kept?: { readonly store: Kept; readonly slot: string; readonly anchor?: Anchor };
  readonly text?: string;
  readonly mentions?: readonly { readonly id: string; readonly name: string }[];
  readonly takesFiles?: boolean;
  /** New words for the field; with them, words of one's own may be left out. */
  readonly wording?: WordingBox | null;
  /** Rejects with a ThreadError when it was not taken. */
  readonly send: (said: Said) => Promise<unknown>;
  readonly onCancel?: () => void;
}

export interface Composer {
  readonly element: HTMLElement;
  focus(): void;
  isEmpty(): boolean;
  /** What is written so far, to go with another act; null when nothing is. */
  said(): Said | null;
  /** It was taken. */
  clear(): void;
}

export function createComposer(parts: ComposerParts): Composer {
  const { t, api, kept, wording } = parts;
  const found = kept?.store.read(kept.slot) ?? null;
  // A key that may have been taken for other words must not swallow these.
  const isSameThread = found?.anchor?.start === kept?.anchor?.start && found?.anchor?.end === kept?.anchor?.end;
  let key = found && isSameThread ? found.key : newKey();
  const named = new Map((found?.mentions ?? parts.mentions ?? []).map(({ id, name }) => [id, name]));
  let files: readonly CommentFile[] = parts.takesFiles ? (found?.files ?? []) : [];
  let isSending = false;
  let uploads = 0;
  /** Whether the store has what is written here. */
  let isKept = found !== null;

  const input = h("textarea", {
    class: "ed-composer-input",
    rows: 2,
    maxlength: MOST_LETTERS,
    placeholder: t(parts.placeholder),
    "aria-label": t(parts.placeholder),
    spellcheck: "false",
  });
  input.value = found?.text ?? parts.text ?? "";
  const mentions = createMentions({ input, people: api.people, onChosen: ({ id, name }) => named.set(id, name) });
  const chips = h("ul", { class: "ed-composer-files", hidden: true });
  const fault = h("p", { class: "ed-composer-fault", role: "alert", hidden: true });
  const submit = h("button", { type: "submit", class: "ed-button ed-button-primary" }, t(parts.submit));
  const chooser = h("input", { type: "file", multiple: true, hidden: true, onchange: () => void choose() });
  const attach = h(
    "button",
    { type: "button", class: "ed-button ed-button-icon", title: t("threadAttach"), "aria-label": t("threadAttach"), onclick: () => chooser.click() },
    icon("paperclip"),
  );
  const cancel = h("button", { type: "button", class: "ed-button", onclick: () => stop() }, t("threadCancel"));
  const hint = h("span", { class: "ed-composer-keys", "aria-hidden": "true" }, shortcutText("Mod-Enter"));
  const element = h(
    "form",
    { class: "ed-composer" },
    wording?.element,
    h("div", { class: "ed-composer-box" }, input, mentions),
    chips,
    fault,
    h(
      "div",
      { class: "ed-composer-foot" },
      parts.takesFiles && attach,
      parts.takesFiles && chooser,
      hint,
      parts.onCancel && cancel,
      submit,
    ),
  );

  const said = (): Said => {
    const text = input.value.trim();
    return {
      key,
      text,
      mentions: [...named].filter(([, name]) => text.includes(`@${name}`)).map(([id]) => id),
      files: files.map(({ id }) => id),
    };
  };
  /** Another tab sent what both had kept: this is then something else. */
  const renew = () => {
    if (kept && isKept && kept.store.read(kept.slot)?.key !== key) key = newKey();
  };
  const keep = () => {
    if (!kept) return;
    renew();
    const words = wording?.value() ?? null;
    if (input.value.trim() === (parts.text ?? "").trim() && files.length === 0 && !words) {
      kept.store.drop(kept.slot);
      isKept = false;
      return;
    }
    const mentioned = [...named].map(([id, name]) => ({ id, name }));
    const { anchor } = kept;
    const more = { ...(anchor ? { anchor } : {}), ...(files.length ? { files } : {}), ...(words ? { wording: words } : {}) };
    kept.store.write(kept.slot, { text: input.value, key, mentions: mentioned, ...more });
    // A browser without storage has nothing that another tab could send.
    isKept = kept.store.read(kept.slot)?.key === key;
  };
  const grow = () => {
    input.style.height = "auto";
    input.style.height = `${String(Math.min(input.scrollHeight + 2, 260))}px`;
  };
  const isReady = () => (wording?.isOn() ? wording.value() !== null : input.value.trim() !== "");
  const update = () => {
    submit.disabled = isSending || uploads > 0 || !isReady();
    input.placeholder = t(wording?.isOn() ? "fsWhy" : parts.placeholder);
    input.readOnly = isSending;
    if (wording) wording.element.inert = isSending;
    attach.disabled = isSending;
    attach.hidden = files.length >= MOST_FILES;
    element.classList.toggle("is-filled", input.value.trim() !== "");
  };
  const say = (text: string) => {
    fault.textContent = text;
    fault.hidden = text === "";
  };
  const drawFiles = () => {
    chips.hidden = files.length === 0;
    chips.replaceChildren(
      ...files.map((file) => {
        const label = t("threadFileOff", { name: file.name });
        const off = () => {
          if (isSending) return;
          files = files.filter(({ id }) => id !== file.id);
          keep();
          // If this fails the server lets go of it by itself one day.
          void api.drop(file.id).catch(() => undefined);
          drawFiles();
          update();
        };
        return h(
          "li",
          {},
          h("span", {}, `${file.name} · ${fileSize(file.size_bytes)}`),
          h("button", { type: "button", class: "ed-button ed-button-icon", "aria-label": label, title: label, onclick: off }, icon("close")),
        );
      }),
    );
  };
  const upload = async (given: readonly File[]) => {
    for (const file of given.slice(0, MOST_FILES - files.length)) {
      say(t("threadUploading"));
      uploads += 1;
      update();
      try {
        files = [...files, await api.upload(file)];
        keep();
        say("");
      } catch (error) {
        say(error instanceof ThreadError && error.message ? error.message : t("threadUploadFailed", { name: file.name }));
      }
      uploads -= 1;
      drawFiles();
      update();
    }
  };
  const choose = () => {
    const chosen = Array.from(chooser.files ?? []);
    chooser.value = "";
    return upload(chosen);
  };
  /** A screenshot that is pasted, or files that are dropped here. */
  const take = (event: Event, data: DataTransfer | null) => {
    const given = Array.from(data?.files ?? []);
    if (!parts.takesFiles || !given.length || data?.getData("text/plain")) return;
    event.preventDefault();
    if (!isSending) void upload(given);
  };
  const send = async () => {
    if (isSending || uploads > 0 || !isReady()) return;
    renew();
    isSending = true;
    element.setAttribute("aria-busy", "true");
    update();
    try {
      await parts.send(said());
      clear();
      submit.textContent = t(parts.submit);
    } catch (error) {
      const why = error instanceof ThreadError ? error.message : "";
      say(why ? `${t("threadUnsent")} ${why}` : t("threadUnsent"));
      // Taken, and taken back since: what is written now is another comment.
      if (error instanceof ThreadError && error.code === "comment_removed") key = newKey();
      submit.textContent = t("threadRetry");
    }
    isSending = false;
    element.removeAttribute("aria-busy");
    drawFiles();
    update();
    grow();
    requestAnimationFrame(() => element.scrollIntoView({ block: "nearest" }));
  };
  const clear = () => {
    kept?.store.drop(kept.slot);
    isKept = false;
    input.value = "";
    named.clear();
    files = [];
    key = newKey();
    say("");
  };
  const stop = () => {
    kept?.store.drop(kept.slot);
    isKept = false;
    input.value = "";
    key = newKey();
    say("");
    update();
    parts.onCancel?.();
  };

  input.addEventListener("paste", (event) => take(event, event.clipboardData));
  element.addEventListener("dragover", (event) => {
    if (parts.takesFiles && event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  element.addEventListener("drop", (event) => take(event, event.dataTransfer));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  input.addEventListener("input", () => {
    keep();
    update();
    grow();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape") {
      const isUntouched = input.value.trim() === (parts.text ?? "");
      // Words that were begun are not put away with the panel by one key.
      if (input.value.trim() !== "") event.stopPropagation();
      if (!parts.onCancel || !isUntouched) return;
      event.preventDefault();
      event.stopPropagation();
      stop();
    }
  });
  wording?.onChange(() => {
    keep();
    update();
  });
  drawFiles();
  update();
  requestAnimationFrame(grow);
  return {
    element,
    focus() {
      if (wording?.isOn()) return wording.focus();
      input.focus();
      input.setSelectionRange(input.value.length, input.value.length);
    },
    isEmpty: () => input.value.trim() === "",
    said: () => (input.value.trim() === "" ? null : said()),
    clear() {
      clear();
      drawFiles();
      update();
      grow();
    },
  };
}
