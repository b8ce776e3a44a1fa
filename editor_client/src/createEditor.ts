/** The ProseMirror editor of a draft's body, bound to the shared document. */
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { Dropcursor, Gapcursor, Placeholder } from "@tiptap/extensions";
import type { Awareness } from "y-protocols/awareness";
import type { UndoManager, XmlFragment } from "yjs";
import { Carets } from "./extensions/carets";
import { Copying } from "./extensions/copying";
import { Flash } from "./extensions/flash";
import { HereBlock } from "./extensions/hereBlock";
import { Labels } from "./extensions/labels";
import { LastingNodes } from "./extensions/lastingMapping";
import { SteadyCaret } from "./extensions/steadyCaret";
import { Structure } from "./extensions/structure";
import { Find } from "./find/plugin";
import type { Translate } from "./i18n";
import { ImagePlaceholders } from "./images/placeholders";
import type { ImageContext } from "./images/insert";
import { Paste } from "./paste/extension";
import { schemaExtensions } from "./schema";
import type { SuggestingOptions } from "./suggest/extension";
import { Suggesting } from "./suggest/extension";
import { SuggestedLists } from "./suggest/lists";
import { SuggestedTables } from "./suggest/tables";
import { Highlights } from "./threads/highlights";

export interface EditorParts {
  readonly element: HTMLElement;
  readonly body: XmlFragment;
  readonly awareness: Awareness;
  readonly undoManager: UndoManager;
  readonly imageContext: () => ImageContext;
  readonly suggesting: SuggestingOptions;
  readonly t: Translate;
}

export function createEditor(parts: EditorParts): Editor {
  const { element, body, awareness, undoManager, imageContext, suggesting, t } = parts;
  return new Editor({
    element,
    extensions: [
      ...schemaExtensions,
      Collaboration.configure({
        fragment: body,
        yUndoOptions: { undoManager } as never,
      }),
      LastingNodes,
      Carets.configure({ awareness }),
      Structure,
      Suggesting.configure(suggesting),
      SuggestedLists.configure({ isSuggesting: suggesting.isSuggesting }),
      SuggestedTables.configure({ isSuggesting: suggesting.isSuggesting, author: suggesting.author }),
      HereBlock,
      SteadyCaret,
      Labels,
      Copying,
      Find,
      Flash,
      Highlights,
      ImagePlaceholders,
      Paste.configure({ context: imageContext }),
      Placeholder.configure({ placeholder: t("bodyPlaceholder"), showOnlyWhenEditable: true }),
      Gapcursor,
      Dropcursor.configure({ color: "#2563eb", width: 2 }),
    ],
    // Rules rewrite what was typed, and Backspace would undo them: both break UniKey.
    enableInputRules: false,
    enablePasteRules: false,
    editorProps: {
      attributes: {
        class: "ed-body-text",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": t("editor"),
        lang: "vi",
        spellcheck: "false",
      },
      scrollMargin: { top: 80, bottom: 80, left: 0, right: 0 },
      scrollThreshold: { top: 60, bottom: 60, left: 0, right: 0 },
    },
    // Whether one may write is known to the session; see app.ts.
    editable: true,
    injectCSS: false,
  });
}
