// The download, and the time from the navigation to the first playable frame.

import { percentile, replaceParameters, withPage } from "./setup.mjs";

/** @import { Page } from "@playwright/test" */
/** @import { Condition } from "./setup.mjs" */

/** Loads of a page in each measurement. The median counts. */
const LOADS = 5;

/**
 * Has each page note the frame after the one that drew the title first.
 * @param {Page} page
 */
function notePlayable(page) {
  return page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (document.body?.dataset.screen === "title") {
        observer.disconnect();
        requestAnimationFrame(() => (window.playable = performance.now()));
      }
    });
    observer.observe(document, { attributes: true, subtree: true, attributeFilter: ["data-screen"] });
  });
}

/**
 * Opens the page and waits for the title. Times are in milliseconds since the navigation.
 * @param {Page} page
 * @param {string} url
 */
async function load(page, url) {
  await page.goto(url, { waitUntil: "commit" });
  await page.waitForFunction(() => window.playable !== undefined, undefined, { timeout: 600_000, polling: 500 });
  return page.evaluate(() => {
    const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN;
    return { playable: window.playable, painted };
  });
}

/**
 * @param {string} web
 * @param {Condition} condition
 */
export async function measureLoad(web, condition) {
  const loads = condition.bytesPerSecond === undefined ? LOADS : 1;
  const results = [];
  for (let i = 0; i < loads; i++) {
    const setup = { web, tuning: replaceParameters("arcade", ""), condition };
    results.push(
      await withPage(setup, async ({ server, page, session }) => {
        await notePlayable(page);
        let download = 0;
        session.on("Network.loadingFinished", ({ encodedDataLength }) => (download += encodedDataLength));
        const { playable, painted } = await load(page, server.url);
        const first = download;
        // The browser compiles for its cache during the second visit.
        await load(page, server.url);
        await page.waitForTimeout(1000);
        const again = await load(page, server.url);
        return { download: first, playable, painted, again: again.playable };
      }),
    );
  }
  const median = (/** @type {(result: (typeof results)[0]) => number} */ read) => percentile(results.map(read), 50);
  const seconds = (/** @type {number} */ time) => `${(time / 1000).toFixed(2)} s`;
  return {
    "download, compressed": `${(median(({ download }) => download) / 1e6).toFixed(3)} MB`,
    "navigation to the first paint": seconds(median(({ painted }) => painted)),
    "navigation to the first playable frame, empty cache": seconds(median(({ playable }) => playable)),
    "the same at the third visit": seconds(median(({ again }) => again)),
  };
}
