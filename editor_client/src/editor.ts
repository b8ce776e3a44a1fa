/**
 * Entry of the editor page: reads the boot data, opens the session, mounts the editor.
 *
 * The editor is mounted only when there is something to show: mounted on an empty
 * document it could write a first paragraph of its own beside the server's.
 */
import "./styles/fonts.css";
import "./styles/page-fonts.css";
import "./styles/editor.css";
import "./styles/controls.css";
import "./styles/floating.css";
import "./styles/sheet.css";
import "./styles/letterhead.css";
import "./styles/forms.css";
import "./styles/check.css";
import "./styles/suggest.css";
import "./styles/threads.css";
import "./styles/field-suggestions.css";
import "./styles/phone.css";
import "./styles/print.css";
import { mountApp } from "./app";
import { openSession } from "./collab/session";
import { tellSeen } from "./collab/seen";
import type { Boot } from "./collab/types";
import { translator } from "./i18n";
import { h } from "./ui/dom";

const root = document.querySelector<HTMLElement>("#editor-root");
const data = document.querySelector("#boot")?.textContent;

if (root && data) {
  const boot = JSON.parse(data) as Boot;
  const session = openSession(boot);
  const t = translator(boot.language);
  root.dataset["started"] = "true";
  root.replaceChildren(
    h("div", { class: "ed-loading", role: "status" }, h("span", { class: "ed-spinner" }), t("loading")),
  );
  // A notice before the first content (signed out, no such draft) must be seen too.
  const stop = session.notice.subscribe((notice) => {
    if (notice && root.dataset["ready"] !== "true") {
      root.querySelector(".ed-loading")?.replaceChildren(h("strong", {}, notice.title), " ", notice.body);
    }
  });
  void session.ready.then(() => {
    stop();
    mountApp(root, boot, session);
    tellSeen(boot);
  });
  window.addEventListener("pagehide", (event) => {
    // A page kept for the back button goes on living.
    if (!event.persisted) void session.destroy();
  });
}
