// What the measurements share: builds, presets, conditions, a browser with a page of a game, and the table of results.

import { chromium } from "@playwright/test";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { launchOptions, recordAudioContexts } from "../browser.mjs";
import { Server, WEB } from "../server.mjs";

/** @import { Browser, CDPSession, Page } from "@playwright/test" */

/**
 * The folders with the pages to measure. ALIEN_BEFORE adds those of an earlier build, measured in turn with the current one.
 * @type {Record<string, string>}
 */
export const BUILDS = process.env.ALIEN_BEFORE ? { before: process.env.ALIEN_BEFORE, now: WEB } : { now: WEB };

/**
 * A condition under which a page is measured: how many times slower the processor is, and the rate of the link.
 * @typedef {{ cpu?: number, bytesPerSecond?: number }} Condition
 */

/** @type {Record<string, Condition>} */
export const CONDITIONS = {
  "this machine": {},
  "processor 6 times slower": { cpu: 6 },
  "5 Mbit/s shared by 50": { bytesPerSecond: 5e6 / 8 / 50 },
};

/**
 * A preset as TOML with some parameters replaced.
 * @param {string} preset
 * @param {string} changes lines of TOML
 */
export function replaceParameters(preset, changes) {
  const text = readFileSync(join(import.meta.dirname, `../../presets/${preset}.toml`), "utf8");
  const names = changes.split("\n").map((line) => line.split(" ")[0]);
  const kept = text.split("\n").filter((line) => !names.some((name) => name && line.startsWith(`${name} = `)));
  return `${kept.join("\n")}\n${changes}`;
}

/**
 * Starts a server and a browser for a measurement, and closes both after it.
 * @template T
 * @param {{ web: string, tuning: string, condition?: Condition }} setup
 * @param {(parts: { server: Server, page: Page, session: CDPSession }) => Promise<T>} measure
 * @returns {Promise<T>}
 */
export async function withPage({ web, tuning, condition = {} }, measure) {
  const server = await Server.start(tuning, [], web);
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await recordAudioContexts(page);
    await warmUp(browser);
    // So that the page has its process, which the condition then applies to.
    await page.goto(`${server.url}/healthz`);
    // One session for all, because a second one would lift the conditions of the first.
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await impose(session, condition);
    return await measure({ server, page, session });
  } finally {
    await browser.close();
    await server.remove();
  }
}

/**
 * Has the browser start its process for graphics, which a player's browser has running.
 * @param {Browser} browser
 */
async function warmUp(browser) {
  const page = await browser.newPage();
  await page.evaluate(() => document.createElement("canvas").getContext("webgl2")?.finish());
  await page.close();
}

/**
 * @param {CDPSession} session
 * @param {Condition} condition
 */
async function impose(session, { cpu, bytesPerSecond }) {
  if (cpu !== undefined) {
    await session.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  }
  if (bytesPerSecond !== undefined) {
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 20,
      downloadThroughput: bytesPerSecond,
      uploadThroughput: bytesPerSecond,
    });
  }
}

/**
 * Opens the game and starts one as a new player.
 * @param {Page} page
 * @param {string} url
 */
export async function startGame(page, url) {
  await page.goto(url);
  await page.waitForSelector('body[data-screen="title"]', { timeout: 60_000 });
  await page.keyboard.press("Space");
  await page.locator("#nickname-input").fill("Figures");
  await page.keyboard.press("Enter");
  await page.waitForSelector('body[data-phase="playing"]', { timeout: 60_000 });
}

/**
 * The value that a share of the values does not exceed.
 * @param {number[]} values
 * @param {number} percent
 */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(((sorted.length - 1) * percent) / 100)] ?? NaN;
}

/** @param {number} time milliseconds */
export function millis(time) {
  return `${time.toFixed(1)} ms`;
}

/**
 * Prints a table in Markdown, with a column for each build.
 * @param {string} title
 * @param {Record<string, Record<string, string>>} columns the figures of each build by their names
 */
export function printTable(title, columns) {
  const builds = Object.keys(columns);
  const rows = Object.keys(columns[builds[0] ?? ""] ?? {});
  const environment = `${cpus().length} cores, software GL, 1280x720, ${new Date().toISOString().slice(0, 10)}`;
  console.log(`\n${title} (${environment})\n\n| | ${builds.join(" | ")} |\n|---|${"---|".repeat(builds.length)}`);
  rows.forEach((row) => console.log(`| ${row} | ${builds.map((build) => columns[build]?.[row]).join(" | ")} |`));
}

/**
 * Measures each build in turn, and prints the results side by side.
 * @param {string} title
 * @param {(web: string) => Promise<Record<string, string>>} measure
 */
export async function compareBuilds(title, measure) {
  /** @type {Record<string, Record<string, string>>} */
  const columns = {};
  for (const [build, web] of Object.entries(BUILDS)) {
    columns[build] = await measure(web);
  }
  printTable(title, columns);
}
