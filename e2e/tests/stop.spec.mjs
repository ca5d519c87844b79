// What ends or interrupts the drawing: a lost WebGL context, a panic of the game, and an exception of the browser.

import { HARMLESS, expect, expectAccessible, takeScreenshot, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS, errorsExpected: true });

/**
 * The number of colours on the canvas in the next frame.
 * @param {import("@playwright/test").Page} page
 */
async function countColours(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) =>
        // Requested within a frame, so that it runs after the game has drawn.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("playfield"));
            const gl = canvas.getContext("webgl2");
            const pixels = new Uint8Array(canvas.width * canvas.height * 4);
            gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
            resolve(new Set(new Uint32Array(pixels.buffer)).size);
          }),
        ),
      ),
  );
}

test("a lost WebGL context pauses the game, and the game draws on when the context is restored", async ({
  player,
}, testInfo) => {
  const { page } = player;
  await player.open();
  await player.start("Ada");
  await player.waitForCountdown();
  const lostContext = await page.evaluateHandle(() => {
    const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("playfield"));
    const extension = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
    extension.loseContext();
    return extension;
  });
  await player.waitForScreen("paused");
  const notice = page.locator("#graphics-lost");
  await expect(notice).toBeVisible();
  await expect(notice).toContainText("The browser has stopped drawing the game.");
  await expectAccessible(page, "lost context");
  await takeScreenshot(page, "graphics-lost", testInfo);
  await lostContext.evaluate((extension) => extension.restoreContext());
  await expect(notice).toBeHidden();
  expect(await countColours(page)).toBeGreaterThan(3);
  await page.keyboard.press("KeyP");
  await player.waitForScreen("playing");
  await player.waitForTicks(30);
});

/** Faults of the browser that end a frame of the game. */
const FAULTS = {
  "a panic of the game": {
    reason: "cannot convert float seconds to Duration",
    cause: () => {
      const original = window.requestAnimationFrame.bind(window);
      // No time that a frame can have.
      window.requestAnimationFrame = (callback) => original(() => callback(Infinity));
    },
  },
  "an exception of the browser": {
    reason: "out of order",
    cause: () => {
      WebGL2RenderingContext.prototype.drawArraysInstanced = () => {
        throw new Error("out of order");
      };
    },
  },
};

for (const [fault, { reason, cause }] of Object.entries(FAULTS)) {
  test(`${fault} stops the game with words, tells the server, and offers to reload`, async ({ player }, testInfo) => {
    const { page } = player;
    await player.open();
    await player.start("Ada");
    await player.waitForCountdown();
    const told = page.waitForRequest(
      (request) => request.url().endsWith("/events") && (request.postData() ?? "").includes(reason),
    );
    await page.evaluate(cause);
    const trouble = page.locator("#trouble-text");
    await expect(trouble).toContainText("The game has stopped. Reload the page to play again.");
    await expect(trouble).toContainText(reason);
    expect((await (await told).response())?.status()).toBe(200);
    await takeScreenshot(page, `stopped by ${fault}`, testInfo);
    await page.getByRole("button", { name: "Reload the page" }).click();
    await player.waitForScreen("title");
    await expect(page.locator("#trouble")).toBeHidden();
  });
}
