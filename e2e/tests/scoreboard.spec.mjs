// The scoreboard page: ranks that move, states told apart, and a lost connection that mends itself.

import { HARMLESS, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

/** Four seconds of play, three of them countdown, in which the ship fires or does not; base64 of a button log. */
const FIRING = Buffer.from([0x98, 0x0b, 0xdc, 0x03]).toString("base64").replace(/=+$/, "");

test("ranks move as players score, and games are told apart", async ({ page, server }) => {
  await page.goto(`${server.url}/scoreboard.html`);
  await expect(page.locator("#empty")).toBeVisible();
  await expect(page.locator("#play")).toHaveText(new URL(server.url).host);

  const [ada, bo] = [await server.ticket("Ada"), await server.ticket("Bo")];
  const row = (ticket) => page.locator(`tbody [data-player="${ticket.player}"]`);
  await expect(row(ada)).toHaveAttribute("data-rank", "1");
  await expect(row(bo)).toHaveAttribute("data-rank", "2");
  await expect(page.locator("#players")).toHaveText("2 players");
  await expect(row(ada).locator('[data-field="state"]')).toHaveText("Live");

  // Ada fires, and at equal score and lives the fewest shots stand first.
  await expect.poll(() => Date.now() - ada.opened_at).toBeGreaterThan(4000);
  await server.send(ada, 0, [{ tick: 0, what: { buttons: FIRING } }]);
  await expect(row(bo)).toHaveAttribute("data-rank", "1");
  await expect(row(ada)).toHaveAttribute("data-rank", "2");
  await expect(row(ada).locator('[data-field="shots"]')).not.toHaveText("0");

  // A rejected game leaves the board.
  await server.send(bo, 0, [{ tick: 9, what: { hash: "0000000000000000" } }]);
  await expect(row(bo)).toHaveCount(0);
  await expect(row(ada)).toHaveAttribute("data-rank", "1");
});

test("a lost connection is said, and mends itself", async ({ page, server }) => {
  await server.ticket("Ada");
  await page.goto(`${server.url}/scoreboard.html`);
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await server.stop();
  await expect(page.locator("#stale")).toBeVisible();
  await server.restart();
  await expect(page.locator("#stale")).toBeHidden();
  await server.ticket("Bo");
  await expect(page.locator("tbody tr")).toHaveCount(2);
});
