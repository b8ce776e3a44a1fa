/**
 * The choice between saying something of a field and suggesting its new words, and the
 * box for those. Begins from what the field says. Must never send anything by itself.
 */
import type { Translate } from "../i18n";
import { h } from "../ui/dom";
import type { Wording } from "./types";
import { fieldWords, isInLines } from "./wording";

const MOST_LETTERS = 2000;

export interface WordingBox {
  readonly element: HTMLElement;
  isOn(): boolean;
  /** The new words, once they differ from the old ones; null while they do not. */
  value(): Wording | null;
  onChange(run: () => void): void;
  focus(): void;
}

export interface WordingBoxParts {
  readonly t: Translate;
  readonly part: string;
  /** What the field says now. */
  readonly now: string;
  readonly kept: Wording | null;
  readonly isOn: boolean;
}

export function createWordingBox({ t, part, now, kept, isOn: begins }: WordingBoxParts): WordingBox {
  const old = kept?.old ?? fieldWords(part, now);
  let isOn = begins || kept !== null;
  let changed: () => void = () => undefined;
  const input = h("textarea", {
    class: "ed-composer-input",
    rows: 2,
    maxlength: MOST_LETTERS,
    lang: "vi",
    placeholder: t("fsEmpty"),
    spellcheck: "false",
  });
  input.value = kept?.new ?? old;
  const grow = () => {
    input.style.height = "auto";
    input.style.height = `${String(Math.min(input.scrollHeight + 2, 260))}px`;
  };
  const choice = (word: "fsSay" | "fsSuggest", value: boolean) =>
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          isOn = value;
          draw();
          changed();
          if (value) input.focus();
        },
      },
      t(word),
    );
  const say = choice("fsSay", false);
  const suggest = choice("fsSuggest", true);
  const words = h("label", { class: "ed-wording" }, h("span", {}, t("fsNew")), input);
  const element = h("div", { class: "ed-wording-choice" }, h("div", { class: "ed-shelves", role: "group" }, say, suggest));
  const draw = () => {
    say.setAttribute("aria-pressed", String(!isOn));
    suggest.setAttribute("aria-pressed", String(isOn));
    if (!isOn) words.remove();
    else if (!words.isConnected) {
      element.append(words);
      requestAnimationFrame(grow);
    }
  };
  input.addEventListener("input", () => {
    // Where the field holds one line, a pasted break is a blank, as it is there.
    if (!isInLines(part) && /[\r\n]/.test(input.value)) input.value = input.value.replace(/\s*[\r\n]+\s*/g, " ");
    grow();
    changed();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !isInLines(part)) event.preventDefault();
  });
  draw();
  return {
    element,
    isOn: () => isOn,
    value() {
      const wanted = fieldWords(part, input.value);
      return isOn && wanted !== old ? { old, new: wanted } : null;
    },
    onChange(run) {
      changed = run;
    },
    focus() {
      input.focus();
      input.setSelectionRange(input.value.length, input.value.length);
    },
  };
}
