/** Entry of the editor page: reads the boot data and builds the editor. */
import "./styles/fonts.css";

document.querySelector("#editor-root")?.setAttribute("data-ready", "false");
