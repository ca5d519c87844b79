// Whole games played by key presses, up to the scoreboard.

import { DEADLY, HARMLESS, arcade, expect, hashInBrowser, test } from "./fixture.mjs";

test.describe("the arcade preset", () => {
  // Without shields, so that the game ends soon.
  test.use({ tuning: arcade({ shields: 0 }) });

  test("a lost game appears on the scoreboard with the result of the server's replay", async ({
    player,
    server,
    context,
  }) => {
    // A ship that is never hit loses after about four minutes, when the invaders land.
    test.setTimeout(420_000);
    const { page } = player;
    await player.open();
    await player.start("Ada");
    await player.waitForCountdown();
    await page.keyboard.down("Space");
    for (const key of ["ArrowLeft", "ArrowRight", "KeyA", "KeyD"]) {
      await page.keyboard.down(key);
      await player.waitForTicks(60);
      await page.keyboard.up(key);
    }
    await page.keyboard.up("Space");
    await player.waitForNumber("shots", 5);
    await player.waitForVerdict(360_000);
    await expect(player.body).toHaveAttribute("data-rank", "1");

    const shown = await player.state();
    const game = await player.game();
    expect(game.verdict).toEqual({ status: "verified" });
    expect(game.hash).toBe(shown.hash);
    expect(game.run).toEqual({ score: Number(shown.score), lives: Number(shown.lives), shots: Number(shown.shots) });

    const replay = JSON.stringify(await player.replay());
    expect(await hashInBrowser(page, replay)).toBe(game.hash);

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

  test("a second game counts for the same player", async ({ player, server }) => {
    await player.open();
    await player.start("Bo");
    await player.waitForVerdict();
    const first = await player.game();
    // The page ignores keys at first, so that a key held from the game does not start the next one.
    await expect(async () => {
      await player.page.keyboard.press("Space");
      await player.waitForScreen("playing", 500);
    }).toPass({ timeout: 10_000 });
    await player.waitForVerdict();
    const { games } = await server.get(`/v1/players/${first.player}/games`);
    expect(games).toHaveLength(2);
    expect((await server.get("/v1/standings")).players).toBe(1);
  });
});

test.describe("unranked games", () => {
  // The browser logs that the player has no standing.
  test.use({ tuning: DEADLY, errorsExpected: true });

  test("a game that a manager unranked shows the reason to its player", async ({ player, server }) => {
    await player.open();
    await player.start("Mallory");
    // The server knows the game after its first events.
    await player.waitForServer(1);
    // In the pause the game cannot end before the decision is processed.
    await player.page.keyboard.press("KeyP");
    await server.decideRank(await server.manager(), await player.gameId(), { unrank: "played by a program" });
    await expect.poll(async () => (await player.game()).rank.status).toBe("unranked");
    await player.page.keyboard.press("KeyP");
    await player.waitForVerdict();
    await expect(player.page.locator("#announcer")).toHaveText("Not ranked: played by a program.");
    await expect(player.body).not.toHaveAttribute("data-rank");
  });
});

test.describe("pausing", () => {
  test.use({ tuning: HARMLESS });

  const expectPaused = async (player) => {
    await player.waitForScreen("paused");
    const tick = await player.number("tick");
    // Long enough for many ticks.
    await player.page.waitForTimeout(700);
    expect(await player.number("tick")).toBe(tick);
  };

  test("P, Escape, the button and a hidden page pause the game, which continues from there", async ({ player }) => {
    const { page } = player;
    await player.open();
    await player.start("Cleo");
    await player.waitForCountdown();
    for (const key of ["KeyP", "Escape"]) {
      await page.keyboard.press(key);
      await expectPaused(player);
      await page.keyboard.press("KeyP");
      await player.waitForScreen("playing");
    }
    await page.locator("#pause").click();
    await expectPaused(player);
    await page.locator("#pause").click();
    await player.waitForScreen("playing");

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
    await expectPaused(player);
    await hide(false);
    await page.keyboard.press("KeyP");
    await player.waitForScreen("playing");
    await player.waitForTicks(60);
    await expect.poll(async () => (await player.game()).verdict.status).toBe("live");
  });
});

test("a practice game needs no nickname and sends nothing to the server", async ({ player, server }) => {
  const requests = [];
  player.page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await player.open();
  await player.page.locator("#alone").click();
  await player.waitForScreen("title");
  await player.page.keyboard.press("Space");
  await player.waitForScreen("playing");
  await expect(player.body).toHaveAttribute("data-link", "unrecorded");
  await player.waitForNumber("tick", 240);
  expect(requests.filter((request) => request.startsWith("POST"))).toEqual([]);
  expect((await server.get("/v1/standings")).players).toBe(0);
});
