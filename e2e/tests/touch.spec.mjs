// A phone in portrait orientation, controlled by touch.

import { FIRE, HARMLESS, LEFT, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS, hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

/** Holds a finger on an element while an action runs. */
async function hold(page, selector, action) {
  const box = await page.locator(selector).boundingBox();
  const session = await page.context().newCDPSession(page);
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  await action();
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

test("taps start a game, and the touch controls steer, fire and pause", async ({ player }) => {
  const { page } = player;
  await player.open();
  await page.locator("#playfield").tap();
  await page.locator("#nickname-input").fill("Thumbs");
  await page.locator("#nickname-form button").tap();
  await player.waitForScreen("playing");
  await player.waitForCountdown();

  for (const button of ["#left", "#right", "#fire"]) {
    const box = await page.locator(button).boundingBox();
    expect(Math.min(box.width, box.height), `${button} is large enough for a thumb`).toBeGreaterThanOrEqual(48);
  }
  await hold(page, "#fire", () => player.waitForNumber("shots", 3));
  await hold(page, "#left", () => player.waitForTicks(60));

  await page.locator("#pause").tap();
  await player.waitForScreen("paused");
  await page.locator("#pause").tap();
  await player.waitForScreen("playing");

  // The server's log contains the buttons in this order.
  await expect.poll(async () => (await player.game()).tick).toBeGreaterThan(240);
  const held = (await player.serverRuns()).map(({ buttons }) => buttons);
  expect(held.indexOf(FIRE), "fire was held").toBeGreaterThanOrEqual(0);
  expect(held.indexOf(LEFT), "left was held, after fire").toBeGreaterThan(held.indexOf(FIRE));
});

test("the page neither scrolls nor overflows", async ({ player }) => {
  await player.open();
  const overflow = await player.page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - innerWidth,
    high: document.documentElement.scrollHeight - innerHeight,
  }));
  expect(overflow).toEqual({ wide: 0, high: 0 });
});
