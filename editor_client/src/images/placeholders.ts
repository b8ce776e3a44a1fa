/**
 * Shows where an image will stand while it is being uploaded.
 *
 * The place is a Yjs relative position: colleagues keep typing meanwhile, and their
 * edits replace the whole ProseMirror document, so mapped positions would be lost.
 * Placeholders are decorations; nothing is in the draft until the server has the file.
 */
import { Extension } from "@tiptap/core";
import type { EditorState } from "@tiptap/pm/state";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from "@tiptap/y-tiptap";
import { h } from "../ui/dom";

export interface Pending {
  readonly id: string;
  readonly place: unknown;
  readonly text: string;
}

type Meta =
  | { readonly add: Pending }
  | { readonly text: string; readonly id: string }
  | { readonly remove: string };

export const placeholdersKey = new PluginKey<readonly Pending[]>("imagePlaceholders");

interface YSyncState {
  readonly doc: unknown;
  readonly type: unknown;
  readonly binding: { readonly mapping: unknown } | null;
}

export function toRelative(state: EditorState, position: number): unknown {
  const y = ySyncPluginKey.getState(state) as YSyncState | undefined;
  if (!y?.binding) return null;
  return absolutePositionToRelativePosition(position, y.type as never, y.binding.mapping as never);
}

export function toAbsolute(state: EditorState, place: unknown): number | null {
  const y = ySyncPluginKey.getState(state) as YSyncState | undefined;
  if (!y?.binding || place === null || place === undefined) return null;
  const position = relativePositionToAbsolutePosition(
    y.doc as never,
    y.type as never,
    place as never,
    y.binding.mapping as never,
  ) as number | null;
  return position === null ? null : Math.min(position, state.doc.content.size);
}

export const ImagePlaceholders = Extension.create({
  name: "imagePlaceholders",
  addProseMirrorPlugins() {
    return [
      new Plugin<readonly Pending[]>({
        key: placeholdersKey,
        state: {
          init: () => [],
          apply(tr, value) {
            const meta = tr.getMeta(placeholdersKey) as Meta | undefined;
            if (!meta) return value;
            if ("add" in meta) return [...value, meta.add];
            if ("remove" in meta) return value.filter(({ id }) => id !== meta.remove);
            return value.map((each) => (each.id === meta.id ? { ...each, text: meta.text } : each));
          },
        },
        props: {
          decorations(state) {
            const pending = placeholdersKey.getState(state) ?? [];
            const widgets = pending.flatMap(({ id, place, text }) => {
              const position = toAbsolute(state, place);
              if (position === null) return [];
              const draw = () =>
                h("span", { class: "ed-uploading", role: "status" }, h("span", { class: "ed-spinner" }), text);
              return [Decoration.widget(position, draw, { key: `${id}:${text}`, side: 1 })];
            });
            return DecorationSet.create(state.doc, widgets);
          },
        },
      }),
    ];
  },
});
