// Watching: a game opens by its address and plays from its buttons.

import { Server } from "../server.mjs";
import { DEADLY, HARMLESS, expect, test } from "./fixture.mjs";

/** Opens a game to watch in another tab. */
async function watch(context, player, game) {
  const page = await context.newPage();
  await page.goto(`${player.server.url}/?watch=${game}`);
  const body = page.locator("body");
  await expect(body).toHaveAttribute("data-screen", "watching", { timeout: 30_000 });
  const tick = async () => Number(await body.getAttribute("data-tick"));
  /** The tick of a paused game, once the page has shown it for longer than it takes to show another. */
  const settled = async () => {
    let seen;
    await expect
      .poll(
        async () => {
          const before = seen;
          seen = await tick();
          return seen === before;
        },
        { intervals: [600] },
      )
      .toBe(true);
    return seen;
  };
  return { page, body, tick, settled };
}

test.describe("a finished game", () => {
  test.use({ tuning: DEADLY });

  test("is offered when it is over, and ends as the server says", async ({ player }) => {
    const { page, body } = player;
    await player.open();
    await player.start("Ada");
    await player.screen("over", 60_000);
    await expect(body).toHaveAttribute("data-verdict", "verified");
    const { hash } = await player.game();
    await page.locator("#watch").click();
    await player.screen("watching");
    // Twice, then four times as fast.
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect(body).toHaveAttribute("data-hash", hash, { timeout: 60_000 });
  });
});

test.describe("a kept file", () => {
  test.use({ tuning: DEADLY });

  test("plays the game again where no server knows it", async ({ player }, info) => {
    const { page, body } = player;
    await player.open();
    await player.start("Ada");
    await player.screen("over", 60_000);
    await expect(body).toHaveAttribute("data-verdict", "verified");
    const { hash } = await player.game();
    const file = info.outputPath("kept.json");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#keep").click()]);
    await download.saveAs(file);

    const other = await Server.start();
    try {
      await page.goto(other.url);
      await player.screen("title");
      await page.locator("#replay-file").setInputFiles(file);
      await player.screen("watching");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await expect(body).toHaveAttribute("data-hash", hash, { timeout: 60_000 });
    } finally {
      await page.goto("about:blank");
      await other.remove();
    }
  });

  test("that is broken is refused with the reason", async ({ player }) => {
    const { page } = player;
    await player.open();
    const { game } = await player.server.ticket("Bo");
    let replay;
    // Known once the processor has come to its ticket.
    await expect(async () => {
      replay = await player.server.get(`/v1/games/${game}/replay`);
    }).toPass();
    replay.tuning.invader_files = 0;
    const buffer = Buffer.from(JSON.stringify(replay));
    await page.locator("#replay-file").setInputFiles({ name: "odd.json", mimeType: "application/json", buffer });
    await expect(page.locator("#trouble-text")).toContainText("invader_files is 0, but must be between 1 and 20");
  });
});

test.describe("a live game", () => {
  test.use({ tuning: HARMLESS });

  test("pauses, goes back and forth, and grows as it is played", async ({ player, context }) => {
    await player.open();
    await player.start("Bo");
    await player.countdown();
    await player.reaches("tick", 600);
    await expect.poll(async () => (await player.game()).tick).toBeGreaterThan(500);
    const game = await player.body.getAttribute("data-game");

    const watcher = await watch(context, player, game);
    await watcher.page.keyboard.press("KeyP");
    await watcher.page.keyboard.press("ArrowRight");
    const paused = await watcher.settled();
    expect(paused).toBeGreaterThanOrEqual(300);
    await watcher.page.keyboard.press("ArrowLeft");
    expect(await watcher.settled()).toBe(paused - 300);
    for (let i = 0; i < 3; i++) {
      await watcher.page.keyboard.press("ArrowRight");
    }
    const recorded = (await player.game()).tick;
    await watcher.page.keyboard.press("KeyP");
    // The player's tab is hidden and its game paused; the rest is seen all the same.
    await expect.poll(watcher.tick, { timeout: 30_000 }).toBeGreaterThanOrEqual(recorded);
  });
});

test("an address of no game says so", async ({ page, server }) => {
  await page.goto(`${server.url}/?watch=00c0ffee00c0ffee`);
  await expect(page.locator("#trouble-text")).toHaveText("there is no such game here");
});
