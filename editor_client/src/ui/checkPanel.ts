/**
 * The check of form beside the page: faults, each with a way to its place and, where a
 * machine can tell, a button that mends it by an edit of this person.
 *
 * The server finds faults in the committed text; so the panel waits until what was
 * typed here is saved. It asks only when it is told to, and after a fix.
 */
import type { Editor } from "@tiptap/core";
import type { UndoManager } from "yjs";
import { Text as YText } from "yjs";
import { anchorOf, anchored, fixOf, shownSpan } from "../check/body";
import type { Anchor } from "../check/body";
import { fixField } from "../check/field";
import type { Fault, FormCheck, Place } from "../check/faults";
import { fetchFormCheck } from "../check/faults";
import { jumpToField, jumpToText } from "../check/jump";
import { spanOf } from "../check/text";
import { mayWriteFreely } from "../collab/rights";
import type { Session } from "../collab/types";
import type { Translate } from "../i18n";
import { fieldWord } from "./fieldWords";
import { h } from "./dom";
import type { Toast } from "./toast";
import { iconButton } from "./toolButton";

export interface CheckPanel {
  readonly element: HTMLElement;
  open(): void;
  close(): void;
  toggle(): void;
  /** To a place of a link; the numbers are those of the text as it is now. */
  goTo(place: Place): void;
}

export interface CheckPanelParts {
  readonly url: string;
  readonly session: Session;
  readonly editor: Editor;
  readonly undoManager: UndoManager;
  readonly root: HTMLElement;
  readonly t: Translate;
  readonly toast: Toast;
}

const WAIT_FOR_SAVE_MS = 4000;

