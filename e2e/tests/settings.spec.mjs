// Each setting takes effect and is remembered across a reload.

import { HARMLESS, LEFT, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

test("mute, volume, motion, keys and the nickname are remembered", async ({ player }) => {
  const { page } = player;
  await player.open();
  await expect(page.locator("#mute")).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("KeyM");
  await expect(page.locator("#mute")).toHaveAttribute("aria-pressed", "true");

  await page.keyboard.press("KeyO");
  await expect(page.locator("#settings-dialog")).toBeVisible();
  await page.locator("#volume").fill("8");
  await expect(page.locator("#less-motion")).not.toBeChecked();
  await page.locator("#less-motion").check();
  await page.locator("#bind-left").click();
  await page.keyboard.press("KeyJ");
  await page.locator("#bind-fire").click();
  await page.keyboard.press("ControlLeft");
  await expect(page.locator("#bind-fire kbd")).toHaveText("Space");
  await page.locator('#settings-dialog [type="submit"]').click();

  await page.keyboard.press("KeyN");
  await page.locator("#nickname-input").fill("Ada");
  await page.keyboard.press("Enter");
  await player.waitForFrame();

  await page.reload();
  await player.waitForScreen("title");
  await expect(page.locator("#mute")).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("KeyO");
  await expect(page.locator("#volume")).toHaveValue("8");
  await expect(page.locator("#less-motion")).toBeChecked();
  await expect(page.locator("#bind-left kbd")).toHaveText("J");
  await page.locator('#settings-dialog [type="submit"]').click();
  await player.start();
  expect((await player.game()).nickname).toBe("Ada");
});

test("a new key replaces the previous one, and the keys can be reset to defaults", async ({ player }) => {
  const { page } = player;
  await player.open();
  await page.locator("#settings").click();
  await page.locator("#bind-left").click();
  await expect(page.locator("#bind-left kbd")).toHaveText("press a key");
  await page.keyboard.press("KeyJ");
  await page.locator("#bind-pause").click();
  await page.keyboard.press("Escape");
  await expect(
    page.locator("#settings-dialog"),
    "Escape cancels the selection and keeps the dialog open",
  ).toBeVisible();
  await expect(page.locator("#bind-pause kbd")).toHaveText("P");
  // A key has one action: the previous action loses it.
  await page.locator("#bind-right").click();
  await page.keyboard.press("KeyM");
  await expect(page.locator("#bind-mute kbd")).toHaveText("none");
  await page.locator('#settings-dialog [type="submit"]').click();

  await player.start("Jo");
  await player.waitForCountdown();
  /** Holds a key for a second and counts how often the game's log contains the left button by then. */
  const countLeftRuns = async (code) => {
    await page.keyboard.down(code);
    await player.waitForTicks(60);
    await page.keyboard.up(code);
    await player.waitForServer(await player.number("tick"));
    return (await player.serverRuns()).filter(({ buttons }) => buttons === LEFT).length;
  };
  expect(await countLeftRuns("ArrowLeft")).toBe(0);
  expect(await countLeftRuns("KeyJ")).toBe(1);

  await page.locator("#settings").click();
  await player.waitForScreen("paused");
  await page.locator("#reset-keys").click();
  await expect(page.locator("#bind-left kbd")).toHaveText("←");
  await expect(page.locator("#bind-mute kbd")).toHaveText("M");
});

test.describe("if the system prefers reduced motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("motion is reduced until the player changes the setting", async ({ player }) => {
    const { page } = player;
    await player.open();
    await page.locator("#settings").click();
    await expect(page.locator("#less-motion")).toBeChecked();
    await page.locator("#less-motion").uncheck();
    await page.locator('#settings-dialog [type="submit"]').click();
    await player.waitForFrame();
    await page.reload();
    await player.waitForScreen("title");
    await page.locator("#settings").click();
    await expect(page.locator("#less-motion")).not.toBeChecked();
  });
});
