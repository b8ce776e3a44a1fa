// Type-aware rules where a slip costs data (floating promises, any), plain ones else.
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/**", "node_modules/**"] },
  ...tseslint.configs.recommended,
  {
    files: ["src/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": ["error", { allow: ["warn", "error"] }],
      eqeqeq: "error",
    },
  },
  {
    // The schema is pure: the same rules run in tests and, in Python, on the server.
    files: ["src/schema/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", "fetch", "window", "XMLHttpRequest"],
      "no-restricted-imports": ["error", { patterns: ["../ui/*", "../collab/*"] }],
    },
  },
);
