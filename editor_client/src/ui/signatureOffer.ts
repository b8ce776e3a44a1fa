/**
 * A button below the signature while the office's mandates suggest another block.
 *
 * Asked when the page opens and when it comes to the front again: somebody may have been
 * named to sign meanwhile. Pressing it is this person's own edit, and can be undone.
 */
import type { UndoManager } from "yjs";
import { mayWriteFreely } from "../collab/rights";
import type { Session } from "../collab/types";
import type { SignatureBlock } from "../fields/signatureBlock";
import { differs, fetchSignatureBlock, writeBlock } from "../fields/signatureBlock";
import { lightUp } from "../check/jump";
import type { Translate } from "../i18n";
import { h } from "./dom";
import type { Toast } from "./toast";

export interface SignatureOffer {
  /** Bring the signature into view, with the offer under the finger if there is one. */
  reveal(): void;
  destroy(): void;
}

export function createSignatureOffer(
  foot: HTMLElement,
  url: string,
  session: Session,
  undoManager: UndoManager,
  t: Translate,
  toast: Toast,
): SignatureOffer {
  const home = foot.querySelector<HTMLElement>("#ed-signature") ?? foot;
  let block: SignatureBlock | null = null;
  let isWanted = false;
  const preview = h("span", { class: "ed-offer-block", lang: "vi" });
  const write = () => {
    if (!block || !mayWriteFreely(session)) return;
    undoManager.stopCapturing();
    writeBlock(block, session.fields);
    undoManager.stopCapturing();
    home.querySelector<HTMLElement>('[data-field="signer_position"]')?.focus();
    lightUp(home);
    toast.show(t("signatureApplied"), "success");
  };
  const button = h(
    "button",
    { type: "button", class: "ed-offer", hidden: true, onclick: write },
    h("strong", {}, t("signatureOffer")),
    preview,
  );
  home.append(button);

  const update = () => {
    button.hidden = !block || !mayWriteFreely(session) || !differs(block, session.fields);
    if (!block) return;
    const { signer_authority, signer_position, signer_name } = block;
    preview.textContent = [signer_authority, signer_position, signer_name].filter(Boolean).join("\n");
    if (isWanted && !button.hidden) {
      isWanted = false;
      button.focus({ preventScroll: true });
      lightUp(button);
    }
  };
  const ask = async () => {
    block = await fetchSignatureBlock(url);
    update();
  };
  const onFront = () => {
    if (document.visibilityState === "visible") void ask();
  };
  document.addEventListener("visibilitychange", onFront);
  session.fields.observeDeep(update);
  const stop = session.canWrite.subscribe(update);
  void ask();
  return {
    reveal() {
      isWanted = true;
      home.scrollIntoView({ block: "center" });
      lightUp(home);
      update();
    },
    destroy() {
      document.removeEventListener("visibilitychange", onFront);
      session.fields.unobserveDeep(update);
      stop();
    },
  };
}
