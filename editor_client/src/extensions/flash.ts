/** Lights up a place in the text for a moment: where a link or a fault leads to. */
import { Extension } from "@tiptap/core";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

const key = new PluginKey<DecorationSet>("flash");
const SHOWN_MS = 2600;

interface Lit {
  readonly from: number;
  readonly to: number;
}

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    flash: {
      /** The letters from `from` to `to`; the whole paragraph when they are equal. */
      flash: (place: Lit) => ReturnType;
    };
  }
}

export const Flash = Extension.create({
  name: "flash",
  addCommands() {
    return {
      flash:
        (place) =>
        ({ tr }) => {
          tr.setMeta(key, place);
          return true;
        },
    };
  },
  addProseMirrorPlugins() {
    let timer: ReturnType<typeof setTimeout> | undefined;
    return [
      new Plugin<DecorationSet>({
        key,
        state: {
          init: () => DecorationSet.empty,
          apply(tr, value) {
            const lit = tr.getMeta(key) as Lit | null | undefined;
            if (lit === undefined) return value.map(tr.mapping, tr.doc);
            if (lit === null) return DecorationSet.empty;
            const attributes = { class: "ed-flash" };
            if (lit.to > lit.from) return DecorationSet.create(tr.doc, [Decoration.inline(lit.from, lit.to, attributes)]);
            const place = tr.doc.resolve(lit.from);
            if (!place.parent.isTextblock) return DecorationSet.empty;
            return DecorationSet.create(tr.doc, [Decoration.node(place.before(), place.after(), attributes)]);
          },
        },
        props: { decorations: (state) => key.getState(state) },
        view: () => ({
          update(view, before) {
            const lit = key.getState(view.state);
            if (!lit || lit === DecorationSet.empty || lit === key.getState(before)) return;
            clearTimeout(timer);
            timer = setTimeout(() => {
              if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, null));
            }, SHOWN_MS);
          },
          destroy: () => clearTimeout(timer),
        }),
      }),
    ];
  },
});
