// The scoreboard: ranks, the states of games, and a lost connection.

import { FOUR_SECONDS, HARMLESS, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

test("rows follow the ranks, and each game shows its state", async ({ page, server }) => {
  await page.goto(`${server.url}/scoreboard.html`);
  await expect(page.locator("#empty")).toBeVisible();
  await expect(page.locator("#play")).toHaveText(new URL(server.url).host);

  const [ada, bo] = [await server.ticket("Ada"), await server.ticket("Bo")];
  const row = (ticket) => page.locator(`tbody [data-player="${ticket.player}"]`);
  await expect(row(ada)).toHaveAttribute("data-rank", "1");
  await expect(row(bo)).toHaveAttribute("data-rank", "2");
  await expect(page.locator("#players")).toHaveText("2 players");
  await expect(row(ada).locator('[data-field="state"]')).toHaveText("Live");

  // Ada fires: at equal score and lives, fewer shots rank higher.
  await expect.poll(() => Date.now() - ada.opened_at).toBeGreaterThan(4000);
  await server.send(ada, 0, [{ tick: 0, what: { buttons: FOUR_SECONDS } }]);
  await expect(row(bo)).toHaveAttribute("data-rank", "1");
  await expect(row(ada)).toHaveAttribute("data-rank", "2");
  await expect(row(ada).locator('[data-field="shots"]')).not.toHaveText("0");

  // A rejected game has no row.
  await server.send(bo, 0, [{ tick: 9, what: { hash: "0000000000000000" } }]);
  await expect(row(bo)).toHaveCount(0);
  await expect(row(ada)).toHaveAttribute("data-rank", "1");
});

test("the scoreboard shows a lost connection and reconnects", async ({ page, server }) => {
  await server.ticket("Ada");
  await page.goto(`${server.url}/scoreboard.html`);
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await server.stop();
  await expect(page.locator("#disconnected")).toBeVisible();
  await server.restart();
  await expect(page.locator("#disconnected")).toBeHidden();
  await server.ticket("Bo");
  await expect(page.locator("tbody tr")).toHaveCount(2);
});

test.describe("the games of the leaders", () => {
  test.use({ flags: ["--replay-delay", "5"], viewport: { width: 1920, height: 1080 } });

  test("are behind without a viewer token, and live with one", async ({ page, server }) => {
    const ada = await server.ticket("Ada");
    await expect.poll(() => Date.now() - ada.opened_at).toBeGreaterThan(4000);
    await server.send(ada, 0, [{ tick: 0, what: { buttons: FOUR_SECONDS } }]);
    const [note, game] = [page.locator("#gallery-delay"), page.locator("#gallery figure")];
    await page.goto(`${server.url}/scoreboard.html`);
    await expect(note).toHaveText("The games are shown 5 seconds behind.");
    await expect(game).toBeVisible();

    const manager = await server.manager();
    const path = "/v1/sessions/0000000000000000/viewer-tokens";
    const { viewer_token } = await server.post(path, null, manager.access_token);
    await page.goto(`${server.url}/scoreboard.html#viewer=${viewer_token}`);
    await expect(note).toBeHidden();
    await expect(game).toBeVisible();
    await expect(page).toHaveURL(`${server.url}/scoreboard.html`);
    await page.reload();
    await expect(game).toBeVisible();
    await expect(note).toBeHidden();
  });

  test("are behind with an invalid viewer token", async ({ page, server }) => {
    const ada = await server.ticket("Ada");
    await page.goto(`${server.url}/scoreboard.html#viewer=nonsense`);
    await expect(page.locator(`tbody [data-player="${ada.player}"]`)).toBeVisible();
    await expect(page.locator("#gallery-delay")).toHaveText("The games are shown 5 seconds behind.");
  });
});
