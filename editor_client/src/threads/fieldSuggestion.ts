/**
 * A suggestion for a field as it is read: old → new in its author's colour, the third
 * text when the field says something else by now, what became of it, yes and no.
 *
 * Text is shown as text, never as HTML. Must never decide anything by itself.
 */
import type { Translate } from "../i18n";
import { safeColour } from "../extensions/carets";
import { h } from "../ui/dom";
import { icon } from "../ui/icons";
import { shortTime } from "./text";
import type { Decision, FieldSuggestion, Thread } from "./types";
import type { Stretch } from "./wordDiff";
import { wordDiff } from "./wordDiff";
import { standingOf } from "./wording";

const TAGS = { same: "span", gone: "del", come: "ins" } as const;

/** The words with what goes and what comes; an emptied field says so. */
export function drawDiff(old: string, wanted: string, t: Translate): HTMLElement[] {
  const parts: Stretch[] = wordDiff(old, wanted);
  const drawn = parts.map(({ kind, text }) => h(TAGS[kind], {}, text));
  return wanted === "" ? [...drawn, h("ins", {}, t("fsEmpty"))] : drawn;
}

export function drawFieldSuggestion(thread: Thread, suggested: FieldSuggestion, now: string, t: Translate, decide: (act: Decision) => void): HTMLElement {
  const isOpen = suggested.state === "open" && thread.state === "open";
  const standing = isOpen ? standingOf(suggested, thread.anchor.part, now) : "open";
  const row = (word: "fsOld" | "fsNow" | "fsWanted", text: string) =>
    h("div", {}, h("dt", {}, t(word)), h("dd", { lang: "vi" }, text || t("fsEmpty")));
  const words =
    standing === "changed"
      ? h("dl", { class: "ed-suggested-three" }, row("fsOld", suggested.old), row("fsNow", now), row("fsWanted", suggested.new))
      : h("p", { class: "ed-suggested-words", lang: "vi" }, ...drawDiff(suggested.old, suggested.new, t));
  const note = standing === "changed" ? t("fsChanged") : standing === "said" ? t("fsSaid") : null;
  const element = h(
    "div",
    { class: `ed-suggested is-${suggested.state}` },
    suggested.state !== "withdrawn" && standing !== "changed" && h("p", { class: "ed-suggested-head" }, t("fsSuggests")),
    (suggested.old || suggested.new) && words,
    note && h("p", { class: "ed-card-note" }, icon("info"), note),
    outcome(suggested, t),
    isOpen && buttons(thread, t, decide),
  );
  element.style.setProperty("--sg", safeColour(thread.author.colour));
  return element;
}

function outcome(suggested: FieldSuggestion, t: Translate): HTMLElement | null {
  const { state, decided_by: by, decided_at: at } = suggested;
  if (state === "open" || !by || !at) return null;
  const values = { name: by.name, time: shortTime(at) };
  const words = { accepted: t("fsAccepted", values), rejected: t("fsRejected", values), withdrawn: t("fsWithdrawn") };
  return h("p", { class: `ed-suggested-outcome is-${state}` }, icon(state === "accepted" ? "check" : "info"), words[state]);
}

function buttons(thread: Thread, t: Translate, decide: (act: Decision) => void): HTMLElement | null {
  const button = (act: Decision, word: "sgAccept" | "sgReject" | "sgWithdraw", kind: string, title?: string) =>
    h("button", { type: "button", class: `ed-button ed-button-outline ${kind}`, title, "data-decide": act, onclick: () => decide(act) }, t(word));
  const may = (act: "decide" | "withdraw") => thread.may.includes(act);
  if (!may("decide") && !may("withdraw")) return null;
  return h(
    "div",
    { class: "ed-suggested-foot" },
    may("decide") && button("accept", "sgAccept", "sg-yes", t("fsAcceptWhy")),
    may("decide") && button("reject", "sgReject", "sg-no", t("fsRejectWhy")),
    may("withdraw") && button("withdraw", "sgWithdraw", "sg-no"),
  );
}
