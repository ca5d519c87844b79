// Whole games by real keys, down to the scoreboard.

import { DEADLY, HARMLESS, arcade, expect, test } from "./fixture.mjs";

test.describe("the arcade preset", () => {
  // Without shields to hide behind, so that it is sure to be lost in time.
  test.use({ tuning: arcade({ shields: 0 }) });

  test("a game of the arcade preset, played and lost by real keys, stands on the scoreboard as the server replays it", async ({
    player,
    server,
    context,
  }) => {
    // Whoever is never hit loses when the invaders land, after some four minutes.
    test.setTimeout(420_000);
    const { page } = player;
    await player.open();
    await player.start("Ada");
    await player.countdown();
    await page.keyboard.down("Space");
    for (const key of ["ArrowLeft", "ArrowRight", "KeyA", "KeyD"]) {
      await page.keyboard.down(key);
      const tick = await player.number("tick");
      await player.reaches("tick", tick + 60);
      await page.keyboard.up(key);
    }
    await page.keyboard.up("Space");
    await player.reaches("shots", 5);
    await player.screen("over", 360_000);
    await expect(player.body).toHaveAttribute("data-verdict", "verified");
    await expect(player.body).toHaveAttribute("data-rank", "1");

    const shown = await player.state();
    const game = await player.game();
    expect(game.verdict).toEqual({ status: "verified" });
    expect(game.hash).toBe(shown.hash);
    expect(game.run).toEqual({ score: Number(shown.score), lives: Number(shown.lives), shots: Number(shown.shots) });

    const replay = await (await fetch(`${server.url}/v1/games/${game.game}/replay`)).text();
    expect(await page.evaluate((json) => window.wasmBindings.replay_hash(json), replay)).toBe(game.hash);

    const board = await context.newPage();
    await board.goto(`${server.url}/scoreboard.html`);
    const row = board.locator(`#standings [data-game="${game.game}"]`);
    await expect(row.locator('[data-field="nickname"]')).toHaveText("Ada");
    await expect(row.locator('[data-field="score"]')).toHaveText(String(game.run.score));
    await expect(row.locator('[data-field="shots"]')).toHaveText(String(game.run.shots));
    await expect(row.locator('[data-field="tuning-name"]')).toHaveText("arcade");
    await expect(row.locator('[data-field="state"]')).toHaveText("Verified");
  });
});

test.describe("short games", () => {
  test.use({ tuning: DEADLY });

  test("one game follows the other, for the same player", async ({ player, server }) => {
    await player.open();
    await player.start("Bo");
    await player.screen("over", 60_000);
    await expect(player.body).toHaveAttribute("data-verdict", "verified");
    const first = await player.game();
    // The page takes no key at first: one that is still held from the game must not start the next one.
    await expect(async () => {
      await player.page.keyboard.press("Space");
      await player.screen("playing", 500);
    }).toPass({ timeout: 10_000 });
    await player.screen("over", 60_000);
    await expect(player.body).toHaveAttribute("data-verdict", "verified");
    const { games } = await server.get(`/v1/players/${first.player}/games`);
    expect(games).toHaveLength(2);
    expect((await server.get("/v1/standings")).players).toBe(1);
  });
});

test.describe("pausing", () => {
  test.use({ tuning: HARMLESS });

  const standsStill = async (player) => {
    await player.screen("paused");
    const tick = await player.number("tick");
    // Time must pass for ticks not to be played in it.
    await player.page.waitForTimeout(700);
    expect(await player.number("tick")).toBe(tick);
  };

  test("P, Escape, the button and a hidden page pause, and the game goes on from there", async ({ player }) => {
    const { page } = player;
    await player.open();
    await player.start("Cleo");
    await player.countdown();
    for (const key of ["KeyP", "Escape"]) {
      await page.keyboard.press(key);
      await standsStill(player);
      await page.keyboard.press("KeyP");
      await player.screen("playing");
    }
    await page.locator("#pause").click();
    await standsStill(player);
    await page.locator("#pause").click();
    await player.screen("playing");

    const hide = (hidden) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, "visibilityState", {
          value: hidden ? "hidden" : "visible",
          configurable: true,
        });
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await hide(true);
    await standsStill(player);
    await hide(false);
    await page.keyboard.press("KeyP");
    await player.screen("playing");
    const tick = await player.number("tick");
    await player.reaches("tick", tick + 60);
    await expect.poll(async () => (await player.game()).verdict.status).toBe("live");
  });
});

test("whoever practises alone needs no name, and nothing is told to the server", async ({ player, server }) => {
  const asked = [];
  player.page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await player.open();
  await player.page.locator("#alone").click();
  await player.screen("title");
  await player.page.keyboard.press("Space");
  await player.screen("playing");
  await expect(player.body).toHaveAttribute("data-link", "unrecorded");
  await player.reaches("tick", 240);
  expect(asked.filter((request) => request.startsWith("POST"))).toEqual([]);
  expect((await server.get("/v1/standings")).players).toBe(0);
});
