// Measures what a player waits for and sees: the download, the time to the first playable frame, frame times through a
// whole level, and whether frames and sound hold for five minutes.

import { chromium } from "@playwright/test";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { launchOptions } from "./browser.mjs";
import { Server } from "./server.mjs";

const MINUTE = 60_000;
/** Presets whose first level is played until it is cleared: by more rockets than usual, which are more to draw, and
 *  under bombs that fall too slowly to end the game before. */
const PRESETS = {
  arcade: "bomb_min_velocity = 1\ninvader_drop_distance = 2\nrockets_at_once = 4\nrocket_max_fire_rate = 4\n",
  classic: "bomb_min_velocity = 1\ninvader_drop_distance = 2\nrocket_max_fire_rate = 4\n",
};
/** A game that does not end: shots, bombs, sparks and sounds for as long as is measured. */
const ENDLESS = "invader_drop_distance = 0\nwave_heights = [120]\nextra_life_score = 0\nbomb_min_velocity = 1\n";
/** The ship goes to and fro, changing its way this often, in milliseconds. */
const SWEEP = 2500;

function tuning(preset, changes) {
  const text = readFileSync(join(import.meta.dirname, `../presets/${preset}.toml`), "utf8");
  const names = changes.split("\n").map((line) => line.split(" ")[0]);
  const kept = text.split("\n").filter((line) => !names.some((name) => name && line.startsWith(`${name} = `)));
  return `${kept.join("\n")}\n${changes}`;
}

/** Notes the time of each frame from now on, and each second how far the sound's clock is behind. */
function watchFrames(page) {
  return page.evaluate(() => {
    window.frames = [];
    window.lags = [];
    let [last, looked] = [performance.now(), 0];
    const frame = (now) => {
      window.frames.push(now - last);
      last = now;
      const audio = window.audio?.[0];
      if (audio?.state === "running" && now - looked > 1000) {
        looked = now;
        window.lags.push(now - audio.currentTime * 1000);
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

/** Fires and goes to and fro until it is time to stop. */
async function play(page, stop) {
  await page.keyboard.down("Space");
  for (let way = 0; !(await stop()); way++) {
    const key = way % 2 === 0 ? "ArrowLeft" : "ArrowRight";
    await page.keyboard.down(key);
    await page.waitForTimeout(SWEEP);
    await page.keyboard.up(key);
  }
  await page.keyboard.up("Space");
}

async function open(preset, changes) {
  const server = await Server.start(tuning(preset, changes));
  const browser = await chromium.launch(launchOptions);
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.addInitScript(() => {
    window.audio = [];
    window.AudioContext = class extends AudioContext {
      constructor() {
        super();
        window.audio.push(this);
      }
    };
  });
  const close = async () => {
    await browser.close();
    await server.remove();
  };
  return { server, browser, page, close };
}

async function start(page) {
  await page.keyboard.press("Space");
  await page.locator("#nickname-input").fill("Figures");
  await page.keyboard.press("Enter");
  await page.waitForSelector('body[data-phase="playing"]', { timeout: 30_000 });
}

function print(title, browser, rows) {
  const where = `Chromium ${browser.version()}, software GL, ${cpus().length} cores, 1280x720`;
  console.log(`\n| ${title} | ${where}, ${new Date().toISOString().slice(0, 10)} |\n|---|---|`);
  rows.forEach(([what, figure]) => console.log(`| ${what} | ${figure} |`));
}

/** What the frames took, once the page has noted them. */
async function frameFigures(page) {
  const frames = (await page.evaluate(() => window.frames)).slice(1);
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (percent) => `${sorted[Math.floor(((sorted.length - 1) * percent) / 100)].toFixed(1)} ms`;
  const total = frames.reduce((sum, time) => sum + time, 0);
  return [
    ["time played", `${(total / 1000).toFixed(0)} s`],
    ["frames a second", ((frames.length * 1000) / total).toFixed(1)],
    ["frame time p50", at(50)],
    ["frame time p95", at(95)],
    ["frame time p99", at(99)],
    ["longest frame of the first second, with the first shot", `${Math.max(...frames.slice(0, 60)).toFixed(1)} ms`],
    ["longest frame", at(100)],
  ];
}

/** From the address to the end of the first level. */
async function measureLevel(preset, changes) {
  const { server, browser, page, close } = await open(preset, changes);
  try {
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    let download = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => (download += encodedDataLength));

    await page.goto(server.url);
    await page.waitForSelector('body[data-screen="title"]', { timeout: MINUTE });
    const playable = await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => done(performance.now()))),
    );
    await start(page);
    await watchFrames(page);
    const until = Date.now() + 3 * MINUTE;
    const cleared = async () => (await page.locator("body").getAttribute("data-level")) !== "1" || Date.now() > until;
    await play(page, cleared);
    const level = await page.locator("body").getAttribute("data-level");
    print(`preset ${preset}, level 1 ${level === "1" ? "for 3 minutes" : "whole"}`, browser, [
      ["download, compressed", `${(download / 1e6).toFixed(2)} MB`],
      ["navigation to first playable frame, cold cache", `${(playable / 1000).toFixed(2)} s`],
      ...(await frameFigures(page)),
    ]);
  } finally {
    await close();
  }
}

/** Five minutes of play: frames, sound and memory. */
async function measureEndurance() {
  const { server, browser, page, close } = await open("arcade", ENDLESS);
  try {
    const session = await page.context().newCDPSession(page);
    const heap = async () => {
      await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      return `${(usedSize / 1e6).toFixed(1)} MB`;
    };
    await page.goto(server.url);
    await page.waitForSelector('body[data-screen="title"]', { timeout: MINUTE });
    await start(page);
    const before = await heap();
    await watchFrames(page);
    const until = Date.now() + 5 * MINUTE;
    await play(page, async () => Date.now() > until);
    const lags = await page.evaluate(() => window.lags);
    const stats = await page.evaluate(() => window.audio[0]?.playbackStats?.toJSON?.() ?? null);
    print("preset arcade, five minutes", browser, [
      ...(await frameFigures(page)),
      ["score", await page.locator("body").getAttribute("data-score")],
      ["the sound's clock against the page's, widest", `${(Math.max(...lags) - Math.min(...lags)).toFixed(0)} ms`],
      ["sound that came too late", stats === null ? "not told" : `${(stats.underrunDuration * 1000).toFixed(0)} ms`],
      ["JavaScript's heap, before and after", `${before}, ${await heap()}`],
    ]);
  } finally {
    await close();
  }
}

for (const [preset, changes] of Object.entries(PRESETS)) {
  await measureLevel(preset, changes);
}
await measureEndurance();
