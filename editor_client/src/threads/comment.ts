/** One comment as it is read: who, when, the words, the files, what its author may do. */
import type { Translate } from "../i18n";
import { h } from "../ui/dom";
import { icon } from "../ui/icons";
import { drawWords, fileSize, initialOf, shortTime } from "./text";
import { safeColour } from "../extensions/carets";
import type { Comment, ThreadPerson } from "./types";

export interface CommentActs {
  readonly edit: () => void;
  readonly remove: () => void;
}

export function drawComment(
  comment: Comment,
  t: Translate,
  fileUrl: (id: string) => string,
  acts: CommentActs | null,
): HTMLElement {
  const { author, created_at, edited_at, removed_at } = comment;
  const isRemoved = removed_at !== null;
  return h(
    "li",
    { class: "ed-comment", "data-comment": comment.id },
    h(
      "div",
      { class: "ed-comment-head" },
      avatar(author),
      h("strong", {}, author.name),
      h("time", { datetime: created_at, title: new Date(created_at).toLocaleString() }, shortTime(created_at)),
      edited_at && !isRemoved && h("span", { class: "ed-comment-edited" }, t("threadEdited")),
    ),
    isRemoved
      ? h("p", { class: "ed-comment-removed" }, t("threadRemoved"))
      : comment.text !== "" && h("p", { class: "ed-comment-text", lang: "vi" }, ...drawWords(comment.text, comment.mentions)),
    comment.files.length > 0 &&
      h(
        "ul",
        { class: "ed-comment-files" },
        ...comment.files.map((file) =>
          h(
            "li",
            {},
            h(
              "a",
              { href: fileUrl(file.id), download: file.name },
              icon("paperclip"),
              h("span", {}, file.name),
              h("small", {}, fileSize(file.size_bytes)),
            ),
          ),
        ),
      ),
    acts &&
      !isRemoved &&
      h(
        "div",
        { class: "ed-comment-acts" },
        h("button", { type: "button", onclick: acts.edit }, t("threadEdit")),
        h("button", { type: "button", onclick: acts.remove }, t("threadRemove")),
      ),
  );
}

export function avatar({ name, colour }: ThreadPerson): HTMLElement {
  const dot = h("span", { class: "ed-avatar", "aria-hidden": "true" }, initialOf(name));
  dot.style.setProperty("--caret-colour", safeColour(colour));
  return dot;
}
