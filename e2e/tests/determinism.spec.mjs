// The rules end a replay in the same state in the browser and on the server.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, hashInBrowser, test } from "./fixture.mjs";

const GOLDEN = join(import.meta.dirname, "../../shared/tests/golden");

test("golden replays end in the recorded state hashes", async ({ player }) => {
  await player.open();
  const files = (await readdir(GOLDEN)).filter((file) => file.endsWith(".json"));
  expect(files.length).toBeGreaterThanOrEqual(10);
  for (const file of files) {
    const { replay, hash } = JSON.parse(await readFile(join(GOLDEN, file), "utf8"));
    expect(await hashInBrowser(player.page, JSON.stringify(replay)), file).toBe(hash);
  }
});
