// Lints the browser tests by ESLint's recommended rules.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/*.d.ts", "test-results/"] },
  js.configs.recommended,
  // Functions that run in the page use the browser's globals.
  { languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];
