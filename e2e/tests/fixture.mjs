// What the tests share: a server for each test, a player at the page, and an eye on everything that goes wrong there.

import { test as base, expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Server } from "../server.mjs";

export { expect };

/** Preset arcade with some of its lines replaced. */
export function arcade(changes) {
  const preset = readFileSync(join(import.meta.dirname, "../../presets/arcade.toml"), "utf8");
  const replace = (text, [name, value]) => text.replace(new RegExp(`^${name} = .*$`, "m"), `${name} = ${value}`);
  return Object.entries(changes).reduce(replace, preset);
}

/** A tuning whose games are over within seconds: a rain of bombs on a slow ship. */
export const DEADLY = 'name = "deadly"\nbomb_rate = 5\nbomb_min_velocity = 200\nbomb_max_velocity = 300\n';
/** A tuning whose games go on for as long as a test likes. */
export const HARMLESS = 'name = "harmless"\nbomb_rate = 0\ninvader_drop_distance = 0\nrocket_max_fire_rate = 1\n';

export const test = base.extend({
  tuning: [undefined, { option: true }],

  server: async ({ tuning }, use) => {
    const server = await Server.start(tuning);
    await use(server);
    await server.remove();
  },

  /** Whether the page may have trouble: a test that cuts the network expects it. */
  troubleExpected: [false, { option: true }],

  player: async ({ page, server, troubleExpected }, use) => {
    const trouble = [];
    page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
    page.on("pageerror", (error) => trouble.push(String(error)));
    page.on("requestfailed", (request) => {
      // A page that is left aborts what it listens to.
      if (new URL(request.url()).pathname !== "/v1/live") {
        trouble.push(`${request.url()}: ${request.failure()?.errorText}`);
      }
    });
    await use(new Player(page, server));
    if (!troubleExpected) {
      expect(trouble).toEqual([]);
    }
  },
});

/** The runs of a button log: LEB128 numbers, each `(ticks - 1) * 8 + buttons`. */
export function runs(log) {
  const found = [];
  let [number, factor] = [0, 1];
  for (const byte of Buffer.from(log, "base64")) {
    number += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) {
      found.push({ buttons: number % 8, ticks: Math.floor(number / 8) + 1 });
      [number, factor] = [0, 1];
    }
  }
  return found;
}

/** Someone at the game's page. */
export class Player {
  constructor(page, server) {
    this.page = page;
    this.server = server;
    this.body = page.locator("body");
  }

  async open() {
    await this.page.goto(this.server.url);
    await this.screen("title");
  }

  /** Starts a game from the title, giving a nickname where it is asked for. */
  async start(nickname) {
    await this.page.keyboard.press("Space");
    if (nickname !== undefined) {
      await this.page.locator("#nickname-input").fill(nickname);
      await this.page.keyboard.press("Enter");
    }
    await this.screen("playing");
    await expect(this.body).toHaveAttribute("data-game", /^[0-9a-f]{16}$/);
  }

  /** Waits until the countdown is over. */
  async countdown() {
    await expect(this.body).toHaveAttribute("data-phase", "playing");
  }

  async screen(name, timeout = 30_000) {
    await expect(this.body).toHaveAttribute("data-screen", name, { timeout });
  }

  /** Waits until what has happened so far is drawn. */
  async nextFrame() {
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await this.page.evaluate(frame);
  }

  /** What the page tells of itself: `body`'s data attributes. */
  async state() {
    return this.body.evaluate((body) => ({ ...body.dataset }));
  }

  async number(name) {
    return Number(await this.body.getAttribute(`data-${name}`));
  }

  /** Waits until the page's number is at least `least`. */
  async reaches(name, least, timeout = 60_000) {
    await expect.poll(() => this.number(name), { timeout }).toBeGreaterThanOrEqual(least);
  }

  /** The game as the server knows it. */
  async game() {
    return this.server.get(`/v1/games/${await this.body.getAttribute("data-game")}`);
  }
}
