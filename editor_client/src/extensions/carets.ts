/**
 * Names and carets of colleagues in the text.
 *
 * While this person composes a Vietnamese word, carets stand still: redrawing beside the
 * composed text would end the composition. They are brought up to date right after it.
 * Names come from other people: they become text nodes, and colours are checked.
 */
import { Extension } from "@tiptap/core";
import type { EditorView } from "@tiptap/pm/view";
import { yCursorPlugin, yCursorPluginKey } from "@tiptap/y-tiptap";
import type { Awareness } from "y-protocols/awareness";
import { safeCursor } from "../collab/cursor";
import { hearOwnSelection } from "../collab/own_hand";
import { CaretNames } from "./caretNames";

export interface CaretUser {
  readonly name?: unknown;
  readonly colour?: unknown;
}

const FALLBACK_COLOUR = "#475569";

export function safeColour(colour: unknown): string {
  return typeof colour === "string" && /^#[0-9a-f]{6}$/i.test(colour)
    ? colour
    : FALLBACK_COLOUR;
}

function buildCaret(user: CaretUser): HTMLElement {
  const caret = document.createElement("span");
  caret.className = "ed-caret";
  caret.style.setProperty("--caret-colour", safeColour(user.colour));
  const name = document.createElement("span");
  name.className = "ed-caret-name";
  name.textContent = String(user.name ?? "");
  // Word joiners keep the caret from opening a line break of its own.
  caret.append("\u2060", name, "\u2060");
  return caret;
}

/** Awareness as the caret plugin sees it: quiet while the person composes. */
export class CalmAwareness {
  view: EditorView | null = null;
  private readonly wrapped = new Map<() => void, () => void>();
  private drawing: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly awareness: Awareness) {}

  getStates = (): Map<number, Record<string, unknown>> =>
    new Map(
      Array.from(this.awareness.getStates(), ([id, state]) => [
        id,
        { ...state, cursor: safeCursor(state["cursor"]) },
      ]),
    );
  getLocalState = () => this.awareness.getLocalState();
  /** The plugin says it again after each edit of a colleague; the others need not hear
   * what they know. */
  setLocalStateField = (field: string, value: unknown) => {
    const known = this.awareness.getLocalState()?.[field];
    if (JSON.stringify(known) !== JSON.stringify(value)) this.awareness.setLocalStateField(field, value);
  };

  /**
   * In place of the plugin's listener, which puts the caret back where the editor last
   * knew it: an arrow key of which the browser has not told yet would be lost.
   */
  on(event: "change", listener: () => void): void {
    const draw = () => {
      if (this.drawing !== null) return;
      this.drawing = setTimeout(() => this.drawSoon(draw), 0);
    };
    this.wrapped.set(listener, draw);
    this.awareness.on(event, draw);
  }

  private drawSoon(again: () => void): void {
    this.drawing = null;
    const { view } = this;
    if (!view || view.isDestroyed) return;
    if (view.composing) {
      // After ProseMirror has read the composed text.
      view.dom.addEventListener("compositionend", () => setTimeout(again, 50), { once: true });
      return;
    }
    hearOwnSelection();
    view.dispatch(view.state.tr.setMeta(yCursorPluginKey, { awarenessUpdated: true }));
  }

  off(event: "change", listener: () => void): void {
    const draw = this.wrapped.get(listener);
    if (draw) this.awareness.off(event, draw);
    this.wrapped.delete(listener);
  }
}

export const Carets = Extension.create<{ awareness: Awareness | null }>({
  name: "carets",
  priority: 999,
  addOptions: () => ({ awareness: null }),
  addProseMirrorPlugins() {
    const { awareness } = this.options;
    if (!awareness) return [];
    const calm = new CalmAwareness(awareness);
    const names = new CaretNames(awareness);
    this.editor.on("create", () => {
      calm.view = this.editor.view;
      const stop = names.watch(this.editor.view.dom);
      this.editor.on("destroy", stop);
    });
    return [
      yCursorPlugin(calm as unknown as Awareness, {
        cursorBuilder: (user: CaretUser, clientId: number) => {
          const caret = buildCaret(user);
          names.dress(caret, clientId);
          return caret;
        },
        selectionBuilder: (user: CaretUser) => ({
          class: "ed-remote-selection",
          style: `background-color: ${safeColour(user.colour)}2e`,
        }),
      }),
    ];
  },
});
