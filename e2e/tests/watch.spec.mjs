// Watching: a game opens by its address or from a file, and plays from its button log.

import { Server } from "../server.mjs";
import { DEADLY, HARMLESS, expect, test } from "./fixture.mjs";

/** Opens a game in another tab to watch it. */
async function openWatcher(context, player, game) {
  const page = await context.newPage();
  await page.goto(`${player.server.url}/?watch=${game}`);
  const body = page.locator("body");
  await expect(body).toHaveAttribute("data-screen", "watching", { timeout: 30_000 });
  const tick = async () => Number(await body.getAttribute("data-tick"));
  /** The tick of a paused game, as soon as it has not changed for 600 ms. */
  const settledTick = async () => {
    /** @type {number} */
    let current;
    await expect
      .poll(
        async () => {
          const previous = current;
          current = await tick();
          return current === previous;
        },
        { intervals: [600] },
      )
      .toBe(true);
    return current;
  };
  return { page, body, tick, settledTick };
}

/** Plays a whole game and returns the hash of its last state by the server. */
async function playGame(player) {
  await player.open();
  await player.start("Ada");
  await player.waitForVerdict();
  return (await player.game()).hash;
}

/** Waits until the page has played a replay to its last state. */
async function expectReplayEnd(player, hash) {
  await player.waitForScreen("watching");
  // Each press doubles the speed.
  await player.page.keyboard.press("Enter");
  await player.page.keyboard.press("Enter");
  await expect(player.body).toHaveAttribute("data-hash", hash, { timeout: 60_000 });
}

test.describe("a finished game", () => {
  test.use({ tuning: DEADLY });

  test("can be watched from the result screen, and ends in the server's state", async ({ player }) => {
    const hash = await playGame(player);
    await player.page.locator("#watch").click();
    await expectReplayEnd(player, hash);
  });
});

test.describe("a saved replay file", () => {
  test.use({ tuning: DEADLY });

  test("plays on a server that does not know the game", async ({ player }, testInfo) => {
    const { page } = player;
    const hash = await playGame(player);
    const file = testInfo.outputPath("replay.json");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#keep").click()]);
    await download.saveAs(file);

    const other = await Server.start();
    try {
      await page.goto(other.url);
      await player.waitForScreen("title");
      await page.locator("#replay-file").setInputFiles(file);
      await expectReplayEnd(player, hash);
    } finally {
      await page.goto("about:blank");
      await other.remove();
    }
  });

  test("with an invalid tuning is rejected with the reason", async ({ player }) => {
    const { page } = player;
    await player.open();
    const { game } = await player.server.ticket("Bo");
    /** @type {any} */
    let replay;
    // The server knows the game as soon as the processor has processed its ticket.
    await expect(async () => {
      replay = await player.server.get(`/v1/games/${game}/replay`);
    }).toPass();
    replay.tuning.invader_files = 0;
    const buffer = Buffer.from(JSON.stringify(replay));
    await page.locator("#replay-file").setInputFiles({ name: "invalid.json", mimeType: "application/json", buffer });
    await expect(page.locator("#trouble-text")).toContainText("invader_files is 0, but must be between 1 and 20");
  });
});

test.describe("a live game", () => {
  test.use({ tuning: HARMLESS });

  test("can be paused and moved back and forth, and grows as it is played", async ({ player, context }) => {
    await player.open();
    await player.start("Bo");
    await player.waitForCountdown();
    await player.waitForNumber("tick", 600);
    await expect.poll(async () => (await player.game()).tick).toBeGreaterThan(500);
    const game = await player.body.getAttribute("data-game");

    const watcher = await openWatcher(context, player, game);
    await watcher.page.keyboard.press("KeyP");
    await watcher.page.keyboard.press("ArrowRight");
    const paused = await watcher.settledTick();
    expect(paused).toBeGreaterThanOrEqual(300);
    await watcher.page.keyboard.press("ArrowLeft");
    expect(await watcher.settledTick()).toBe(paused - 300);
    for (let i = 0; i < 3; i++) {
      await watcher.page.keyboard.press("ArrowRight");
    }
    const recorded = (await player.game()).tick;
    await watcher.page.keyboard.press("KeyP");
    // The player's tab is hidden and its game paused. The watcher still plays the recorded part to its end.
    await expect.poll(watcher.tick, { timeout: 30_000 }).toBeGreaterThanOrEqual(recorded);
  });
});

test.describe("a live game of another player", () => {
  test.use({ tuning: DEADLY, flags: ["--replay-delay", "5"] });

  test("is shown some seconds behind, to the server's final state", async ({ player, browser }) => {
    await player.open();
    await player.start("Bo");
    const stranger = await browser.newContext();
    const watcher = await openWatcher(stranger, player, await player.gameId());
    await expect(watcher.page.locator("#announcer")).toHaveText("Watching a game, 5 seconds behind.");
    await player.waitForNumber("tick", 190);
    const [watched, played] = [await watcher.tick(), await player.number("tick")];
    expect(watched).toBeLessThanOrEqual(Math.max(0, played - 5 * 60) + 60);
    await player.waitForVerdict();
    await expect(watcher.body).toHaveAttribute("data-hash", (await player.game()).hash, { timeout: 60_000 });
    await stranger.close();
  });
});

test("the address of an unknown game shows an error", async ({ page, server }) => {
  await page.goto(`${server.url}/?watch=00c0ffee00c0ffee`);
  await expect(page.locator("#trouble-text")).toHaveText("there is no game 00c0ffee00c0ffee");
});
