/**
 * The behaviours of the server-rendered pages by themselves, for those pages and for the
 * dialog that the editor shows of one.
 *
 * Must never bring the scripts of the design system along: they look through the whole
 * page at every key, which is felt beside a text of a hundred pages.
 */
import htmx from "htmx.org";
import * as copying from "./copying";
import * as deadlines from "./deadlines";
import * as dialogs from "./dialogs";
import * as notices from "./notices";
import * as once from "./once";
import * as previews from "./previews";
import * as searching from "./searching";
import * as signingOut from "./signing_out";
import * as unsent from "./unsent";
import * as upgraded from "./upgraded";
import * as uploads from "./uploads";
import * as versions from "./versions";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

upgraded.listen();
window.htmx = htmx;
notices.listen();
deadlines.listen();
dialogs.listen();
copying.listen();
uploads.listen();
previews.listen();
once.listen();
unsent.listen();
signingOut.listen();
searching.listen();
versions.listen();
