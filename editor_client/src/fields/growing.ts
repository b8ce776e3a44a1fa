/**
 * A text area as large as its text, which looks like text on the page.
 *
 * A hidden mirror with the same words gives the size (also in browsers without
 * field-sizing), paints the dash before each line of a list, and stands in on paper and
 * where a picture of other words is shown.
 */
import { h } from "../ui/dom";

export interface Growing {
  readonly element: HTMLElement;
  readonly input: HTMLTextAreaElement;
  /** Tell the mirror what the text area shows. */
  refresh(): void;
  /** What the form prints when nothing is written here; it looks like text. */
  setDefault(text: string): void;
  /** Show these words, in which nobody can write, instead of its own; null for its own. */
  picture(text: string | null): void;
}

export interface GrowingOptions {
  readonly label: string;
  readonly placeholder: string;
  readonly className?: string;
  readonly isInline?: boolean;
  readonly maxLength?: number;
}

export function growing(options: GrowingOptions): Growing {
  const mirror = h("div", { class: "ed-grow-mirror", "aria-hidden": "true" });
  const input = h("textarea", {
    class: "ed-grow-input",
    rows: 1,
    "aria-label": options.label,
    placeholder: options.placeholder,
    spellcheck: "false",
    autocomplete: "off",
    maxlength: options.maxLength ?? 2000,
  });
  const element = h(
    "div",
    { class: `ed-grow ${options.isInline ? "ed-grow-inline" : ""} ${options.className ?? ""}` },
    mirror,
    input,
  );
  let pictured: string | null = null;
  const refresh = () => {
    const text = pictured ?? input.value;
    element.classList.toggle("is-empty", text === "");
    const lines = (text || input.placeholder).split("\n");
    element.classList.toggle("is-many", text !== "" && lines.length > 1);
    mirror.replaceChildren(
      // A zero-width space keeps an empty line as high as the others.
      ...lines.map((line) => h("div", { class: "ed-grow-line" }, line || "\u200b")),
    );
  };
  refresh();
  return {
    element,
    input,
    refresh,
    setDefault(text) {
      input.placeholder = text || options.placeholder;
      element.classList.toggle("has-default", text !== "");
      refresh();
    },
    picture(text) {
      pictured = text;
      element.classList.toggle("is-picture", text !== null);
      refresh();
    },
  };
}
