// The designer's work: a saved tuning is played, ranked and verified; the tuning panel previews changes.

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { BACKEND } from "../server.mjs";
import { DEADLY, HARMLESS, Player, expect, test } from "./fixture.mjs";

test.describe("a saved tuning file", () => {
  test.use({ tuning: HARMLESS });

  test("applies to the next game, which is verified and named on the scoreboard", async ({
    player,
    server,
    browser,
  }) => {
    await player.open();
    await player.start("Ada");
    await expect(player.body).toHaveAttribute("data-tuning", "harmless");
    await server.saveTuning(DEADLY);
    // The server reads the file within a second. Open pages get the tuning with their next ticket.
    await expect.poll(async () => (await server.get("/v1/tuning")).name, { timeout: 1000 }).toBe("deadly");
    // A second player, whose best game is the only one.
    const bo = new Player(await (await browser.newContext()).newPage(), server);
    await bo.open();
    await bo.start("Bo");
    await expect(bo.body).toHaveAttribute("data-tuning", "deadly");
    await bo.waitForVerdict();
    const { game, tuning_hash } = await bo.game();
    expect(tuning_hash).toMatch(/^[0-9a-f]{16}$/);

    const board = await bo.page.context().newPage();
    await board.goto(`${server.url}/scoreboard.html`);
    const row = board.locator(`#standings [data-game="${game}"]`);
    await expect(row.locator('[data-field="tuning-name"]')).toHaveText("deadly");
    await expect(row.locator('[data-field="tuning-hash"]')).toHaveText(tuning_hash);
    await expect(row.locator('[data-field="state"]')).toHaveText("Verified");
    await bo.page.context().close();
  });

  test("with an error leaves the previous tuning in effect until it is corrected", async ({ server }) => {
    await server.saveTuning('name = "bad"\nship_speed = 9000\n');
    await server.saveTuning(HARMLESS.replace("harmless", "corrected"));
    await expect.poll(async () => (await server.get("/v1/tuning")).name).toBe("corrected");
  });
});

test("the tuning panel changes the running game, and the server accepts its TOML", async ({ player }, testInfo) => {
  const { page, server } = player;
  await page.goto(`${server.url}/?tune`);
  // The bot starts by itself, and nothing is recorded.
  await player.waitForScreen("playing");
  await expect(player.body).toHaveAttribute("data-link", "unrecorded");
  await player.waitForCountdown();
  await player.waitForNumber("shots", 1);
  const field = (name) => page.getByRole("slider", { name, exact: true });
  const tick = await player.number("tick");
  await field("ship_speed").fill("300");
  const enter = async (label, value) => {
    await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByLabel(label, { exact: true }).press("Tab");
  };
  await enter("name", "mine");
  await expect(player.body).toHaveAttribute("data-tuning", "mine");
  expect(await player.number("tick"), "the game continues").toBeGreaterThanOrEqual(tick);

  // Another shape of the formation restarts the game.
  await enter("invader_files as a number", "3");
  await expect(player.body).toHaveAttribute("data-phase", "countdown");

  await enter("bomb_min_velocity as a number", "500");
  await expect(page.locator("#tune-problem")).toContainText("must not exceed bomb_max_velocity");
  await enter("bomb_min_velocity as a number", "80");
  await expect(page.locator("#tune-problem")).toHaveText("");

  const file = testInfo.outputPath("mine.toml");
  await writeFile(file, await page.locator("#tune-toml").inputValue());
  const output = execFileSync(BACKEND, ["check", file], { encoding: "utf8" });
  expect(output).toMatch(/^mine, hash [0-9a-f]{16}/);
  expect(output).toMatch(/^ship_speed +300 /m);
  expect(output).toMatch(/^invader_files +3 /m);
});
