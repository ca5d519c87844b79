// A screenshot of each screen, for a person to look at. UPDATE_SCREENS=1 saves them in docs/screens.

import { arcade, expect, takeScreenshot, test } from "./fixture.mjs";

test.describe("laptop", () => {
  // The mystery ship appears early, so that the screenshots show it.
  test.use({ tuning: arcade({ mystery_seconds: 3 }) });

  test("title, nickname, countdown, playing, paused", async ({ player }, testInfo) => {
    const { page } = player;
    for (const name of ["Grace", "Edsger", "Barbara", "Donald"]) {
      await player.server.ticket(name);
    }
    await player.open();
    await player.waitForCountdown();
    // By then the demo has shot a few invaders, which looks better.
    await page.waitForTimeout(4000);
    await takeScreenshot(page, "title", testInfo);
    await page.keyboard.press("Space");
    await expect(page.locator("#nickname-dialog")).toBeVisible();
    await takeScreenshot(page, "nickname", testInfo);
    await page.locator("#nickname-input").fill("Ada");
    await page.keyboard.press("Enter");
    await player.waitForScreen("playing");
    await player.waitForNumber("tick", 70);
    await takeScreenshot(page, "countdown", testInfo);
    await player.waitForCountdown();
    await page.keyboard.down("Space");
    await page.keyboard.down("ArrowRight");
    await player.waitForNumber("shots", 2);
    await page.keyboard.up("ArrowRight");
    await page.keyboard.down("ArrowLeft");
    await player.waitForNumber("shots", 7);
    await takeScreenshot(page, "playing", testInfo);
    await page.keyboard.press("KeyP");
    await player.waitForScreen("paused");
    await takeScreenshot(page, "paused", testInfo);
    await page.keyboard.press("KeyO");
    await expect(page.locator("#settings-dialog")).toBeVisible();
    await takeScreenshot(page, "settings", testInfo);
  });

  test("the tuning panel", async ({ player }, testInfo) => {
    await player.page.goto(`${player.server.url}/?tune`);
    await player.waitForScreen("playing");
    await player.waitForCountdown();
    await player.waitForNumber("score", 80);
    await takeScreenshot(player.page, "tuning", testInfo);
  });
});

test.describe("projector", () => {
  test.use({ tuning: arcade({ mystery_seconds: 3 }), viewport: { width: 1920, height: 1080 } });

  test("playing and watching", async ({ player, context }, testInfo) => {
    const { page } = player;
    await player.open();
    await player.start("Ada");
    await player.waitForCountdown();
    await page.keyboard.down("Space");
    await player.waitForNumber("shots", 6);
    await takeScreenshot(page, "projector", testInfo);
    await player.waitForNumber("tick", 900);
    await expect.poll(async () => (await player.game()).tick).toBeGreaterThan(800);
    const watcher = await context.newPage();
    await watcher.setViewportSize({ width: 1280, height: 720 });
    await watcher.goto(`${player.server.url}/?watch=${await player.body.getAttribute("data-game")}`);
    const tick = async () => Number(await watcher.locator("body").getAttribute("data-tick"));
    await expect.poll(tick, { timeout: 60_000 }).toBeGreaterThan(500);
    await takeScreenshot(watcher, "watching", testInfo);
  });
});

test.describe("game over", () => {
  // Games that end quickly.
  test.use({ tuning: arcade({ bombing: '"random"', bomb_rate: 5, shields: 0, respawn_seconds: 0 }) });

  test("with a rank", async ({ player }, testInfo) => {
    await player.open();
    await player.start("Ada");
    await player.page.keyboard.down("Space");
    await player.waitForScreen("over", 120_000);
    await player.page.keyboard.up("Space");
    await expect(player.body).toHaveAttribute("data-verdict", "verified");
    await expect(player.body).toHaveAttribute("data-rank", "1");
    await player.waitForFrame();
    await takeScreenshot(player.page, "over", testInfo);
  });
});

test.describe("phone", () => {
  test.use({
    tuning: arcade({ mystery_seconds: 3 }),
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
    viewport: { width: 390, height: 844 },
  });

  test("playing in portrait orientation", async ({ player }, testInfo) => {
    await player.open();
    await player.page.locator("#playfield").tap();
    await player.page.locator("#nickname-input").fill("Thumbs");
    await player.page.locator("#nickname-form button").tap();
    await player.waitForScreen("playing");
    await player.waitForCountdown();
    await player.page.keyboard.down("Space");
    await player.waitForNumber("shots", 4);
    await takeScreenshot(player.page, "phone", testInfo);
  });
});

test.describe("scoreboard", () => {
  const NAMES = [
    "Grace",
    "Edsger",
    "Ada",
    "Barbara",
    "Donald",
    "愛",
    "Łukasz",
    "Katherine",
    "👾 Zork",
    "Alan",
    "Radia",
  ];

  test("on a projector and on a phone", async ({ page, server }, testInfo) => {
    for (const name of NAMES) {
      await server.ticket(name);
    }
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.goto(`${server.url}/scoreboard.html`);
    await expect(page.locator("tbody tr")).toHaveCount(NAMES.length);
    await takeScreenshot(page, "scoreboard", testInfo);
    await page.setViewportSize({ width: 390, height: 844 });
    await takeScreenshot(page, "scoreboard-phone", testInfo);
  });
});
