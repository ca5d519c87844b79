// Control by a gamepad.

import { FIRE, HARMLESS, LEFT, RIGHT, expect, moveFocusTo, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

/** The indices of buttons in the standard layout. */
const [CONFIRM, CANCEL, SHOOT, MENU, UP, DOWN, PAD_LEFT, PAD_RIGHT] = [0, 1, 2, 9, 12, 13, 14, 15];

/** Replaces the browser's list of gamepads by one gamepad, `window.pad`, since a test cannot connect a real one. */
const connectGamepad = (page) =>
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
    navigator.getGamepads = () => [/** @type {any} */ (pad)];
  });

test("a gamepad controls the page and a game, and the game pauses when it disconnects", async ({ player }) => {
  const { page } = player;
  await connectGamepad(page);
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
    await player.waitForFrame();
    await press(index, false);
    await player.waitForFrame();
  };

  // From the page's header to a slider in a dialog, and back.
  await moveFocusTo(page, "settings", () => tap(DOWN));
  await tap(CONFIRM);
  await expect(page.locator("#settings-dialog")).toBeVisible();
  await moveFocusTo(page, "volume", () => tap(UP), 20);
  await tap(PAD_RIGHT);
  await expect(page.locator("#volume")).toHaveValue("6");
  await tap(CANCEL);
  await expect(page.locator("#settings-dialog")).toBeHidden();

  // The dialog suggests a nickname for players without a keyboard.
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await tap(CONFIRM);
  await expect(page.locator("#nickname-dialog")).toBeVisible();
  await tap(DOWN);
  await press(CONFIRM, true);
  await player.waitForScreen("playing");
  await press(CONFIRM, false);
  await player.waitForCountdown();
  await press(SHOOT, true);
  await player.waitForNumber("shots", 2);
  await press(SHOOT, false);
  await press(PAD_LEFT, true);
  await player.waitForTicks(60);
  await press(PAD_LEFT, false);
  await page.evaluate(() => (window.pad.axes = [0.9, 0, 0, 0]));
  await player.waitForTicks(60);
  await page.evaluate(() => (window.pad.axes = [0, 0, 0, 0]));

  await press(MENU, true);
  await player.waitForScreen("paused");
  await press(MENU, false);
  await player.waitForFrame();
  await press(MENU, true);
  await player.waitForScreen("playing");
  await page.evaluate(() => (navigator.getGamepads = () => []));
  await player.waitForScreen("paused");

  await player.waitForServer(await player.number("tick"));
  const held = (await player.serverRuns()).map(({ buttons }) => buttons);
  const [fired, left, right] = [FIRE, LEFT, RIGHT].map((button) => held.indexOf(button));
  expect(fired).toBeGreaterThanOrEqual(0);
  expect(left).toBeGreaterThan(fired);
  expect(right).toBeGreaterThan(left);
});
