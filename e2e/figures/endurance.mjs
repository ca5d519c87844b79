// Frames, sound and memory over five minutes of play.

import { frameFigures, play, recordFrames } from "./frames.mjs";
import { replaceParameters, startGame, withPage } from "./setup.mjs";

/** Parameters of a game that does not end, with shots, bombs, sparks and sounds throughout the measurement. */
const ENDLESS = "invader_drop_distance = 0\nwave_heights = [120]\nextra_life_score = 0\nbomb_min_velocity = 1\n";
/** In milliseconds. */
const DURATION = 5 * 60_000;

/** @param {string} web */
export function measureEndurance(web) {
  return withPage({ web, tuning: replaceParameters("arcade", ENDLESS) }, async ({ server, page, session }) => {
    const measureHeap = async () => {
      await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      return `${(usedSize / 1e6).toFixed(1)} MB`;
    };
    await startGame(page, server.url);
    const heapBefore = await measureHeap();
    await recordFrames(page);
    const end = Date.now() + DURATION;
    await play(page, async () => Date.now() > end);
    const lags = await page.evaluate(() => window.audioLags);
    // Only some browsers have playback statistics.
    const stats = await page.evaluate(() => /** @type {any} */ (window.audio[0])?.playbackStats?.toJSON?.() ?? null);
    return {
      ...(await frameFigures(page)),
      score: (await page.locator("body").getAttribute("data-score")) ?? "",
      "drift between the sound's clock and the page's": `${(Math.max(...lags) - Math.min(...lags)).toFixed(0)} ms`,
      "sound underruns": stats === null ? "unknown" : `${(stats.underrunDuration * 1000).toFixed(0)} ms`,
      "JavaScript heap, before and after": `${heapBefore}, ${await measureHeap()}`,
    };
  });
}
