/**
 * One text field of the letterhead: shows the shared text when it is there, else waits.
 *
 * The server creates the shared texts with the draft; a client that created one itself
 * would race with another and one of the two texts would be lost.
 */
import type { Map as YMap } from "yjs";
import { Text as YText } from "yjs";
import { FIELD_ORIGIN } from "../extensions/undo";
import { growing } from "./growing";
import type { TextField } from "./names";
import type { TextBinding } from "./textBinding";
import { bindText } from "./textBinding";

export interface FieldSlot {
  readonly name: TextField;
  readonly element: HTMLElement;
  readonly input: HTMLTextAreaElement;
  /** What the form prints while the field is empty; "" for nothing. */
  setDefault(text: string): void;
  /** What it shows: its text, or the picture of another one. */
  shown(): string;
  /** Show other words in its place, in which nobody writes; null for its own. */
  picture(text: string | null): void;
  setWritable(isWritable: boolean): void;
  destroy(): void;
}

export interface FieldSlotOptions {
  readonly label: string;
  readonly placeholder: string;
  readonly className?: string;
  readonly isInline?: boolean;
  readonly multiline?: boolean;
  readonly onChange?: (text: string) => void;
}

export function fieldSlot(
  fields: YMap<unknown>,
  name: TextField,
  options: FieldSlotOptions,
): FieldSlot {
  const grown = growing({
    ...options,
    className: `ed-field ed-field-${name} ${options.className ?? ""}`,
  });
  const { element, input, refresh, setDefault } = grown;
  let pictured: string | null = null;
  const shown = () => pictured ?? input.value;
  input.dataset["field"] = name;
  let binding: TextBinding | null = null;
  let isWritable = false;

  const attach = () => {
    binding?.destroy();
    const text = fields.get(name);
    binding =
      text instanceof YText
        ? bindText(input, text, {
            multiline: options.multiline ?? false,
            origin: FIELD_ORIGIN,
            onChange: () => {
              refresh();
              options.onChange?.(shown());
            },
          })
        : null;
    input.readOnly = !isWritable || !binding;
  };
  const onFields = (event: { keysChanged: Set<unknown> }) => {
    if (event.keysChanged.has(name)) attach();
  };
  // The mirror follows what is being composed too, so that the box grows with it.
  input.addEventListener("input", refresh);
  fields.observe(onFields);
  attach();

  return {
    name,
    element,
    input,
    setDefault,
    shown,
    picture(text) {
      if (text === pictured) return;
      pictured = text;
      grown.picture(text);
      options.onChange?.(shown());
    },
    setWritable(value) {
      isWritable = value;
      input.readOnly = !isWritable || !binding;
    },
    destroy() {
      fields.unobserve(onFields);
      binding?.destroy();
    },
  };
}
