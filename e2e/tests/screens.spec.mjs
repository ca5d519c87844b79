// A picture of each screen, for a person to look at. UPDATE_SCREENS=1 keeps them in docs/screens.

import { join } from "node:path";
import { arcade, expect, test } from "./fixture.mjs";

const KEPT = join(import.meta.dirname, "../../docs/screens");

async function picture(page, name, testInfo) {
  const path = process.env.UPDATE_SCREENS ? join(KEPT, `${name}.png`) : testInfo.outputPath(`${name}.png`);
  await page.screenshot({ path });
}

test.describe("laptop", () => {
  // The mystery ship comes sooner, to be in the picture.
  test.use({ tuning: arcade({ mystery_seconds: 3 }) });

  test("title, nickname, countdown, playing, paused", async ({ player }, testInfo) => {
    const { page } = player;
    for (const name of ["Grace", "Edsger", "Barbara", "Donald"]) {
      await player.server.ticket(name);
    }
    await player.open();
    await player.countdown();
    // For the looks alone: by then the demo has shot a few invaders.
    await page.waitForTimeout(4000);
    await picture(page, "title", testInfo);
    await page.keyboard.press("Space");
    await expect(page.locator("#nickname-dialog")).toBeVisible();
    await picture(page, "nickname", testInfo);
    await page.locator("#nickname-input").fill("Ada");
    await page.keyboard.press("Enter");
    await player.screen("playing");
    await player.reaches("tick", 70);
    await picture(page, "countdown", testInfo);
    await player.countdown();
    await page.keyboard.down("Space");
    await page.keyboard.down("ArrowRight");
    await player.reaches("shots", 2);
    await page.keyboard.up("ArrowRight");
    await page.keyboard.down("ArrowLeft");
    await player.reaches("shots", 7);
    await picture(page, "playing", testInfo);
    await page.keyboard.press("KeyP");
    await player.screen("paused");
    await picture(page, "paused", testInfo);
    await page.keyboard.press("KeyO");
    await expect(page.locator("#settings-dialog")).toBeVisible();
    await picture(page, "settings", testInfo);
  });

  test("the tuning panel", async ({ player }, testInfo) => {
    await player.page.goto(`${player.server.url}/?tune`);
    await player.screen("playing");
    await player.countdown();
    await player.reaches("score", 80);
    await picture(player.page, "tuning", testInfo);
  });
});

test.describe("projector", () => {
  test.use({ tuning: arcade({ mystery_seconds: 3 }), viewport: { width: 1920, height: 1080 } });

  test("playing, then watched", async ({ player, context }, testInfo) => {
    const { page } = player;
    await player.open();
    await player.start("Ada");
    await player.countdown();
    await page.keyboard.down("Space");
    await player.reaches("shots", 6);
    await picture(page, "projector", testInfo);
    await player.reaches("tick", 900);
    await expect.poll(async () => (await player.game()).tick).toBeGreaterThan(800);
    const watcher = await context.newPage();
    await watcher.setViewportSize({ width: 1280, height: 720 });
    await watcher.goto(`${player.server.url}/?watch=${await player.body.getAttribute("data-game")}`);
    const tick = async () => Number(await watcher.locator("body").getAttribute("data-tick"));
    await expect.poll(tick, { timeout: 60_000 }).toBeGreaterThan(500);
    await picture(watcher, "watching", testInfo);
  });
});

test.describe("over", () => {
  // No time to lose.
  test.use({ tuning: arcade({ bombing: '"random"', bomb_rate: 1, shields: 0, respawn_seconds: 0 }) });

  test("game over", async ({ player }, testInfo) => {
    await player.open();
    await player.start("Ada");
    await player.page.keyboard.down("Space");
    await player.screen("over", 120_000);
    await player.page.keyboard.up("Space");
    await expect(player.body).toHaveAttribute("data-verdict", "verified");
    await expect(player.body).toHaveAttribute("data-rank", "1");
    await player.nextFrame();
    await picture(player.page, "over", testInfo);
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

  test("playing upright", async ({ player }, testInfo) => {
    await player.open();
    await player.page.locator("#playfield").tap();
    await player.page.locator("#nickname-input").fill("Thumbs");
    await player.page.locator("#nickname-form button").tap();
    await player.screen("playing");
    await player.countdown();
    await player.page.keyboard.down("Space");
    await player.reaches("shots", 4);
    await picture(player.page, "phone", testInfo);
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

  const fill = async (server) => {
    for (const name of NAMES) {
      await server.ticket(name);
    }
  };

  test("on a projector and on a phone", async ({ page, server }, testInfo) => {
    await fill(server);
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.goto(`${server.url}/scoreboard.html`);
    await expect(page.locator("tbody tr")).toHaveCount(NAMES.length);
    await picture(page, "scoreboard", testInfo);
    await page.setViewportSize({ width: 390, height: 844 });
    await picture(page, "scoreboard-phone", testInfo);
  });
});
