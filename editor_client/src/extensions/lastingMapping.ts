/**
 * Lets the binding keep the ProseMirror nodes of all that a colleague's edit left alone.
 *
 * The binding forgets every node at each foreign edit and builds the whole document
 * anew, so that a letter in a draft of a hundred pages costs the hundred pages: in the
 * document, in the decorations and in the page. It has already forgotten the nodes that
 * changed, with all their parents, when it clears the rest; that rest is right, so here
 * it stays. It also compares the whole document after each move of the caret, which is
 * left out. Must never keep a node of a part that changed.
 */
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import type { AbstractType } from "yjs";

type Shared = AbstractType<unknown>;
type Mapped = Node | Node[];

/** A map that is emptied key by key only. */
class LastingMapping extends Map<Shared, Mapped> {
  override clear(): void {
    // What changed is deleted by its key.
  }
}

interface Binding {
  readonly type: Shared;
  mapping: Map<Shared, Mapped>;
  _prosemirrorChanged: (doc: Node) => void;
}

export const LastingNodes = Extension.create({
  name: "lastingNodes",
  onCreate() {
    const sync = ySyncPluginKey.getState(this.editor.state) as { readonly binding?: Binding } | undefined;
    const binding = sync?.binding;
    if (!binding) return;
    binding.mapping = new LastingMapping(binding.mapping);
    const compare = binding._prosemirrorChanged.bind(binding);
    binding._prosemirrorChanged = (doc) => {
      // A moved caret or tint is no change of the text: nothing is to be compared.
      if (binding.mapping.get(binding.type) !== doc) compare(doc);
    };
  },
});
