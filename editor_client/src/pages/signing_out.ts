/**
 * `data-sign-out` on the form that signs out: first empty this person's local copies.
 *
 * The next person at this computer must find no text; what is unsent stays, for it is
 * nowhere else. A browser that cannot do it in time signs out all the same.
 */
import { forgetSent } from "../collab/unsent_index";
import { person } from "./person";

const PATIENCE_MS = 1500;

export function listen(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const userId = person();
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-sign-out")) return;
    if (userId === null) return;
    event.preventDefault();
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    const forgotten = forgetSent(userId).catch(() => undefined);
    // submit(), not requestSubmit(): it does not come back here.
    void Promise.race([forgotten, late]).then(() => form.submit());
  });
}
