// Measures what a player waits for: the download, the time to the first playable frame, and frame times while playing.

import { chromium } from "@playwright/test";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { launchOptions } from "./browser.mjs";
import { Server } from "./server.mjs";

/** How long frames are timed, in milliseconds. */
const PLAY = 20_000;
/** Presets, each with something to see and nothing to end the game. */
const PRESETS = { arcade: "bomb_min_velocity = 1\n", classic: "bomb_rate = 0.3\ninvader_drop_distance = 0\n" };

function tuning(preset, changes) {
  const text = readFileSync(join(import.meta.dirname, `../presets/${preset}.toml`), "utf8");
  const names = changes.split("\n").map((line) => line.split(" ")[0]);
  const kept = text.split("\n").filter((line) => !names.some((name) => name && line.startsWith(`${name} = `)));
  return `${kept.join("\n")}\n${changes}`;
}

/** The times between frames while the page plays, in milliseconds, shortest first. */
async function frameTimes(page) {
  const frames = await page.evaluate(
    (play) =>
      new Promise((done) => {
        const times = [];
        const start = performance.now();
        let last = start;
        const frame = (now) => {
          times.push(now - last);
          last = now;
          now - start < play ? requestAnimationFrame(frame) : done(times.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    PLAY,
  );
  return frames.sort((a, b) => a - b);
}

async function measure(preset, changes) {
  const server = await Server.start(tuning(preset, changes));
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    let download = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => (download += encodedDataLength));

    await page.goto(server.url);
    await page.waitForSelector('body[data-screen="title"]', { timeout: 60_000 });
    const playable = await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => done(performance.now()))),
    );

    await page.keyboard.press("Space");
    await page.locator("#nickname-input").fill("Figures");
    await page.keyboard.press("Enter");
    await page.waitForSelector('body[data-phase="playing"]', { timeout: 30_000 });
    await page.keyboard.down("Space");
    const frames = await frameTimes(page);
    const at = (percent) => `${frames[Math.floor(((frames.length - 1) * percent) / 100)].toFixed(1)} ms`;
    const where = `Chromium ${browser.version()}, software GL, ${cpus().length} cores, 1280x720`;
    console.log(`\n| preset ${preset} | ${where}, ${new Date().toISOString().slice(0, 10)} |\n|---|---|`);
    for (const [what, figure] of [
      ["download, compressed", `${(download / 1e6).toFixed(2)} MB`],
      ["navigation to first playable frame, cold cache", `${(playable / 1000).toFixed(2)} s`],
      ["frames a second", ((frames.length * 1000) / PLAY).toFixed(1)],
      ["frame time p50", at(50)],
      ["frame time p95", at(95)],
      ["frame time p99", at(99)],
      ["longest frame", at(100)],
    ]) {
      console.log(`| ${what} | ${figure} |`);
    }
  } finally {
    await browser.close();
    await server.remove();
  }
}

for (const [preset, changes] of Object.entries(PRESETS)) {
  await measure(preset, changes);
}
