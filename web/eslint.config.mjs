// Lints the pages' modules by ESLint's recommended rules.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/*.d.ts"] },
  js.configs.recommended,
  { ignores: ["generate.mjs"], languageOptions: { globals: globals.browser } },
  { files: ["generate.mjs"], languageOptions: { globals: globals.node } },
];
