/** Which paragraphs will not be there by themselves when all suggestions are accepted. */
import type { Node } from "@tiptap/pm/model";
import { ended, suggestedOn } from "./resolve";

/** Whether a paragraph takes part in no numbering: it goes, or runs on from the one above. */
export function hasNoLabel(node: Node, above: Node | null): boolean {
  if (isGone(node)) return true;
  return above?.type.name === "paragraph" && ended(above, "deletion") !== null && !isGone(above);
}

/** Whether the whole paragraph, text and end, is suggested to go. */
function isGone(node: Node): boolean {
  if (!ended(node, "deletion")) return false;
  let stays = false;
  node.forEach((child) => {
    stays ||= !(child.isText ? suggestedOn(child.marks, "deletion") : ended(child, "deletion"));
  });
  return !stays;
}
