// Frame times through the first level of a preset.

import { millis, percentile, replaceParameters, startGame, withPage } from "./setup.mjs";

/** @import { Page } from "@playwright/test" */
/** @import { Condition } from "./setup.mjs" */

/**
 * Presets whose first level is played until it is cleared, with changed parameters: more rockets, which take longer to draw,
 * and bombs that are too slow to end the game earlier.
 */
export const PRESETS = {
  arcade: "bomb_min_velocity = 1\ninvader_drop_distance = 2\nrockets_at_once = 4\nrocket_max_fire_rate = 4\n",
  classic: "bomb_min_velocity = 1\ninvader_drop_distance = 2\nrocket_max_fire_rate = 4\n",
};
/** How long the ship moves in one direction, in milliseconds. */
const SWEEP = 2500;
/** A level that is not cleared within this time is measured up to here, in milliseconds. */
const LEVEL_TIMEOUT = 60_000;

/**
 * Records the duration of each frame from now on, and each second how far the sound's clock is behind the page's.
 * @param {Page} page
 */
export function recordFrames(page) {
  return page.evaluate(() => {
    window.frameTimes = [];
    window.audioLags = [];
    let previous = performance.now();
    let measured = 0;
    const recordFrame = (/** @type {number} */ now) => {
      window.frameTimes.push(now - previous);
      previous = now;
      const audio = window.audio[0];
      if (audio?.state === "running" && now - measured > 1000) {
        measured = now;
        window.audioLags.push(now - audio.currentTime * 1000);
      }
      requestAnimationFrame(recordFrame);
    };
    requestAnimationFrame(recordFrame);
  });
}

/**
 * Fires and moves the ship to and fro until `isDone` returns true.
 * @param {Page} page
 * @param {() => Promise<boolean>} isDone
 */
export async function play(page, isDone) {
  await page.keyboard.down("Space");
  for (let sweep = 0; !(await isDone()); sweep++) {
    const key = sweep % 2 === 0 ? "ArrowLeft" : "ArrowRight";
    await page.keyboard.down(key);
    await page.waitForTimeout(SWEEP);
    await page.keyboard.up(key);
  }
  await page.keyboard.up("Space");
}

/**
 * The figures of the frames that the page has recorded.
 * @param {Page} page
 */
export async function frameFigures(page) {
  const frames = (await page.evaluate(() => window.frameTimes)).slice(1);
  const total = frames.reduce((sum, time) => sum + time, 0);
  return {
    "time played": `${(total / 1000).toFixed(0)} s`,
    "frames a second": ((frames.length * 1000) / total).toFixed(1),
    "frame time p50": millis(percentile(frames, 50)),
    "frame time p95": millis(percentile(frames, 95)),
    "frame time p99": millis(percentile(frames, 99)),
    "longest frame of the first second, with the first shot": millis(Math.max(...frames.slice(0, 60))),
    "longest frame": millis(percentile(frames, 100)),
  };
}

/**
 * Plays the first level of a preset, at most for a minute.
 * @param {keyof PRESETS} preset
 * @param {string} web
 * @param {Condition} condition
 */
export function measureFrames(preset, web, condition) {
  const tuning = replaceParameters(preset, PRESETS[preset]);
  return withPage({ web, tuning, condition }, async ({ server, page }) => {
    await startGame(page, server.url);
    await recordFrames(page);
    const end = Date.now() + LEVEL_TIMEOUT;
    const level = () => page.locator("body").getAttribute("data-level");
    await play(page, async () => (await level()) !== "1" || Date.now() > end);
    return frameFigures(page);
  });
}
