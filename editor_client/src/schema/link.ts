/** The link mark: one attribute, checked whenever it becomes DOM. */
import { Mark } from "@tiptap/core";
import { safeHref } from "./links";

export const Link = Mark.create({
  name: "link",
  priority: 1000,
  inclusive: false,
  addAttributes() {
    return { href: { default: null, parseHTML: (a) => safeHref(a.getAttribute("href")) } };
  },
  parseHTML: () => [
    {
      tag: "a[href]",
      getAttrs: (element) => (safeHref(element.getAttribute("href")) ? null : false),
    },
  ],
  renderHTML({ mark }) {
    const href = safeHref(mark.attrs["href"]);
    return ["a", href ? { href, rel: "noopener noreferrer nofollow", target: "_blank" } : {}, 0];
  },
});
