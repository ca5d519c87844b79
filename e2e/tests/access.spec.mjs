// Accessibility: axe on every screen, and whole games by keyboard only and by touch only.

import { recordAudioContexts } from "../browser.mjs";
import { DEADLY, HARMLESS, expect, expectAccessible, moveFocusTo, saveAccount, test } from "./fixture.mjs";

test.describe("axe finds no serious violation", () => {
  test.use({ tuning: HARMLESS });

  test("on the title screen, in the dialogs, while playing and while paused", async ({ player }) => {
    const { page } = player;
    await player.open();
    await expectAccessible(page, "title");
    await page.keyboard.press("KeyO");
    await expect(page.locator("#settings-dialog")).toBeVisible();
    await expectAccessible(page, "settings");
    await page.locator('#settings-dialog [type="submit"]').click();
    await page.keyboard.press("Space");
    await expect(page.locator("#nickname-dialog")).toBeVisible();
    await expectAccessible(page, "nickname");
    await page.locator("#nickname-input").fill("Ada");
    await page.keyboard.press("Enter");
    await player.waitForScreen("playing");
    await expectAccessible(page, "playing");
    await page.keyboard.press("KeyP");
    await player.waitForScreen("paused");
    await expectAccessible(page, "paused");
  });

  test("on the scoreboard, empty and with a standing", async ({ page, server }) => {
    await page.goto(`${server.url}/scoreboard.html`);
    await expect(page.locator("#empty")).toBeVisible();
    await expectAccessible(page, "empty scoreboard");
    await server.ticket("Ada");
    await expect(page.locator("tbody tr")).toHaveCount(1);
    await expectAccessible(page, "scoreboard");
  });

  test("on the manager's desk, signed out and signed in, and on the big screen", async ({ page, server }) => {
    await page.goto(`${server.url}/manage.html`);
    await expect(page.locator("#sign-in")).toBeVisible();
    await expectAccessible(page, "sign in");
    const manager = await server.manager();
    const session = await server.openSession(manager, { name: "Cup", kind: "single_trial", seats: 3 });
    await server.join(session, "Ada");
    await saveAccount(page, manager);
    await page.reload();
    await page.locator("#sessions button").click();
    await expect(page.locator("#players tbody tr")).toHaveCount(1);
    await expectAccessible(page, "desk");
    await page.goto(`${server.url}/scoreboard.html?session=${session.session}`);
    await expect(page.locator("#session-qr")).toBeVisible();
    await expectAccessible(page, "big screen");
  });

  test("on the tuning panel, and on the error of a game that does not exist", async ({ player }) => {
    const { page, server } = player;
    await page.goto(`${server.url}/?tune`);
    await player.waitForScreen("playing");
    await expectAccessible(page, "tuning panel");
    await page.goto(`${server.url}/?watch=0`);
    await expect(page.locator("#trouble")).toBeVisible();
    await expectAccessible(page, "error");
  });
});

test.describe("in the browser", () => {
  test.use({ tuning: HARMLESS });

  test("a message explains that WebGL2 is missing", async ({ page, server }) => {
    await page.addInitScript(() => {
      const prototype = /** @type {any} */ (HTMLCanvasElement.prototype);
      const getContext = prototype.getContext;
      prototype.getContext = function (kind, ...rest) {
        return kind === "webgl2" ? null : getContext.call(this, kind, ...rest);
      };
    });
    await page.goto(server.url);
    await expect(page.locator("#trouble-text")).toContainText("This browser has no WebGL2");
  });

  test("the game stops only keys that would scroll the page, and only during a game", async ({ player }) => {
    const { page } = player;
    await page.addInitScript(() => {
      window.prevented = {};
      // Registered on load, so that it runs after the game's own listener.
      addEventListener("load", () =>
        addEventListener("keydown", (event) =>
          setTimeout(() => (window.prevented[event.code] = event.defaultPrevented)),
        ),
      );
    });
    await player.open();
    const isPrevented = async (key) => {
      await page.keyboard.press(key);
      await player.waitForFrame();
      return page.evaluate((code) => window.prevented[code], key.replace("Control+", ""));
    };
    expect(await isPrevented("ArrowDown")).toBe(false);
    await player.start("Ada");
    expect(await isPrevented("ArrowLeft")).toBe(true);
    expect(await isPrevented("ArrowUp")).toBe(true);
    expect(await isPrevented("F2")).toBe(false);
    expect(await isPrevented("Control+KeyA")).toBe(false);
  });

  test("there is no sound before the first user gesture", async ({ player }) => {
    const { page } = player;
    await recordAudioContexts(page);
    await player.open();
    await player.waitForCountdown();
    expect(await page.evaluate(() => window.audio.length)).toBe(0);
    await player.start("Ada");
    await expect.poll(() => page.evaluate(() => window.audio.map(({ state }) => state))).toEqual(["running"]);
  });
});

test.describe("a whole game and the next one", () => {
  test.use({ tuning: DEADLY });

  test("are played by keyboard only", async ({ player }) => {
    const { page } = player;
    await player.open();
    await page.keyboard.press("Space");
    await expect(page.locator("#nickname-input")).toBeFocused();
    await page.keyboard.type("Keys");
    await page.keyboard.press("Enter");
    await player.waitForScreen("playing");
    await player.waitForCountdown();
    await page.keyboard.down("Space");
    await page.keyboard.press("KeyP");
    await player.waitForScreen("paused");
    await page.keyboard.press("Enter");
    await player.waitForScreen("over", 60_000);
    await page.keyboard.up("Space");
    await expect(player.body).toHaveAttribute("data-verdict", "verified");
    await expectAccessible(page, "game over");
    expect((await player.game()).nickname).toBe("Keys");
    const pressTab = () => page.keyboard.press("Tab");
    await moveFocusTo(page, "watch", pressTab);
    await page.keyboard.press("Enter");
    await player.waitForScreen("watching");
    await expectAccessible(page, "watching");
    await moveFocusTo(page, "home", pressTab);
    await page.keyboard.press("Enter");
    await player.waitForScreen("title");
    await page.keyboard.press("Enter");
    await player.waitForScreen("playing");
  });

  test.describe("on a phone", () => {
    test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

    test("are played by touch only", async ({ player }) => {
      const { page } = player;
      await player.open();
      await page.locator("#playfield").tap();
      await page.locator('#nickname-form [type="submit"]').tap();
      await player.waitForScreen("playing");
      await player.waitForCountdown();
      await page.locator("#fire").tap();
      await player.waitForVerdict();
      // The dialog suggests a nickname for players without a keyboard.
      expect((await player.game()).nickname).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+ \d+$/);
      const first = await player.gameId();
      // The first tap has no effect if it comes while the fire button still counts as held.
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
