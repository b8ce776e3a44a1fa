/** The list of keyboard shortcuts (Ctrl+/). */
import type { Translate, Word } from "../i18n";
import { openDialog } from "./dialog";
import { h, shortcutText } from "./dom";
import { STYLE_KEYS, STYLE_WORDS, alignTools, listTools, markTools, moreMarkTools, undoTools } from "./tools";
import type { ParagraphStyle } from "../schema/styles";

type Row = readonly [keys: string, word: Word];

export function openShortcuts(t: Translate): void {
  const tools = [...undoTools, ...markTools, ...moreMarkTools, ...alignTools, ...listTools];
  const typing: Row[] = [
    ["Enter", "scNewParagraph"],
    ["Shift-Enter", "scLineBreak"],
    ["Tab", "scDeeper"],
    ["Shift-Tab", "scShallower"],
    ...tools.flatMap(({ keys, word }): Row[] => (keys ? [[keys, word]] : [])),
    ["Mod-K", "link"],
    ["Mod-Enter", "pageBreak"],
  ];
  const styles = (Object.keys(STYLE_KEYS) as ParagraphStyle[]).map((style): Row => [
    STYLE_KEYS[style] ?? "",
    STYLE_WORDS[style],
  ]);
  const navigate: Row[] = [
    ["Mod-F", "find"],
    ["Mod-Alt-M", "scThread"],
    ["Mod-Alt-.", "threadNext"],
    ["Mod-Alt-,", "threadPrevious"],
    ["Alt-F10", "scToolbar"],
    ["Mod-Alt-↓", "scNextSuggestion"],
    ["Mod-Alt-↑", "scPreviousSuggestion"],
    ["Mod-P", "print"],
    ["Mod-/", "shortcuts"],
  ];
  const section = (title: Word, rows: readonly Row[]) =>
    h(
      "section",
      { class: "ed-keys" },
      h("h3", {}, t(title)),
      h("dl", {}, ...rows.map(([keys, word]) => h("div", {}, h("dt", {}, t(word)), h("dd", {}, h("kbd", {}, shortcutText(keys)))))),
    );
  openDialog(
    t("shortcuts"),
    t("close"),
    h("div", { class: "ed-keys-columns" }, section("scTyping", typing), h("div", {}, section("scStyles", styles), section("scNavigate", navigate))),
  );
}
