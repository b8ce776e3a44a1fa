/** Shows in whose hands a field of the letterhead is: a ring and a name in their colour. */
import type { Session } from "../collab/types";
import { safeColour } from "../extensions/carets";
import type { FieldSlot } from "../fields/slot";
import { oncePerFrame } from "./dom";

interface RemoteState {
  readonly user?: { readonly id?: unknown; readonly name?: unknown; readonly colour?: unknown };
  readonly viewing?: { readonly field?: unknown } | null;
}

export function showFieldPresence(session: Session, slots: readonly FieldSlot[]): () => void {
  const onFocus = (slot: FieldSlot) => () => session.setViewing({ field: slot.name });
  const onBlur = () => session.setViewing(null);
  for (const slot of slots) {
    slot.input.addEventListener("focus", onFocus(slot));
    slot.input.addEventListener("blur", onBlur);
  }
  const draw = oncePerFrame(() => {
    const holders = new Map<unknown, RemoteState["user"]>();
    session.awareness.getStates().forEach((state, clientId) => {
      const { user, viewing } = state as RemoteState;
      if (clientId !== session.doc.clientID && viewing?.field) holders.set(viewing.field, user);
    });
    for (const { name, element } of slots) {
      const user = holders.get(name);
      element.classList.toggle("is-held", user !== undefined);
      if (!user) {
        delete element.dataset["holder"];
        continue;
      }
      element.dataset["holder"] = String(user.name ?? "");
      element.style.setProperty("--caret-colour", safeColour(user.colour));
    }
  });
  session.awareness.on("change", draw);
  draw();
  return () => session.awareness.off("change", draw);
}
