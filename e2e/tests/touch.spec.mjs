// A phone held upright, by touch alone.

import { HARMLESS, expect, runs, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS, hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

/** Bits of the button log. */
const [LEFT, FIRE] = [1, 4];

/** Holds a finger on an element while `during` is done. */
async function hold(page, selector, during) {
  const box = await page.locator(selector).boundingBox();
  const session = await page.context().newCDPSession(page);
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  await during();
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

test("taps lead from the title into a game, and thumbs steer, fire and pause", async ({ player, server }) => {
  const { page } = player;
  await player.open();
  await page.locator("#playfield").tap();
  await page.locator("#nickname-input").fill("Thumbs");
  await page.locator("#nickname-form button").tap();
  await player.screen("playing");
  await player.countdown();

  for (const button of ["#left", "#right", "#fire"]) {
    const box = await page.locator(button).boundingBox();
    expect(Math.min(box.width, box.height), `${button} is large enough for a thumb`).toBeGreaterThanOrEqual(48);
  }
  await hold(page, "#fire", () => player.reaches("shots", 3));
  await hold(page, "#left", async () => player.reaches("tick", (await player.number("tick")) + 60));

  await page.locator("#pause").tap();
  await player.screen("paused");
  await page.locator("#pause").tap();
  await player.screen("playing");

  // The buttons that the thumbs pressed are in the server's log, in this order.
  await expect.poll(async () => (await player.game()).tick).toBeGreaterThan(240);
  const { log } = await server.get(`/v1/games/${await player.body.getAttribute("data-game")}/replay`);
  const held = runs(log).map(({ buttons }) => buttons);
  expect(held.indexOf(FIRE), "fire was held").toBeGreaterThanOrEqual(0);
  expect(held.indexOf(LEFT), "left was held, after fire").toBeGreaterThan(held.indexOf(FIRE));
});

test("the page does not scroll or overflow", async ({ player }) => {
  await player.open();
  const overflow = await player.page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - innerWidth,
    high: document.documentElement.scrollHeight - innerHeight,
  }));
  expect(overflow).toEqual({ wide: 0, high: 0 });
});
