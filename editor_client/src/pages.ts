/**
 * Styles and small behaviours of the server-rendered pages.
 *
 * A page must work without them as far as it can: they make it quicker and friendlier,
 * the server decides. Must never load anything from another host.
 */
import "@tabler/core/dist/css/tabler.min.css";
import "./styles/fonts.css";
import "./styles/page-fonts.css";
import "./pages/theme.css";
import "./pages/icons.css";
import "./pages/drafts.css";
import "./pages/registers.css";
import "./pages/incoming.css";
import "./pages/process.css";
import "./pages/office.css";
import "./pages/issuing.css";
import "./pages/searching.css";
import "./pages/versions.css";
import "./pages/word.css";
import "./pages/opinions.css";
import "@tabler/core/dist/js/tabler.esm.min.js";
import htmx from "htmx.org";
import * as copying from "./pages/copying";
import * as deadlines from "./pages/deadlines";
import * as dialogs from "./pages/dialogs";
import * as notices from "./pages/notices";
import * as once from "./pages/once";
import * as previews from "./pages/previews";
import * as searching from "./pages/searching";
import * as signingOut from "./pages/signing_out";
import * as unsent from "./pages/unsent";
import * as upgraded from "./pages/upgraded";
import * as uploads from "./pages/uploads";
import * as versions from "./pages/versions";

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
