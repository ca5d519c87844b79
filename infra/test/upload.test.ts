import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { files, isHashed, storedFile } from "../tools/upload.js";

const GAME = "game-1f3a9c0d2b4e6f78_bg.wasm";

test("only file names with a hash count as hashed", () => {
  assert.ok(isHashed(GAME));
  assert.ok(isHashed("style-1f3a9c0d2b4e6f78.css"));
  assert.ok(!isHashed("index.html"));
  assert.ok(!isHashed("game-loader.mjs"));
});

test("hashed files are uploaded first, and compressed copies replace their originals", () => {
  const folder = mkdtempSync(join(tmpdir(), "pages-"));
  for (const name of ["index.html", "icon.png", GAME, `${GAME}.br`, `${GAME}.gz`, ".profile"]) {
    writeFileSync(join(folder, name), name);
  }
  const all = files(folder);
  assert.equal(all[0], GAME);
  assert.deepEqual(all.slice(1).sort(), ["icon.png", "index.html"]);
  assert.deepEqual(storedFile(folder, GAME), {
    Key: GAME,
    Body: Buffer.from(`${GAME}.br`),
    ContentType: "application/wasm",
    CacheControl: "public, max-age=31536000, immutable",
    ContentEncoding: "br",
  });
  assert.equal(storedFile(folder, "index.html").CacheControl, "no-cache");
});
