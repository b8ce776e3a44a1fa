/** Styles and small behaviours of the server-rendered pages. */
import "@tabler/core/dist/css/tabler.min.css";
import "./styles/fonts.css";
import htmx from "htmx.org";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;
