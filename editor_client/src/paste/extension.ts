/**
 * What happens on paste and drop: clean, NFC, upload images, offer to number.
 *
 * Base64 images never reach the document: they are uploaded first and the rest is
 * pasted when they are there.
 */
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { yUndoPluginKey } from "@tiptap/y-tiptap";
import type { UndoManager } from "yjs";
import type { ImageContext } from "../images/insert";
import { insertImages, problemText } from "../images/insert";
import { IMAGE_TYPES, uploadImage } from "../images/upload";
import { applyStructure, findStructure } from "./apply";
import { cleanHtml } from "./clean";

export interface PasteOptions {
  /** Late, because the context holds the editor. */
  readonly context: () => ImageContext;
}

export const Paste = Extension.create<PasteOptions>({
  name: "draftPaste",
  priority: 1100,
  addOptions() {
    return {
      context: () => {
        throw new Error("paste needs its context");
      },
    };
  },
  addProseMirrorPlugins() {
    const { context } = this.options;
    return [
      new Plugin({
        props: {
          // Pasted HTML that did not come through handlePaste (drops) is cleaned too.
          transformPastedHTML: (html) => {
            const { document: page, images } = cleanHtml(html, context().target.url);
            images.forEach((image) => image.remove());
            return page.body.innerHTML;
          },
          transformPastedText: (text) => text.normalize("NFC"),
          handlePaste: (view, event) => handlePaste(view, event, context()),
          handleDrop: (view, event) => handleDrop(view, event, context()),
        },
      }),
    ];
  },
});

/** What comes next is an undo step of its own, however quickly it follows. */
function beginStep(view: EditorView): void {
  const history = yUndoPluginKey.getState(view.state) as { undoManager?: UndoManager } | undefined;
  history?.undoManager?.stopCapturing();
}

function imageFiles(data: DataTransfer | null): File[] {
  return Array.from(data?.files ?? []).filter((file) => IMAGE_TYPES.includes(file.type));
}

function handlePaste(view: EditorView, event: ClipboardEvent, context: ImageContext): boolean {
  const html = event.clipboardData?.getData("text/html") ?? "";
  beginStep(view);
  const files = imageFiles(event.clipboardData);
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  // A copied picture often comes with an <img> of its source and nothing else.
  if (files.length && !text) {
    void insertImages(context, files, view.state.selection.to);
    return true;
  }
  if (!html) {
    offerNumbering(view, context);
    return false;
  }
  const cleaned = cleanHtml(html, context.target.url);
  if (cleaned.droppedImages) {
    context.toast.show(context.t("imagesDropped", { n: cleaned.droppedImages }));
  }
  if (!cleaned.images.length) {
    offerNumbering(view, context);
    return false;
  }
  void uploadAll(cleaned.images, context).then(() => {
    if (context.editor.isDestroyed || !context.editor.isEditable) return;
    offerNumbering(view, context);
    view.pasteHTML(cleaned.document.body.innerHTML);
  });
  return true;
}

function handleDrop(view: EditorView, event: DragEvent, context: ImageContext): boolean {
  const files = imageFiles(event.dataTransfer);
  if (!files.length || !view.editable) return false;
  event.preventDefault();
  const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
  void insertImages(context, files, place?.pos ?? view.state.selection.to);
  return true;
}

/** Replace the sources of pasted images by uploaded ones; failed ones are left out. */
async function uploadAll(images: readonly HTMLImageElement[], context: ImageContext): Promise<void> {
  for (const image of images) {
    const source = image.getAttribute("src") ?? "";
    try {
      const file = await fileOf(source);
      image.setAttribute("src", await uploadImage(file, context.target, () => undefined));
    } catch (error) {
      image.remove();
      context.toast.show(problemText(error, image.alt || "image", context.t), "danger");
    }
  }
}

/** Decoded here: a content policy without data: in connect-src forbids to fetch it. */
async function fileOf(source: string): Promise<File> {
  const match = /^data:([^;,]+);base64,(.*)$/s.exec(source);
  if (!match) {
    const blob = await (await fetch(source)).blob();
    return new File([blob], "image", { type: blob.type });
  }
  const [, type = "", base64 = ""] = match;
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return new File([bytes], "image", { type });
}

/** After the paste: if it brought hand-typed numbers, offer to number automatically. */
function offerNumbering(view: EditorView, { editor, toast, t }: ImageContext): void {
  const before = view.state.doc.content.size;
  const { from, to } = view.state.selection;
  setTimeout(() => {
    if (editor.isDestroyed) return;
    const grown = view.state.doc.content.size - before + (to - from);
    const end = from + Math.max(grown, 0);
    const { proposals } = findStructure(view.state.doc, from, end);
    // One numbered line in a pasted sentence is no structure.
    if (proposals.length < 2) return;
    toast.show(t("recognised", { n: proposals.length }), "info", {
      label: t("recognisedApply"),
      run: () => {
        const tr = applyStructure(view.state, from, Math.min(end, view.state.doc.content.size));
        beginStep(view);
        if (tr) view.dispatch(tr);
        view.focus();
      },
    });
  }, 0);
}
