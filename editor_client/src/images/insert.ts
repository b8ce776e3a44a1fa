/** Takes images from a file dialog, the clipboard or a drop into the draft. */
import type { Editor } from "@tiptap/core";
import type { Translate } from "../i18n";
import type { Toast } from "../ui/toast";
import { placeholdersKey, toAbsolute, toRelative } from "./placeholders";
import type { UploadTarget } from "./upload";
import { UploadFailed, uploadImage } from "./upload";

export interface ImageContext {
  readonly editor: Editor;
  readonly target: UploadTarget;
  readonly toast: Toast;
  readonly t: Translate;
}

let counter = 0;

/** Upload files and put them, in order, at a position of the document. */
export async function insertImages(
  context: ImageContext,
  files: readonly File[],
  position: number,
): Promise<void> {
  for (const file of files) await insertImage(context, file, position);
}

async function insertImage(context: ImageContext, file: File, position: number): Promise<void> {
  const { editor, t } = context;
  counter += 1;
  const id = `upload-${counter}`;
  const { view } = editor;
  const add = { id, place: toRelative(view.state, position), text: t("uploading", { n: 0 }) };
  view.dispatch(view.state.tr.setMeta(placeholdersKey, { add }));
  try {
    const src = await uploadImage(file, context.target, (percent) => {
      if (editor.isDestroyed) return;
      const text = t("uploading", { n: percent });
      view.dispatch(view.state.tr.setMeta(placeholdersKey, { id, text }));
    });
    if (editor.isDestroyed || !editor.isEditable) return;
    const at = toAbsolute(view.state, add.place) ?? view.state.selection.to;
    editor.commands.insertContentAt(at, { type: "image", attrs: { src, alt: altOf(file) } });
  } catch (error) {
    context.toast.show(problemText(error, file.name, t), "danger");
  } finally {
    if (!editor.isDestroyed) {
      view.dispatch(view.state.tr.setMeta(placeholdersKey, { remove: id }));
    }
  }
}

/** The words for a failed upload; the server's own reason comes first. */
export function problemText(error: unknown, name: string, t: Translate): string {
  if (!(error instanceof UploadFailed)) return t("uploadFailed", { name });
  const base =
    error.problem === "too_large"
      ? t("uploadTooLarge", { name })
      : error.problem === "bad_type"
        ? t("uploadBadType", { name })
        : t("uploadFailed", { name });
  return error.reason ? `${base} ${error.reason}` : base;
}

/** A file name is a better description than none, but "image.png" says nothing. */
function altOf(file: File): string {
  const name = file.name.replace(/\.[a-z0-9]+$/i, "").normalize("NFC");
  return /^(image|img|screenshot|clipboard)?[\s_\d-]*$/i.test(name) ? "" : name;
}
