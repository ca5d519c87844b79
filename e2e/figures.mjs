// Measures the game in a browser: the download, the time to the first playable frame, the frame times of a whole level, and
// whether frames and sound stay steady for five minutes.

import { chromium } from "@playwright/test";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { launchOptions, recordAudioContexts } from "./browser.mjs";
import { Server } from "./server.mjs";

/** @import { Browser, Page } from "@playwright/test" */

const MINUTE = 60_000;
/**
 * Presets whose first level is played until it is cleared, with changed parameters: more rockets, which take longer to draw,
 * and bombs that are too slow to end the game earlier.
 */
const PRESETS = {
  arcade: "bomb_min_velocity = 1\ninvader_drop_distance = 2\nrockets_at_once = 4\nrocket_max_fire_rate = 4\n",
  classic: "bomb_min_velocity = 1\ninvader_drop_distance = 2\nrocket_max_fire_rate = 4\n",
};
/** Parameters of a game that does not end, with shots, bombs, sparks and sounds throughout the measurement. */
const ENDLESS = "invader_drop_distance = 0\nwave_heights = [120]\nextra_life_score = 0\nbomb_min_velocity = 1\n";
/** How long the ship moves in one direction, in milliseconds. */
const SWEEP = 2500;
/** A level that is not cleared within this time is measured up to here, in milliseconds. */
const LEVEL_TIMEOUT = 3 * MINUTE;
const ENDURANCE = 5 * MINUTE;

/** A preset as TOML with some parameters replaced. */
function replaceParameters(preset, changes) {
  const text = readFileSync(join(import.meta.dirname, `../presets/${preset}.toml`), "utf8");
  const names = changes.split("\n").map((line) => line.split(" ")[0]);
  const kept = text.split("\n").filter((line) => !names.some((name) => name && line.startsWith(`${name} = `)));
  return `${kept.join("\n")}\n${changes}`;
}

/**
 * Records the duration of each frame from now on, and each second how far the sound's clock is behind the page's.
 * @param {Page} page
 */
function recordFrames(page) {
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
async function play(page, isDone) {
  await page.keyboard.down("Space");
  for (let sweep = 0; !(await isDone()); sweep++) {
    const key = sweep % 2 === 0 ? "ArrowLeft" : "ArrowRight";
    await page.keyboard.down(key);
    await page.waitForTimeout(SWEEP);
    await page.keyboard.up(key);
  }
  await page.keyboard.up("Space");
}

/** Starts a server and a browser for a measurement, and closes both after it. */
async function withPage(preset, changes, measure) {
  const server = await Server.start(replaceParameters(preset, changes));
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await recordAudioContexts(page);
    await measure({ server, browser, page });
  } finally {
    await browser.close();
    await server.remove();
  }
}

/** @param {Page} page */
async function startGame(page) {
  await page.keyboard.press("Space");
  await page.locator("#nickname-input").fill("Figures");
  await page.keyboard.press("Enter");
  await page.waitForSelector('body[data-phase="playing"]', { timeout: 30_000 });
}

/**
 * Prints a table in Markdown.
 * @param {string} title
 * @param {Browser} browser
 * @param {string[][]} rows
 */
function printTable(title, browser, rows) {
  const environment = `Chromium ${browser.version()}, software GL, ${cpus().length} cores, 1280x720`;
  console.log(`\n| ${title} | ${environment}, ${new Date().toISOString().slice(0, 10)} |\n|---|---|`);
  rows.forEach(([name, figure]) => console.log(`| ${name} | ${figure} |`));
}

/**
 * The figures of the frames that the page has recorded.
 * @param {Page} page
 */
async function frameFigures(page) {
  const frames = (await page.evaluate(() => window.frameTimes)).slice(1);
  const sorted = frames.toSorted((a, b) => a - b);
  const percentile = (percent) => `${sorted[Math.floor(((sorted.length - 1) * percent) / 100)].toFixed(1)} ms`;
  const total = frames.reduce((sum, time) => sum + time, 0);
  return [
    ["time played", `${(total / 1000).toFixed(0)} s`],
    ["frames per second", ((frames.length * 1000) / total).toFixed(1)],
    ["frame time p50", percentile(50)],
    ["frame time p95", percentile(95)],
    ["frame time p99", percentile(99)],
    ["longest frame of the first second, with the first shot", `${Math.max(...frames.slice(0, 60)).toFixed(1)} ms`],
    ["longest frame", percentile(100)],
  ];
}

/** Measures from the navigation to the end of the first level. */
async function measureLevel(preset, { server, browser, page }) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  let download = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (download += encodedDataLength));

  await page.goto(server.url);
  await page.waitForSelector('body[data-screen="title"]', { timeout: MINUTE });
  const playable = await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now()))),
  );
  await startGame(page);
  await recordFrames(page);
  const end = Date.now() + LEVEL_TIMEOUT;
  const readLevel = () => page.locator("body").getAttribute("data-level");
  await play(page, async () => (await readLevel()) !== "1" || Date.now() > end);
  const extent = (await readLevel()) === "1" ? "for 3 minutes" : "whole";
  printTable(`preset ${preset}, level 1 ${extent}`, browser, [
    ["download, compressed", `${(download / 1e6).toFixed(2)} MB`],
    ["navigation to first playable frame, cold cache", `${(playable / 1000).toFixed(2)} s`],
    ...(await frameFigures(page)),
  ]);
}

/** Measures frames, sound and memory over five minutes of play. */
async function measureEndurance({ server, browser, page }) {
  const session = await page.context().newCDPSession(page);
  const measureHeap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return `${(usedSize / 1e6).toFixed(1)} MB`;
  };
  await page.goto(server.url);
  await page.waitForSelector('body[data-screen="title"]', { timeout: MINUTE });
  await startGame(page);
  const heapBefore = await measureHeap();
  await recordFrames(page);
  const end = Date.now() + ENDURANCE;
  await play(page, async () => Date.now() > end);
  const lags = await page.evaluate(() => window.audioLags);
  // Only some browsers have playback statistics.
  const stats = await page.evaluate(() => /** @type {any} */ (window.audio[0])?.playbackStats?.toJSON?.() ?? null);
  printTable("preset arcade, five minutes", browser, [
    ...(await frameFigures(page)),
    ["score", await page.locator("body").getAttribute("data-score")],
    ["drift between the sound's clock and the page's", `${(Math.max(...lags) - Math.min(...lags)).toFixed(0)} ms`],
    ["sound underruns", stats === null ? "unknown" : `${(stats.underrunDuration * 1000).toFixed(0)} ms`],
    ["JavaScript heap, before and after", `${heapBefore}, ${await measureHeap()}`],
  ]);
}

for (const [preset, changes] of Object.entries(PRESETS)) {
  await withPage(preset, changes, (parts) => measureLevel(preset, parts));
}
await withPage("arcade", ENDLESS, measureEndurance);
