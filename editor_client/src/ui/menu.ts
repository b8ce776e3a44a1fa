/** The menu behind the dots: share, approval, activity, export, print, find. */
import type { Boot } from "../collab/types";
import type { Translate, Word } from "../i18n";
import { h, shortcutText } from "./dom";
import type { IconName } from "./icons";
import { icon } from "./icons";
import { popover } from "./popover";
import { iconButton } from "./toolButton";

export interface MenuActions {
  readonly openFind: () => void;
  readonly openCheck: () => void;
  readonly openShare: () => void;
  readonly openShortcuts: () => void;
}

export function createMenu(boot: Boot, t: Translate, actions: MenuActions): HTMLElement {
  const button = iconButton("more", t("menu"));
  popover(button, {
    label: t("menu"),
    content: (close) => {
      const item = (name: IconName, word: Word, run: () => void, keys?: string) =>
        h(
          "button",
          {
            type: "button",
            class: "ed-menu-item",
            role: "menuitem",
            onclick: () => {
              close();
              run();
            },
          },
          icon(name),
          h("span", { class: "ed-menu-text" }, t(word)),
          keys && h("kbd", {}, shortcutText(keys)),
        );
      const linkItem = (name: IconName, word: Word, href: string, isFile: boolean) =>
        h(
          "a",
          { class: "ed-menu-item", role: "menuitem", href, download: isFile, onclick: close },
          icon(name),
          h("span", { class: "ed-menu-text" }, t(word)),
        );
      return h(
        "div",
        { class: "ed-menu" },
        item("share", "share", actions.openShare),
        item("formatCheck", "formatCheck", actions.openCheck),
        linkItem("process", "process", boot.urls.process, false),
        boot.urls.versions && linkItem("versions", "versions", boot.urls.versions, false),
        linkItem("history", "activity", boot.urls.activity, false),
        h("hr", {}),
        linkItem("docx", "exportDocx", boot.urls.docx, true),
        linkItem("suggestions", "exportReviewDocx", boot.urls.reviewDocx, true),
        boot.urls.reviewedDocx && linkItem("docx", "takeReviewedDocx", boot.urls.reviewedDocx, false),
        linkItem("pdf", "exportPdf", boot.urls.pdf, true),
        item("printer", "print", () => window.print(), "Mod-P"),
        h("hr", {}),
        item("search", "find", actions.openFind, "Mod-F"),
        item("keyboard", "shortcuts", actions.openShortcuts, "Mod-/"),
      );
    },
  });
  return button;
}
