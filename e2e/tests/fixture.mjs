// Fixtures and helpers of the browser tests: a server for each test, a player on the game's page, and a check for errors on
// that page.

import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MANAGER_PASSWORD, Server } from "../server.mjs";

export { expect };

const ROOT = join(import.meta.dirname, "../..");
/** The key under which the pages save the account. */
export const ACCOUNT_KEY = "alien-attack.account";

/** The bits of the buttons in a button log. */
export const LEFT = 1;
export const RIGHT = 2;
export const FIRE = 4;

/** The countdown of a game in ticks. */
const COUNTDOWN_TICKS = 180;

/** A button log of four seconds, as base64: the countdown, then a second of firing. */
export const FOUR_SECONDS = encodeRuns([
  { buttons: 0, ticks: COUNTDOWN_TICKS },
  { buttons: FIRE, ticks: 60 },
]);

/** A button log of six seconds: the countdown, then 90 presses of a single tick, as no hand presses. */
export const SINGLE_TICKS = encodeRuns([
  { buttons: 0, ticks: COUNTDOWN_TICKS },
  ...Array.from({ length: 180 }, (_, tick) => ({ buttons: tick % 2 === 0 ? FIRE : 0, ticks: 1 })),
]);

/** Preset "arcade" with other values for some parameters. */
export function arcade(changes) {
  const preset = readFileSync(join(ROOT, "presets/arcade.toml"), "utf8");
  const replace = (text, [name, value]) => text.replace(new RegExp(`^${name} = .*$`, "m"), `${name} = ${value}`);
  return Object.entries(changes).reduce(replace, preset);
}

/** A tuning whose games are over within seconds: many fast bombs. */
export const DEADLY = 'name = "deadly"\nbomb_rate = 5\nbomb_min_velocity = 200\nbomb_max_velocity = 300\n';
/** A tuning whose games do not end by themselves. */
export const HARMLESS = 'name = "harmless"\nbomb_rate = 0\ninvader_drop_distance = 0\nrocket_max_fire_rate = 1\n';

/**
 * @typedef {{ tuning: string | undefined, flags: string[], server: Server, errorsExpected: boolean, player: Player }} OwnFixtures
 */

export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<OwnFixtures, {}, import("@playwright/test").PlaywrightTestArgs>} */ ({
    tuning: [undefined, { option: true }],
    // Flags of `backend serve`.
    flags: [[], { option: true }],

    server: async ({ tuning, flags }, use) => {
      const server = await Server.start(tuning, flags);
      await use(server);
      await server.remove();
    },

    // Tests that interrupt the network expect errors on the page.
    errorsExpected: [false, { option: true }],

    player: async ({ page, server, errorsExpected }, use) => {
      const errors = collectErrors(page);
      await use(new Player(page, server));
      if (!errorsExpected) {
        expect(errors).toEqual([]);
      }
    },
  }),
);

/**
 * The errors and failed requests of a page from now on.
 * @param {import("@playwright/test").Page} page
 */
function collectErrors(page) {
  /** @type {string[]} */
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("requestfailed", (request) => {
    // Leaving a page aborts its live updates.
    if (new URL(request.url()).pathname !== "/v1/live") {
      errors.push(`${request.url()}: ${request.failure()?.errorText}`);
    }
  });
  return errors;
}

/**
 * Checks that axe finds no serious or critical violation.
 * @param {import("@playwright/test").Page} page
 * @param {string} name the name of the screen, for the message of a failure
 */
export async function expectAccessible(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const lines = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
  expect(lines, name).toEqual([]);
}

/**
 * The hash of the final state of a replay, computed by the rules in the browser.
 * @param {import("@playwright/test").Page} page the page of a game
 * @param {string} replay the replay as JSON
 * @returns {Promise<string>}
 */
export async function hashInBrowser(page, replay) {
  return page.evaluate(async (json) => {
    const { replay_hash } = await import(document.getElementById("loader").dataset.bindings);
    return replay_hash(json);
  }, replay);
}

/**
 * Takes a screenshot for a person to look at. UPDATE_SCREENS=1 saves it in docs/screens.
 * @param {import("@playwright/test").Page} page
 * @param {string} name
 * @param {import("@playwright/test").TestInfo} testInfo
 * @param {import("@playwright/test").PageScreenshotOptions} [options]
 */
export async function takeScreenshot(page, name, testInfo, options = {}) {
  const file = `${name}.png`;
  const path = process.env.UPDATE_SCREENS ? join(ROOT, "docs/screens", file) : testInfo.outputPath(file);
  await page.screenshot({ path, ...options });
}

/**
 * Signs an account in on every page that opens from now on.
 * @param {import("@playwright/test").Page} page
 * @param {unknown} account the tokens from the server
 */
export async function signInOnPages(page, account) {
  const save = ({ key, text }) => localStorage.setItem(key, text);
  await page.addInitScript(save, { key: ACCOUNT_KEY, text: JSON.stringify(account) });
}

/**
 * Saves an account in the storage of the current page.
 * @param {import("@playwright/test").Page} page
 * @param {unknown} account
 */
export async function saveAccount(page, account) {
  await page.evaluate(([key, text]) => localStorage.setItem(key, text), [ACCOUNT_KEY, JSON.stringify(account)]);
}

/**
 * The account in the storage of the current page, or null.
 * @param {import("@playwright/test").Page} page
 */
export async function loadAccount(page) {
  return page.evaluate((key) => JSON.parse(localStorage.getItem(key)), ACCOUNT_KEY);
}

/**
 * Opens the manager's desk and signs in.
 * @param {import("@playwright/test").Page} page
 * @param {Server} server
 */
