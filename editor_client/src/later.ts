/**
 * What the editor page needs only after the text stands there: panels and dialogs that
 * somebody opens, and the behaviours of the server-rendered pages, which the share dialog
 * uses. One file, fetched as soon as the page is at rest, so that all of it is there
 * when the line goes away.
 */
import "./pages/behaviours";

export { createCheckPanel } from "./ui/checkPanel";
export { createFindPanel } from "./ui/findPanel";
export { openNumbering } from "./ui/numbering";
export { openShare } from "./ui/share";
export { openShortcuts } from "./ui/shortcuts";
