// Nicknames are strangers' text.

import { HARMLESS, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

const HOSTILE = ["<b>x</b>", "<img src=x onerror>", "👾👾", "אלוף", "\"';--", "&lt;&#x41;"];

test("whatever a name holds shows as text on the scoreboard", async ({ page, server }) => {
  for (const name of HOSTILE) {
    expect(await server.ticket(name)).toHaveProperty("game");
  }
  await page.goto(`${server.url}/scoreboard.html`);
  const names = page.locator('tbody [data-field="nickname"]');
  await expect(names).toHaveCount(HOSTILE.length);
  expect((await names.allTextContents()).sort()).toEqual([...HOSTILE].sort());
  await expect(page.locator("tbody b, tbody img")).toHaveCount(0);
});

test("a name that is refused says why, in the dialog", async ({ player }) => {
  await player.open();
  await player.page.keyboard.press("Space");
  const input = player.page.locator("#nickname-input");
  await input.fill("abc\u202edef");
  await player.page.keyboard.press("Enter");
  await expect(player.page.locator("#nickname-problem")).toContainText("U+202E");
  await input.fill("<b>bold</b>");
  await player.page.keyboard.press("Enter");
  await player.screen("playing");
  expect((await player.server.get("/v1/standings")).standings[0].nickname).toBe("<b>bold</b>");
});
