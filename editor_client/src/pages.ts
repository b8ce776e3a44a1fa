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
import "./pages/behaviours";
