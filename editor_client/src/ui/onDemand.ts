/**
 * Parts of the page that come in a file of their own (src/later.ts), called as if they
 * were there.
 *
 * The file is fetched when the page is at rest; whoever is quicker waits for it, and is
 * told when the line is away. Must never leave a click without an answer.
 */
import type { Translate } from "../i18n";
import type * as later from "../later";
import type { Toast } from "./toast";

export type Later = typeof later;

/** The page is given so long to draw the text before more is fetched. */
const REST_MS = 300;

export interface OnDemand {
  /** Run with the parts, now or when they are there. */
  with(run: (parts: Later) => void): void;
}

export function fetchLater(t: Translate, toast: Toast, load: () => Promise<Later> = () => import("../later")): OnDemand {
  let loaded: Later | null = null;
  let loading: Promise<Later> | null = null;
  const fetched = (): Promise<Later> => {
    loading ??= load().then(
      (parts) => (loaded = parts),
      (error: unknown) => {
        // The next click tries again.
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  setTimeout(() => void fetched().catch(() => undefined), REST_MS);
  return {
    with(run) {
      if (loaded) {
        run(loaded);
        return;
      }
      fetched().then(run, () => toast.show(t("partMissing"), "danger"));
    },
  };
}

/** A panel that is made when it is first asked for, in the place of `slot`. */
export function panelOnDemand<Panel extends { readonly element: HTMLElement }>(
  later: OnDemand,
  make: (parts: Later) => Panel,
): { readonly slot: Comment; use(run: (panel: Panel) => void): void; readonly made: () => Panel | null } {
  const slot = document.createComment("");
  let panel: Panel | null = null;
  return {
    slot,
    made: () => panel,
    use(run) {
      later.with((parts) => {
        if (!panel) {
          panel = make(parts);
          slot.replaceWith(panel.element);
        }
        run(panel);
      });
    },
  };
}
