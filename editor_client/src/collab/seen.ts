/**
 * Tells the server that this person has the newest text on the screen: when the draft
 * opens, and whenever the page is left or hidden. It is a bookmark for "the version I
 * last saw"; when it gets lost, the next one makes up for it.
 */
import type { Boot } from "./types";

export function tellSeen(boot: Boot): void {
  const tell = (entering: boolean): void => {
    void fetch(boot.urls.seen, {
      method: "POST",
      // It must go out although the page is going away.
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": boot.csrf },
      body: JSON.stringify({ entering }),
    }).catch(() => undefined);
  };
  tell(true);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tell(false);
  });
}
