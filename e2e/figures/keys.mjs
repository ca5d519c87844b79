// From key to pixel: from the key's event to the frame that shows the ship moving.

import { millis, percentile, replaceParameters, startGame, withPage } from "./setup.mjs";

/** @import { Page } from "@playwright/test" */
/** @import { Condition } from "./setup.mjs" */

/** Nothing moves but the ship. */
const STILL = "invader_drop_distance = 0\nbomb_rate = 0\n";
const PRESSES = 40;

/**
 * Records, for each press of an arrow key, the number of frames until the ship's pixels change, and the time from the event
 * to the end of that frame's drawing.
 * @param {Page} page
 */
function recordKeys(page) {
  return page.evaluate(() => {
    window.keyTimes = [];
    const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("playfield"));
    const gl = /** @type {WebGL2RenderingContext} */ (canvas.getContext("webgl2"));
    // The ship's rows are above the lives at the lower edge: from 14 to 22 of the canvas's 240 pixels.
    const [bottom, rows] = [14, 8].map((pixels) => (pixels * canvas.height) / 240);
    const pixels = new Uint8Array(canvas.width * rows * 4);
    const readShip = () => {
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.readPixels(0, bottom, canvas.width, rows, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      // The stars behind the ship are darker.
      return pixels.findIndex((value, i) => i % 4 === 2 && value > 240);
    };
    let [pressed, frames, ship] = [NaN, 0, readShip()];
    addEventListener("keydown", ({ code, repeat, timeStamp }) => {
      if (code.startsWith("Arrow") && !repeat) {
        [pressed, frames] = [timeStamp, 0];
      }
    });
    // Requested within a frame, so that it runs after the game has drawn.
    const watchFrame = () => {
      frames += 1;
      const now = readShip();
      if (now !== ship && !Number.isNaN(pressed)) {
        window.keyTimes.push({ frames, time: performance.now() - pressed });
        pressed = NaN;
      }
      ship = now;
      requestAnimationFrame(watchFrame);
    };
    requestAnimationFrame(watchFrame);
  });
}

/**
 * @param {string} web
 * @param {Condition} condition
 */
export function measureKeys(web, condition) {
  const tuning = replaceParameters("arcade", STILL);
  return withPage({ web, tuning, condition }, async ({ server, page }) => {
    await startGame(page, server.url);
    await recordKeys(page);
    for (let press = 0; press < PRESSES; press++) {
      const key = press % 2 === 0 ? "ArrowLeft" : "ArrowRight";
      await page.keyboard.down(key);
      // Not a multiple of a frame, so that the presses spread over it.
      await page.waitForTimeout(131);
      await page.keyboard.up(key);
      await page.waitForTimeout(73);
    }
    const times = await page.evaluate(() => window.keyTimes);
    const frames = times.map(({ frames }) => frames);
    return {
      "presses seen": `${times.length} of ${PRESSES}`,
      "key to the frame that shows it, median": `${percentile(frames, 50)} frame, ${millis(
        percentile(
          times.map(({ time }) => time),
          50,
        ),
      )}`,
      "the same, largest": `${percentile(frames, 100)} frame(s), ${millis(
        percentile(
          times.map(({ time }) => time),
          100,
        ),
      )}`,
    };
  });
}
