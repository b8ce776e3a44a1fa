/** The card at the suggestion under the pointer or the caret: who, when, yes or no. */
import type { Editor } from "@tiptap/core";
import type { Transaction } from "@tiptap/pm/state";
import type { Translate } from "../i18n";
import type { Authors } from "../suggest/authors";
import type { Suggestion } from "../suggest/listing";
import { keyOf } from "../suggest/listing";
import { layersOf } from "../suggest/blockLook";
import { ended, suggestedOn } from "../suggest/ended";
import { looksOn } from "../suggest/textLook";
import type { Suggested } from "../schema/suggestions";
import { h, oncePerFrame, whenQuiet } from "./dom";
import { suggestionLines, whenOf } from "./suggestionWords";
import type { SuggestionActions } from "./suggestions";

const LINGER_MS = 250;

export interface CardParts {
  readonly editor: Editor;
  readonly actions: SuggestionActions;
  readonly authors: Authors;
  readonly t: Translate;
}

export function createSuggestionCard({ editor, actions, authors, t }: CardParts): {
  element: HTMLElement;
  hide: () => void;
  showCaret: () => void;
  destroy: () => void;
} {
  const element = h("div", { class: "sg-card", role: "dialog", "aria-label": t("sgOne"), hidden: true });
  let shown: string | null = null;
  const hide = () => {
    element.hidden = true;
    shown = null;
  };

  const draw = (suggestion: Suggestion) => {
    const { name, unit } = authors.of(suggestion.author);
    const decideAs = (isAccepted: boolean) => () => {
      hide();
      actions.decideOne(suggestion, isAccepted);
      editor.view.focus();
    };
    const buttons = actions.mayDecide() && [
      h("button", { type: "button", class: "ed-button ed-button-outline sg-yes", onclick: decideAs(true) }, t("sgAccept")),
      h("button", { type: "button", class: "ed-button ed-button-outline sg-no", onclick: decideAs(false) }, t("sgReject")),
    ];
    const withdraw = actions.mayWithdraw(suggestion) && [
      h(
        "button",
        {
          type: "button",
          class: "ed-button ed-button-outline sg-no",
          onclick: () => {
            hide();
            actions.withdraw(suggestion);
            editor.view.focus();
          },
        },
        t("sgWithdraw"),
      ),
    ];
    element.dataset["author"] = suggestion.author;
    element.replaceChildren(
      h("p", { class: "sg-who" }, h("strong", {}, name), unit ? ` · ${unit}` : "", h("span", { class: "sg-when" }, whenOf(suggestion.at))),
      ...suggestionLines(editor.state.doc, suggestion, t),
      ...(buttons || withdraw ? [h("div", { class: "sg-foot" }, ...(buttons || []), ...(withdraw || []))] : []),
    );
  };
  const showAt = (position: number) => {
    const keys = keysAt(editor, position);
    const suggestion = keys.length ? actions.list().find(({ key }) => keys.includes(key)) : undefined;
    if (!suggestion) {
      hide();
      return;
    }
    if (shown !== suggestion.key) authors.want([suggestion.author]);
    shown = suggestion.key;
    draw(suggestion);
    place(element, editor, position);
  };
  // After a click or a step from one to the next, never under the hands of who types.
  const onTransaction = ({ transaction }: { transaction: Transaction }) => {
    if (transaction.docChanged) hide();
    else if (transaction.selectionSet && transaction.getMeta("pointer") === true) showCaret();
    else if (transaction.selectionSet && !element.matches(":hover")) hide();
  };
  const showCaret = oncePerFrame(() => {
    if (!editor.isDestroyed && editor.state.selection.empty) showAt(editor.state.selection.head);
  });
  let pointed = -1;
  const showPointed = whenQuiet(() => {
    if (!editor.isDestroyed && pointed >= 0) showAt(pointed);
  }, LINGER_MS);
  const onMove = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target.closest("[data-suggestion]") : null;
    if (!target || event.buttons) {
      pointed = -1;
      return;
    }
    pointed = editor.view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? -1;
    showPointed();
  };
  editor.on("transaction", onTransaction);
  editor.view.dom.addEventListener("mousemove", onMove);
  document.addEventListener("scroll", hide, true);
  return { element, hide, showCaret, destroy: () => document.removeEventListener("scroll", hide, true) };
}

function keysAt(editor: Editor, position: number): string[] {
  const place = editor.state.doc.resolve(Math.min(position, editor.state.doc.content.size));
  const found: (Suggested | null)[] = [];
  for (const node of [place.nodeAfter, place.nodeBefore]) {
    if (!node) continue;
    for (const name of ["insertion", "deletion"] as const) found.push(node.isText ? suggestedOn(node.marks, name) : ended(node, name));
    found.push(...(node.isText ? looksOn(node.marks) : layersOf(node.attrs["formatting"])));
  }
  // Inside a row or column that comes or goes, and in a paragraph that changes its look.
  for (let depth = place.depth; depth > 0; depth -= 1) {
    const node = place.node(depth);
    if (node.type.name !== "paragraph") found.push(ended(node, "insertion"), ended(node, "deletion"));
    if (node.type.name !== "image") found.push(...layersOf(node.attrs["formatting"]));
  }
  if (place.parent.type.name === "paragraph" && place.parentOffset === place.parent.content.size) {
    found.push(ended(place.parent, "insertion"), ended(place.parent, "deletion"));
  }
  return found.filter((each) => each !== null).map(keyOf);
}

/** Under the line, inside the window; a card never covers the words it speaks of. */
function place(element: HTMLElement, editor: Editor, position: number): void {
  const box = editor.view.coordsAtPos(position);
  element.hidden = false;
  const { width, height } = element.getBoundingClientRect();
  const left = Math.min(Math.max(box.left - 20, 8), window.innerWidth - width - 8);
  const below = box.bottom + 10;
  const top = below + height > window.innerHeight - 40 ? box.top - height - 10 : below;
  element.style.left = `${Math.max(left, 8)}px`;
  element.style.top = `${Math.max(top, 8)}px`;
}
