/** Who is here: initials in their colour; a click follows that person. */
import type { Person, Session } from "../collab/types";
import { safeColour } from "../extensions/carets";
import type { Translate } from "../i18n";
import { h } from "./dom";
import { popover } from "./popover";

/** How many faces stand in the bar before the rest goes behind "+n". */
const SHOWN = 4;

/** "Trần Thị Ánh Tuyết" → "ÁT": the last two words; names are in Vietnamese order. */
export function initialsOf(name: string): string {
  const words = name.normalize("NFC").trim().split(/\s+/).filter(Boolean);
  return words
    .slice(-2)
    .map((word) => Array.from(word)[0] ?? "")
    .join("")
    .toLocaleUpperCase("vi");
}

function face(person: Person): HTMLElement {
  return h("span", { class: "ed-face", style: `--face: ${safeColour(person.colour)}`, "aria-hidden": "true" }, initialsOf(person.name));
}

function describe(person: Person, t: Translate): string {
  const name = person.self ? `${person.name} (${t("you")})` : person.name;
  return person.unit ? `${name} · ${person.unit}` : name;
}

export function createPresence(session: Session, t: Translate): HTMLElement {
  const element = h("div", { class: "ed-people", role: "group", "aria-label": t("people") });
  const toggle = (person: Person) => {
    session.follow(session.following.get() === person.id ? null : person.id);
  };
  const button = (person: Person) => {
    const label = describe(person, t);
    return h(
      "button",
      {
        type: "button",
        class: `ed-person ${person.self ? "is-self" : ""}`,
        title: person.self ? label : `${label}\n${t("followPerson", { name: person.name })}`,
        "aria-label": person.self ? label : `${label}. ${t("followPerson", { name: person.name })}`,
        "aria-pressed": person.self ? undefined : String(session.following.get() === person.id),
        disabled: person.self,
        dataset: { person: person.id },
        onmousedown: (event: Event) => event.preventDefault(),
        onclick: () => toggle(person),
      },
      face(person),
    );
  };
  const draw = () => {
    const people = session.people.get();
    // One's own face says nothing while nobody else is here.
    const others = people.filter(({ self }) => !self);
    const faces = others.slice(0, others.length > SHOWN ? SHOWN - 1 : SHOWN).map(button);
    const rest = others.slice(faces.length);
    const all = h(
      "button",
      {
        type: "button",
        class: "ed-person ed-person-rest",
        title: t("people"),
        "aria-label": rest.length ? t("morePeople", { n: rest.length }) : t("people"),
      },
      h("span", { class: "ed-face ed-face-rest" }, `+${rest.length}`),
    );
    popover(all, {
      label: t("people"),
      content: (close) => {
        const list = h("div", { class: "ed-menu" });
        for (const person of people) {
          const follow = () => {
            close();
            toggle(person);
          };
          list.append(
            h("button", { type: "button", class: "ed-menu-item", disabled: person.self, onclick: follow },
              face(person),
              h("span", { class: "ed-menu-text" }, describe(person, t)),
            ),
          );
        }
        return list;
      },
    });
    element.replaceChildren(...faces, ...(rest.length ? [all] : []));
    element.hidden = others.length === 0;
  };
  session.people.subscribe(draw);
  session.following.subscribe(draw);
  return element;
}
