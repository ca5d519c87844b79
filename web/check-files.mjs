// Fails if a page or module uses a file that index.html does not copy: the server would not have it.

import { readFileSync, readdirSync } from "node:fs";

const FOLDER = new URL(".", import.meta.url);
const index = readFileSync(new URL("../index.html", FOLDER), "utf8");

for (const name of readdirSync(FOLDER).filter((file) => /\.(mjs|html)$/.test(file))) {
  const text = readFileSync(new URL(name, FOLDER), "utf8");
  for (const [, used] of text.matchAll(/"\/([a-z-]+\.(?:mjs|css|html))"/g)) {
    if (!index.includes(`href="web/${used}"`)) {
      console.error(`web/${name} uses /${used}, but index.html has no copy-file link for web/${used}. Add one.`);
      process.exitCode = 1;
    }
  }
}
