/**
 * Builds two entries: the editor page and the behaviours of server-rendered pages. The
 * libraries of the editor are a file of their own, which a new version of the product
 * seldom changes; what is not needed to see the text is another (src/later.ts).
 *
 * The server reads dist/manifest.json to find them, so names carry a hash and may be
 * cached for ever. Must never fetch anything from another host at run time.
 */
import { defineConfig } from "vitest/config";

const EDITING = /node_modules[\\/](@tiptap|prosemirror-|orderedmap|rope-sequence|w3c-keyname|yjs|y-protocols|lib0|@hocuspocus|@lifeomic)/;

export default defineConfig({
  base: "/static/client/",
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    target: "es2022",
    // Small font subsets must stay files: inlined they would load on every page.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      // htmx can evaluate attributes; its configuration (allowEval) forbids it.
      checks: { eval: false },
      input: { editor: "src/editor.ts", pages: "src/pages.ts" },
      output: {
        entryFileNames: "assets/[name]-[hash:8].js",
        chunkFileNames: "assets/[name]-[hash:8].js",
        assetFileNames: "assets/[name]-[hash:8][extname]",
        codeSplitting: {
          groups: [{ name: "text", test: EDITING }],
        },
      },
    },
  },
  preview: { strictPort: true },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
  },
});
