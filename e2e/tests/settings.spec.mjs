// Settings: each does what it says, and is kept across a reload.

import { HARMLESS, expect, runs, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

const LEFT = 1;

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
  await player.nextFrame();

  await page.reload();
  await player.screen("title");
  await expect(page.locator("#mute")).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("KeyO");
  await expect(page.locator("#volume")).toHaveValue("8");
  await expect(page.locator("#less-motion")).toBeChecked();
  await expect(page.locator("#bind-left kbd")).toHaveText("J");
  await page.locator('#settings-dialog [type="submit"]').click();
  await player.start();
  expect((await player.game()).nickname).toBe("Ada");
});

test("a key that was changed steers, its old one does not, and all can be put back", async ({ player, server }) => {
  const { page } = player;
  await player.open();
  await page.locator("#settings").click();
  await page.locator("#bind-left").click();
  await expect(page.locator("#bind-left kbd")).toHaveText("press a key");
  await page.keyboard.press("KeyJ");
  await page.locator("#bind-pause").click();
  await page.keyboard.press("Escape");
  await expect(page.locator("#settings-dialog"), "Escape gives up the choice, not the dialog").toBeVisible();
  await expect(page.locator("#bind-pause kbd")).toHaveText("P");
  // A key does one thing: what it did before is left without.
  await page.locator("#bind-right").click();
  await page.keyboard.press("KeyM");
  await expect(page.locator("#bind-mute kbd")).toHaveText("none");
  await page.locator('#settings-dialog [type="submit"]').click();

  await player.start("Jo");
  await player.countdown();
  const held = async (code) => {
    const from = await player.number("tick");
    await page.keyboard.down(code);
    await player.reaches("tick", from + 60);
    await page.keyboard.up(code);
    const upTo = await player.number("tick");
    await expect.poll(async () => (await player.game()).tick).toBeGreaterThanOrEqual(upTo);
    const { log } = await server.get(`/v1/games/${await player.body.getAttribute("data-game")}/replay`);
    return runs(log).filter(({ buttons }) => buttons === LEFT).length;
  };
  expect(await held("ArrowLeft")).toBe(0);
  expect(await held("KeyJ")).toBe(1);

  await page.locator("#settings").click();
  await player.screen("paused");
  await page.locator("#reset-keys").click();
  await expect(page.locator("#bind-left kbd")).toHaveText("←");
  await expect(page.locator("#bind-mute kbd")).toHaveText("M");
});

test.describe("where the system asks for less motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("there is less, until the player says otherwise", async ({ player }) => {
    const { page } = player;
    await player.open();
    await page.locator("#settings").click();
    await expect(page.locator("#less-motion")).toBeChecked();
    await page.locator("#less-motion").uncheck();
    await page.locator('#settings-dialog [type="submit"]').click();
    await player.nextFrame();
    await page.reload();
    await player.screen("title");
    await page.locator("#settings").click();
    await expect(page.locator("#less-motion")).not.toBeChecked();
  });
});