export async function openDesk(page, server) {
  await page.goto(`${server.url}/manage.html`);
  const form = page.locator("#sign-in");
  await form.getByLabel("Account name").fill("manager");
  await form.getByLabel("Password").fill(MANAGER_PASSWORD);
  await form.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator("#desk")).toBeVisible();
}

/**
 * Opens the big screen of the session that is selected at the desk, as a projector without an account does.
 * @param {import("@playwright/test").Page} desk
 * @param {import("@playwright/test").Page} screen
 */
export async function openBigScreen(desk, screen) {
  const link = desk.locator("#big-screen");
  await expect(link).toHaveAttribute("href", /#viewer=/);
  await screen.goto(await link.evaluate((/** @type {HTMLAnchorElement} */ { href }) => href));
}

/**
 * Focuses an element by pressing a key or button again and again.
 * @param {import("@playwright/test").Page} page
 * @param {string} id
 * @param {() => Promise<void>} press
 * @param {number} [maxPresses]
 */
export async function moveFocusTo(page, id, press, maxPresses = 10) {
  const focusedId = () => page.evaluate(() => document.activeElement.id);
  for (let presses = 0; presses < maxPresses && (await focusedId()) !== id; presses++) {
    await press();
  }
  expect(await focusedId()).toBe(id);
}

/**
 * The button log of runs, as base64.
 * @param {{ buttons: number, ticks: number }[]} runs
 */
function encodeRuns(runs) {
  const bytes = [];
  for (const { buttons, ticks } of runs) {
    let number = (ticks - 1) * 8 + buttons;
    for (; number >= 0x80; number = Math.floor(number / 128)) {
      bytes.push((number % 128) + 0x80);
    }
    bytes.push(number);
  }
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}

/**
 * The runs of a button log: LEB128 numbers, each `(ticks - 1) * 8 + buttons`.
 * @param {string} log base64
 */
export function decodeRuns(log) {
  const runs = [];
  let [number, factor] = [0, 1];
  for (const byte of Buffer.from(log, "base64")) {
    number += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) {
      runs.push({ buttons: number % 8, ticks: Math.floor(number / 8) + 1 });
      [number, factor] = [0, 1];
    }
  }
  return runs;
}

/** A player on the game's page. */
export class Player {
  /**
   * @param {import("@playwright/test").Page} page
   * @param {Server} server
   */
  constructor(page, server) {
    this.page = page;
    this.server = server;
    this.body = page.locator("body");
  }

  async open() {
    await this.page.goto(this.server.url);
    await this.waitForScreen("title");
  }

  /** Opens a session by its join address. */
  async openSession(address) {
    await this.page.goto(address);
    await this.waitForScreen("title");
    await expect(this.body).toHaveAttribute("data-stage", /./);
  }

  /** Leaves the title screen and enters a nickname in the dialog. */
  async enterNickname(nickname) {
    await this.page.keyboard.press("Space");
    await this.page.locator("#nickname-input").fill(nickname);
    await this.page.keyboard.press("Enter");
  }

  /** Starts a game from the title screen. Enters a nickname if the game does not know one. */
  async start(nickname) {
    if (nickname === undefined) {
      await this.page.keyboard.press("Space");
    } else {
      await this.enterNickname(nickname);
    }
    await this.waitForScreen("playing");
    await expect(this.body).toHaveAttribute("data-game", /^[0-9a-f]{16}$/);
  }

  /** Waits until the game is over and verified. */
  async waitForVerdict(timeout = 60_000) {
    await this.waitForScreen("over", timeout);
    await expect(this.body).toHaveAttribute("data-verdict", "verified");
  }

  /** Waits until the countdown is over. */
  async waitForCountdown() {
    await expect(this.body).toHaveAttribute("data-phase", "playing");
  }

  async waitForScreen(name, timeout = 30_000) {
    await expect(this.body).toHaveAttribute("data-screen", name, { timeout });
  }

  /** Waits until the page has drawn its current state. */
  async waitForFrame() {
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  /** The state that the game writes into the data attributes of `body`. */
  async state() {
    return this.body.evaluate((body) => ({ ...body.dataset }));
  }

  /** A number of that state. */
  async number(name) {
    return Number(await this.body.getAttribute(`data-${name}`));
  }

  /** Waits until a number of that state is at least `minimum`. */
  async waitForNumber(name, minimum, timeout = 60_000) {
    await expect.poll(() => this.number(name), { timeout }).toBeGreaterThanOrEqual(minimum);
  }

  /** Waits until the game has played some more ticks. */
  async waitForTicks(ticks) {
    await this.waitForNumber("tick", (await this.number("tick")) + ticks);
  }

  /** Waits until the server has processed the game up to a tick. */
  async waitForServer(tick) {
    await expect.poll(async () => (await this.game()).tick, { timeout: 30_000 }).toBeGreaterThanOrEqual(tick);
  }

  /** The ID of the game on the page. */
  async gameId() {
    return this.body.getAttribute("data-game");
  }

  /** The game on the page as the server knows it. */
  async game() {
    return this.server.get(`/v1/games/${await this.gameId()}`);
  }

  /** The replay of the game on the page, which the server gives to its player without delay. */
  async replay() {
    const token = await this.page.evaluate(() => JSON.parse(localStorage.getItem("alien-attack.player")).player_token);
    return this.server.get(`/v1/games/${await this.gameId()}/replay`, token);
  }

  /** The runs of the game's button log on the server. */
  async serverRuns() {
    return decodeRuns((await this.replay()).log);
  }
}