export function createCheckPanel(parts: CheckPanelParts): CheckPanel {
  const { session, editor, undoManager, root, t, toast } = parts;
  let opener: HTMLElement | null = null;
  let asked = 0;
  const summary = h("p", { class: "ed-check-summary", role: "status" });
  const list = h("div", { class: "ed-check-list" });
  const again = h("button", { type: "button", class: "ed-button ed-button-outline", onclick: () => void refresh() }, t("checkAgain"));
  const element = h(
    "aside",
    { class: "ed-check", "aria-label": t("formatCheck"), hidden: true },
    h(
      "div",
      { class: "ed-check-head" },
      h("h2", {}, t("formatCheck")),
      again,
      iconButton("close", t("close"), () => close(), "Esc"),
    ),
    summary,
    list,
  );
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    close();
  });

  const goTo = (place: Place, fault?: Fault, anchor?: Anchor | null) => {
    if (place.field !== null) {
      const shared = session.fields.get(place.field);
      const span = shared instanceof YText ? spanOf(shared.toString(), place.start, place.end) : null;
      jumpToField(root, place.field, span);
      return;
    }
    if (place.paragraph === null) return;
    const wanted = fault ?? { place, quote: "", fix: null };
    const paragraph = anchored(editor.state, wanted, anchor ?? anchorOf(editor.state, wanted));
    if (paragraph) jumpToText(editor, shownSpan(wanted, paragraph));
    else toast.show(t("checkMoved"));
  };

  const mend = (fault: Fault, anchor: Anchor | null) => {
    // One step of its own in the undo history.
    undoManager.stopCapturing();
    let isMended: boolean;
    if (fault.place.field !== null) {
      isMended = fixField(session.fields, fault);
    } else {
      const paragraph = anchored(editor.state, fault, anchor);
      const tr = paragraph && fixOf(editor.state, fault, paragraph);
      if (tr) editor.view.dispatch(tr);
      isMended = Boolean(tr);
    }
    undoManager.stopCapturing();
    toast.show(t(isMended ? "checkFixed" : "checkMoved"), isMended ? "success" : "info");
    if (isMended) goTo(fault.place, { ...fault, fix: null, quote: fault.fix?.to ?? "" }, anchor);
    // The button that was pressed goes with its fault; the way on stays at hand.
    again.focus();
    void refresh();
  };

  const row = (fault: Fault): HTMLElement => {
    const anchor = fault.place.paragraph === null ? null : anchorOf(editor.state, fault);
    const { field, paragraph } = fault.place;
    const where =
      paragraph !== null ? t("checkParagraph", { n: paragraph + 1 }) : field ? t(fieldWord(field)) : t("checkWhole");
    const isPlace = paragraph !== null || field !== null;
    const jump = () => {
      goTo(fault.place, fault, anchor);
      if (isNarrow()) close(false);
    };
    const title = isPlace
      ? h("button", { type: "button", class: "ed-check-place", onclick: jump }, where)
      : h("span", { class: "ed-check-whole" }, where);
    const fix =
      fault.fix && (field === null ? session.canWrite.get() : mayWriteFreely(session))
        ? h("button", { type: "button", class: "ed-button ed-button-outline", onclick: () => mend(fault, anchor) }, fixLabel(fault, t))
        : null;
    return h(
      "li",
      { class: "ed-check-fault", "data-rule": fault.rule },
      h("p", {}, title, " · ", fault.message),
      fault.excerpt && h("p", { class: "ed-check-excerpt", lang: "vi" }, fault.excerpt),
      h("div", { class: "ed-check-foot" }, h("span", { class: "ed-check-source" }, fault.source), fix),
    );
  };

  const show = (found: FormCheck) => {
    const norm = t("checkNorm", { norm: found.norm });
    const counts = t("checkCounts", { errors: found.errors, warnings: found.warnings });
    summary.textContent = `${norm} ${found.faults.length ? counts : t("checkSound")}`;
    element.classList.toggle("is-sound", found.faults.length === 0);
    const group = (severity: Fault["severity"], title: string) => {
      const faults = found.faults.filter((each) => each.severity === severity);
      if (!faults.length) return [];
      return [h("h3", {}, title), h("ul", { "data-severity": severity }, ...faults.map(row))];
    };
    list.replaceChildren(...group("error", t("checkErrors")), ...group("warning", t("checkWarnings")));
  };

  const refresh = async () => {
    asked += 1;
    const mine = asked;
    summary.textContent = t("checking");
    list.setAttribute("aria-busy", "true");
    try {
      await untilSaved(session);
      const found = await fetchFormCheck(parts.url);
      if (mine === asked && !editor.isDestroyed) show(found);
    } catch {
      if (mine === asked) summary.textContent = t("checkFailed");
    }
    if (mine === asked) list.removeAttribute("aria-busy");
  };

  const close = (returnsFocus = true) => {
    element.hidden = true;
    root.classList.remove("has-check");
    if (returnsFocus) opener?.focus();
  };
  const open = () => {
    const active = document.activeElement;
    if (active instanceof HTMLElement && !element.contains(active)) opener = active;
    // One list at a time stands beside the page.
    for (const other of root.querySelectorAll<HTMLElement>(".ed-side .ed-check")) other.hidden = true;
    element.hidden = false;
    root.classList.add("has-check");
    again.focus();
    void refresh();
  };
  // Buttons that mend are for those who may write; rights may change meanwhile.
  session.canWrite.subscribe(() => {
    if (!element.hidden) void refresh();
  });
  return {
    element,
    open,
    close: () => {
      if (!element.hidden) close(false);
    },
    toggle: () => (element.hidden ? open() : close()),
    goTo: (place) => goTo(place),
  };
}

function isNarrow(): boolean {
  return matchMedia("(max-width: 700px)").matches;
}

function fixLabel({ fix, place }: Fault, t: Translate): string {
  if (fix?.kind === "number") return t("checkFixNumber");
  if (fix?.kind === "remove") return t("checkFixParagraph");
  const to = fix?.to.trim() ?? "";
  if (to === "") return fix?.to === "" && place.end > place.start && fix.from.trim() !== "" ? t("checkFixRemove") : t("checkFix");
  return to.length > 40 ? t("checkFix") : t("checkFixTo", { text: to });
}

/** Done when nothing of this person is on its way, or after a while without a line. */
function untilSaved(session: Session): Promise<void> {
  return new Promise((done) => {
    let stop: (() => void) | null = null;
    const finish = () => {
      clearTimeout(timer);
      stop?.();
      done();
    };
    const timer = setTimeout(finish, WAIT_FOR_SAVE_MS);
    let isFirst = true;
    stop = session.status.subscribe(({ kind }) => {
      const isDone = kind === "saved" || kind === "read_only" || kind === "refused";
      // The first call comes before `stop` is known.
      if (isDone && isFirst) queueMicrotask(finish);
      else if (isDone) finish();
      isFirst = false;
    });
  });
}
