/**
 * The list of people that opens after "@" in a comment.
 *
 * Only people who may comment on the draft are offered; the server decides again. The
 * arrow keys move, Enter or Tab takes one, Escape closes. Must never send anything.
 */
import { h, whenQuiet } from "../ui/dom";
import type { NamedPerson } from "./types";

const ASK_AFTER_MS = 120;
const TOKEN = /(?:^|[\s(])@([\p{L}\p{M}\d]{0,20}(?: [\p{L}\p{M}\d]{1,20}){0,3})$/u;

export interface MentionsParts {
  readonly input: HTMLTextAreaElement;
  readonly people: (words: string) => Promise<readonly NamedPerson[]>;
  readonly onChosen: (person: NamedPerson) => void;
}

let lists = 0;

export function createMentions({ input, people, onChosen }: MentionsParts): HTMLElement {
  lists += 1;
  const list = h("ul", { class: "ed-mention-list", role: "listbox", id: `ed-mentions-${String(lists)}`, hidden: true });
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  let shown: readonly NamedPerson[] = [];
  let chosen = 0;
  let asked = 0;

  const token = () => TOKEN.exec(input.value.slice(0, input.selectionStart))?.[1] ?? null;
  const hide = () => {
    asked += 1;
    list.hidden = true;
    shown = [];
    input.removeAttribute("aria-activedescendant");
  };
  const draw = () => {
    list.replaceChildren(
      ...shown.map((person, at) =>
        h(
          "li",
          {
            role: "option",
            id: `${list.id}-${String(at)}`,
            "aria-selected": String(at === chosen),
            onmousedown: (event: Event) => {
              // The focus stays in the text.
              event.preventDefault();
              take(person);
            },
          },
          h("strong", {}, person.name),
          person.detail && h("span", {}, person.detail),
        ),
      ),
    );
    list.hidden = shown.length === 0;
    if (shown.length) input.setAttribute("aria-activedescendant", `${list.id}-${String(chosen)}`);
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const take = (person: NamedPerson) => {
    const words = token();
    if (words === null) return;
    const at = input.selectionStart;
    input.setRangeText(`@${person.name} `, at - words.length - 1, at, "end");
    hide();
    onChosen(person);
    input.dispatchEvent(new Event("input"));
  };
  const ask = whenQuiet(() => {
    const words = token();
    if (words === null) return;
    asked += 1;
    const mine = asked;
    people(words)
      .then((found) => {
        if (mine !== asked) return;
        shown = found;
        chosen = 0;
        draw();
      })
      .catch(hide);
  }, ASK_AFTER_MS);

  input.addEventListener("input", () => {
    if (token() === null) hide();
    else ask();
  });
  input.addEventListener("blur", hide);
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const person = shown[chosen];
    if (step) {
      chosen = (chosen + step + shown.length) % shown.length;
      draw();
    } else if ((event.key === "Enter" || event.key === "Tab") && person) take(person);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  return list;
}
