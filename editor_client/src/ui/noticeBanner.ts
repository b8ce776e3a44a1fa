/** The banner under the toolbar: what happened and what one can do about it. */
import type { Boot, Notice, NoticeAction, Session } from "../collab/types";
import type { Translate, Word } from "../i18n";
import { h } from "./dom";
import { icon } from "./icons";
import type { Toast } from "./toast";

const ACTION_WORDS: Record<NoticeAction, Word> = {
  download_recovery: "actionDownload",
  reload_clean: "actionReloadClean",
  discard_recovery: "actionDiscard",
  reload_page: "actionReloadPage",
  sign_in: "actionSignIn",
  go_to_list: "actionList",
  reconnect: "actionReconnect",
  dismiss: "actionDismiss",
};

export function createNoticeBanner(
  session: Session,
  boot: Boot,
  t: Translate,
  toast: Toast,
): HTMLElement {
  const element = h("div", { class: "ed-notice", role: "alert", hidden: true });
  const run: Record<NoticeAction, () => void> = {
    download_recovery: () => session.downloadRecovery("html"),
    reload_clean: () => void session.reloadClean(),
    discard_recovery: () => void session.discardRecovery(),
    reload_page: () => location.reload(),
    sign_in: () => location.assign(`/sign-in/?next=${encodeURIComponent(location.pathname)}`),
    go_to_list: () => location.assign(boot.urls.list),
    reconnect: () => session.reconnect(),
    dismiss: () => session.dismissNotice(),
  };
  const copy = async () => {
    await navigator.clipboard.writeText(session.recovery.get()?.text ?? "");
    toast.show(t("copied"), "success");
  };
  session.notice.subscribe((notice: Notice | null) => {
    element.hidden = !notice;
    if (!notice) return element.replaceChildren();
    element.dataset["tone"] = notice.tone;
    element.dataset["code"] = notice.code;
    const actions = notice.actions.map((action) =>
      h("button", { type: "button", class: "ed-button ed-button-outline", onclick: run[action] }, t(ACTION_WORDS[action])),
    );
    if (notice.actions.includes("download_recovery")) {
      const copyButton = h("button", { type: "button", class: "ed-button ed-button-outline", onclick: () => void copy() }, t("actionCopy"));
      actions.splice(1, 0, copyButton);
    }
    element.replaceChildren(
      icon(notice.tone === "info" ? "info" : "alertTriangle"),
      h("div", { class: "ed-notice-text" }, h("strong", {}, notice.title), " ", notice.body),
      h("div", { class: "ed-notice-actions" }, ...actions),
    );
  });
  return element;
}
