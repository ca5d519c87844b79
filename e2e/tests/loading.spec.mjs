// Loading the game: what is on the page at once, the nickname that is typed meanwhile, and downloads that stall or fail.

import { HARMLESS, expect, expectAccessible, takeScreenshot, test } from "./fixture.mjs";

/** The address of the game's WebAssembly. */
const WASM = /\/game-.*\.wasm$/;
/** After this long without a byte, the page starts the download again, in milliseconds. */
const STALL = 10_000;
/** Pauses before the next attempts, in milliseconds. */
const PAUSES = [1000, 3000, 9000];

/**
 * Holds the download of the game back until the result is called.
 * @param {import("@playwright/test").Page} page
 */
async function holdDownload(page) {
  /** @type {() => void} */
  let release = () => {};
  const released = new Promise((resolve) => (release = () => resolve(undefined)));
  await page.route(WASM, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test.use({ tuning: HARMLESS });

test("the name of the game is there at once, and the nickname can be typed while the game loads", async ({
  player,
}, testInfo) => {
  const { page, server } = player;
  const release = await holdDownload(page);
  await page.goto(server.url);
  await expect(page.locator("#loading-title")).toBeVisible();
  const field = page.locator("#early-name-input");
  await field.fill("Ada");
  await expectAccessible(page, "loading");
  await takeScreenshot(page, "loading", testInfo);
  await field.press("Enter");
  await expect(page.locator("#early-name-hint")).toHaveText("The game starts for Ada as soon as it is loaded.");
  release();
  await player.waitForScreen("playing");
  await expect(player.body).toHaveAttribute("data-game", /^[0-9a-f]{16}$/);
  expect((await player.game()).nickname).toBe("Ada");
});

test("an unfinished nickname moves to the dialog, where typing goes on", async ({ player }) => {
  const { page, server } = player;
  const release = await holdDownload(page);
  await page.goto(server.url);
  await page.locator("#early-name-input").pressSequentially("Gra");
  release();
  await expect(page.locator("#nickname-dialog")).toBeVisible();
  await page.keyboard.type("ce");
  await page.keyboard.press("Enter");
  await player.waitForScreen("playing");
  expect((await player.game()).nickname).toBe("Grace");
});

test.describe("a bad network", () => {
  test.use({ errorsExpected: true });

  test("a player who has a nickname, or only watches, is not asked for one", async ({ player }) => {
    const { page, server } = player;
    await player.open();
    await player.start("Ada");
    const release = await holdDownload(page);
    for (const address of ["/", "/?alone", "/?watch=0123456789abcdef"]) {
      await page.goto(`${server.url}${address}`);
      await expect(page.locator("#loading-title")).toBeVisible();
      await expect(page.locator("#early-name")).toBeHidden();
    }
    release();
  });

  test("a download that stalls starts again", async ({ player }) => {
    const { page, server } = player;
    await page.clock.install();
    let downloads = 0;
    await page.route(WASM, async (route) => {
      downloads += 1;
      // The first one never gets an answer.
      if (downloads > 1) {
        await route.continue();
      }
    });
    await page.goto(server.url);
    await expect.poll(() => downloads).toBe(1);
    await page.clock.fastForward(STALL);
    await expect(page.locator("#loading-text")).toHaveText(
      "The game cannot be loaded: the download stalled. Trying again.",
    );
    await page.clock.runFor(2000);
    await expect.poll(() => downloads).toBe(2);
    await page.clock.resume();
    await player.waitForScreen("title");
  });

  test("the page says why the game cannot be loaded, and offers to reload", async ({ player }) => {
    const { page, server } = player;
    await page.clock.install();
    await page.route(WASM, (route) => route.fulfill({ status: 503, body: "busy" }));
    await page.goto(server.url);
    for (const pause of PAUSES) {
      await expect(page.locator("#loading-text")).toContainText("the server answered 503");
      await page.clock.runFor(pause);
    }
    await expect(page.locator("#trouble-text")).toContainText("the server answered 503");
    await expect(page.locator("#loading")).toBeHidden();
    await page.unroute(WASM);
    await page.getByRole("button", { name: "Reload the page" }).click();
    await page.clock.resume();
    await player.waitForScreen("title");
  });
});
