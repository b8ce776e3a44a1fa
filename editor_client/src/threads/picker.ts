/** A short list of the people who may comment on the draft, to choose one from. */
import type { Translate } from "../i18n";
import { h, whenQuiet } from "../ui/dom";
import type { ThreadsApi } from "./api";
import { avatar } from "./comment";

const ASK_AFTER_MS = 150;

/** `choose` gets null for "nobody". */
export function peoplePicker(api: ThreadsApi, t: Translate, choose: (id: string | null) => void): HTMLElement {
  const list = h("div", { class: "ed-picker-list" });
  const input = h("input", {
    type: "search",
    class: "ed-input",
    placeholder: t("threadFindPerson"),
    "aria-label": t("threadFindPerson"),
    autocomplete: "off",
  });
  let asked = 0;
  const fill = async () => {
    asked += 1;
    const mine = asked;
    const found = await api.people(input.value).catch(() => []);
    if (mine !== asked) return;
    const item = (id: string | null, ...inside: (Node | string)[]) =>
      h("button", { type: "button", class: "ed-menu-item", onclick: () => choose(id) }, ...inside);
    list.replaceChildren(
      ...found.map((person) => item(person.id, avatar(person), h("span", {}, person.name), h("small", {}, person.detail))),
      ...(found.length ? [] : [h("p", { class: "ed-picker-none" }, t("threadNobody"))]),
      item(null, t("threadAssignNobody")),
    );
  };
  input.addEventListener("input", whenQuiet(() => void fill(), ASK_AFTER_MS));
  void fill();
  return h("div", { class: "ed-picker" }, input, list);
}
