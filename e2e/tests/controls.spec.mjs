// Controls and settings beyond the keyboard and touch.

import { HARMLESS, expect, runs, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

/** Bits of the button log. */
const [LEFT, RIGHT, FIRE] = [1, 2, 4];

// No gamepad can be plugged in here: this stands for the browser's list of them, in its standard layout.
const plugIn = (page) =>
  page.addInitScript(() => {
    const button = () => ({ pressed: false, touched: false, value: 0 });
    const pad = {
      connected: true,
      mapping: "standard",
      axes: [0, 0, 0, 0],
      buttons: Array.from({ length: 17 }, button),
    };
    Object.setPrototypeOf(pad, Gamepad.prototype);
    pad.buttons.forEach((button) => Object.setPrototypeOf(button, GamepadButton.prototype));
    for (const name of ["connected", "axes", "buttons"]) {
      Object.defineProperty(pad, name, { value: pad[name], writable: true });
    }
    window.pad = pad;
    navigator.getGamepads = () => [window.pad];
  });

test("a gamepad leads from the title through a game, and pauses it when it is lost", async ({ player, server }) => {
  const { page } = player;
  await plugIn(page);
  await player.open();
  const press = (index, pressed) =>
    page.evaluate(
      ([index, pressed]) => {
        Object.defineProperty(window.pad.buttons[index], "pressed", { value: pressed, configurable: true });
      },
      [index, pressed],
    );
  const tap = async (index) => {
    await press(index, true);
    await player.nextFrame();
    await press(index, false);
    await player.nextFrame();
  };
  const focused = () => page.evaluate(() => document.activeElement.id);

  // The page's bar, a dialog, a slider in it, and back.
  for (let i = 0; i < 10 && (await focused()) !== "settings"; i++) {
    await tap(13);
  }
  expect(await focused()).toBe("settings");
  await tap(0);
  await expect(page.locator("#settings-dialog")).toBeVisible();
  for (let i = 0; i < 20 && (await focused()) !== "volume"; i++) {
    await tap(12);
  }
  await tap(15);
  await expect(page.locator("#volume")).toHaveValue("6");
  await tap(1);
  await expect(page.locator("#settings-dialog")).toBeHidden();

  // A name is made up for whoever has no keyboard.
  await page.evaluate(() => document.activeElement.blur());
  await tap(0);
  await expect(page.locator("#nickname-dialog")).toBeVisible();
  await tap(13);
  await press(0, true);
  await player.screen("playing");
  await press(0, false);
  await player.countdown();
  await press(2, true);
  await player.reaches("shots", 2);
  await press(2, false);
  await press(14, true);
  await player.reaches("tick", (await player.number("tick")) + 60);
  await press(14, false);
  await page.evaluate(() => (window.pad.axes = [0.9, 0, 0, 0]));
  await player.reaches("tick", (await player.number("tick")) + 60);
  await page.evaluate(() => (window.pad.axes = [0, 0, 0, 0]));

  await press(9, true);
  await player.screen("paused");
  await press(9, false);
  await player.nextFrame();
  await press(9, true);
  await player.screen("playing");
  await page.evaluate(() => (navigator.getGamepads = () => []));
  await player.screen("paused");

  const played = await player.number("tick");
  await expect.poll(async () => (await player.game()).tick).toBeGreaterThanOrEqual(played);
  const { log } = await server.get(`/v1/games/${await player.body.getAttribute("data-game")}/replay`);
  const held = runs(log).map(({ buttons }) => buttons);
  const [fired, left, right] = [FIRE, LEFT, RIGHT].map((button) => held.indexOf(button));
  expect(fired).toBeGreaterThanOrEqual(0);
  expect(left).toBeGreaterThan(fired);
  expect(right).toBeGreaterThan(left);
});
