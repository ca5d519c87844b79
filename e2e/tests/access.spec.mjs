// Every HTML screen before axe, and whole games by the keyboard alone and by touch alone.

import AxeBuilder from "@axe-core/playwright";
import { DEADLY, HARMLESS, expect, test } from "./fixture.mjs";

/** No finding that keeps somebody out. */
async function check(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const said = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
  expect(said, where).toEqual([]);
}

test.describe("axe finds nothing serious", () => {
  test.use({ tuning: HARMLESS });

  test("on the title, in the dialogs, while playing and paused", async ({ player }) => {
    const { page } = player;
    await player.open();
    await check(page, "title");
    await page.keyboard.press("KeyO");
    await expect(page.locator("#settings-dialog")).toBeVisible();
    await check(page, "settings");
    await page.locator('#settings-dialog [type="submit"]').click();
    await page.keyboard.press("Space");
    await expect(page.locator("#nickname-dialog")).toBeVisible();
    await check(page, "nickname");
    await page.locator("#nickname-input").fill("Ada");
    await page.keyboard.press("Enter");
    await player.screen("playing");
    await check(page, "playing");
    await page.keyboard.press("KeyP");
    await player.screen("paused");
    await check(page, "paused");
  });

  test("on the scoreboard, empty and full", async ({ page, server }) => {
    await page.goto(`${server.url}/scoreboard.html`);
    await expect(page.locator("#empty")).toBeVisible();
    await check(page, "empty scoreboard");
    await server.ticket("Ada");
    await expect(page.locator("tbody tr")).toHaveCount(1);
    await check(page, "scoreboard");
  });

  test("at the manager's desk, signed out and in", async ({ page, server }) => {
    await page.goto(`${server.url}/manage.html`);
    await expect(page.locator("#sign-in")).toBeVisible();
    await check(page, "sign in");
    const manager = await server.manager();
    const session = await server.openSession(manager, { name: "Cup", kind: "single_trial", seats: 3 });
    await server.join(session, "Ada");
    await page.evaluate((tokens) => localStorage.setItem("alien-attack.account", JSON.stringify(tokens)), manager);
    await page.reload();
    await page.locator("#sessions button").click();
    await expect(page.locator("#players tbody tr")).toHaveCount(1);
    await check(page, "desk");
    await page.goto(`${server.url}/scoreboard.html?session=${session.session}`);
    await expect(page.locator("#session-qr")).toBeVisible();
    await check(page, "big screen");
  });

  test("beside the tuning panel, and where a game cannot be found", async ({ player }) => {
    const { page, server } = player;
    await page.goto(`${server.url}/?tune`);
    await player.screen("playing");
    await check(page, "tuning panel");
    await page.goto(`${server.url}/?watch=0`);
    await expect(page.locator("#trouble")).toBeVisible();
    await check(page, "trouble");
  });
});

test.describe("the browser", () => {
  test.use({ tuning: HARMLESS });

  test("is told plainly where it has no WebGL2", async ({ page, server }) => {
    await page.addInitScript(() => {
      const getContext = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind === "webgl2" ? null : getContext.call(this, kind, ...rest);
      };
    });
    await page.goto(server.url);
    await expect(page.locator("#trouble-text")).toContainText("This browser has no WebGL2");
  });

  test("keeps its own keys, except those that would scroll the page during the game", async ({ player }) => {
    const { page } = player;
    await page.addInitScript(() => {
      window.prevented = {};
      // After the game's own listener.
      addEventListener("load", () =>
        addEventListener("keydown", (event) =>
          setTimeout(() => (window.prevented[event.code] = event.defaultPrevented)),
        ),
      );
    });
    await player.open();
    const prevented = async (key) => {
      await page.keyboard.press(key);
      await player.nextFrame();
      return page.evaluate((code) => window.prevented[code], key.replace("Control+", ""));
    };
    expect(await prevented("ArrowDown")).toBe(false);
    await player.start("Ada");
    expect(await prevented("ArrowLeft")).toBe(true);
    expect(await prevented("ArrowUp")).toBe(true);
    expect(await prevented("F2")).toBe(false);
    expect(await prevented("Control+KeyA")).toBe(false);
  });

  test("makes no sound before the first gesture", async ({ player }) => {
    const { page } = player;
    await page.addInitScript(() => {
      window.audio = [];
      window.AudioContext = class extends AudioContext {
        constructor() {
          super();
          window.audio.push(this);
        }
      };
    });
    await player.open();
    await player.countdown();
    expect(await page.evaluate(() => window.audio.length)).toBe(0);
    await player.start("Ada");
    await expect.poll(() => page.evaluate(() => window.audio.map(({ state }) => state))).toEqual(["running"]);
  });
});

test.describe("game over", () => {
  test.use({ tuning: DEADLY });

  test("is reached from the title by the keyboard alone, and left for another game", async ({ player }) => {
    const { page } = player;
    await player.open();
    await page.keyboard.press("Space");
    await expect(page.locator("#nickname-input")).toBeFocused();
    await page.keyboard.type("Keys");
    await page.keyboard.press("Enter");
    await player.screen("playing");
    await player.countdown();
    await page.keyboard.down("Space");
    await page.keyboard.press("KeyP");
    await player.screen("paused");
    await page.keyboard.press("Enter");
    await player.screen("over", 60_000);
    await page.keyboard.up("Space");
    await expect(player.body).toHaveAttribute("data-verdict", "verified");
    await check(page, "game over");
    expect((await player.game()).nickname).toBe("Keys");
    // The page's own controls come by Tab, and are pressed by Enter.
    const focused = () => page.evaluate(() => document.activeElement.id);
    for (let i = 0; i < 10 && (await focused()) !== "watch"; i++) {
      await page.keyboard.press("Tab");
    }
    expect(await focused()).toBe("watch");
    await page.keyboard.press("Enter");
    await player.screen("watching");
    await check(page, "watching");
    for (let i = 0; i < 10 && (await focused()) !== "home"; i++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await player.screen("title");
    await page.keyboard.press("Enter");
    await player.screen("playing");
  });

  test.describe("on a phone", () => {
    test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

    test("is reached from the title by touch alone, and left for another game", async ({ player }) => {
      const { page } = player;
      await player.open();
      await page.locator("#playfield").tap();
      await page.locator('#nickname-form [type="submit"]').tap();
      await player.screen("playing");
      await player.countdown();
      await page.locator("#fire").tap();
      await player.screen("over", 60_000);
      await expect(player.body).toHaveAttribute("data-verdict", "verified");
      // The name was made up for whoever has no keyboard.
      expect((await player.game()).nickname).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+ \d+$/);
      const first = await player.body.getAttribute("data-game");
      // A finger that is still firing starts nothing, so it may take a second tap.
      await expect
        .poll(async () => {
          await page.locator("#playfield").tap();
          return player.body.getAttribute("data-screen");
        })
        .toBe("playing");
      await expect(player.body).not.toHaveAttribute("data-game", first);
    });
  });
});
